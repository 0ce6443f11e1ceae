using System.Collections.Frozen;

namespace Redbark.Sync.Contracts;

/// <summary>ISO 4217 currencies and how many decimal places their minor unit has.</summary>
public static class Currencies
{
    private static readonly FrozenDictionary<string, int> Exponents = Build();

    /// <summary>Finds the minor-unit exponent of a currency.</summary>
    /// <param name="code">ISO 4217 alphabetic code, upper case (<c>AUD</c>).</param>
    /// <param name="exponent">0 to 4: the decimal places of one minor unit (AUD 2, JPY 0, KWD 3, CLF 4).</param>
    /// <returns>False when the code is not a currency with a minor unit.</returns>
    public static bool TryGetExponent(string code, out int exponent) => Exponents.TryGetValue(code, out exponent);

    private static FrozenDictionary<string, int> Build()
    {
        var exponents = new Dictionary<string, int>(StringComparer.Ordinal);
        Add(0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF");
        Add(2, """
            AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU
            CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES
            KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB
            PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD
            TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL
            """);
        Add(3, "BHD IQD JOD KWD LYD OMR TND");
        Add(4, "CLF UYW");
        return exponents.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(int exponent, string codes)
        {
            foreach (var code in codes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                exponents.Add(code, exponent);
        }
    }
}
