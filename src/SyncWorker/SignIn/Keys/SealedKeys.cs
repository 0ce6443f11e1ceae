using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Redbark.Sync.Worker.SignIn.Keys;

/// <summary>Writes keys sealed.</summary>
internal sealed class KeyEncryptor(KeySeal seal) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(
        new XElement("sealed", Convert.ToBase64String(seal.Seal(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting))))),
        typeof(KeyDecryptor));
}

/// <summary>Reads them. Data protection makes it by its name, with the container.</summary>
internal sealed class KeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(Encoding.UTF8.GetString(services.GetRequiredService<KeySeal>().Open(Convert.FromBase64String(encryptedElement.Value))));
}
