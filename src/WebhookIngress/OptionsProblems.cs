using Microsoft.Extensions.Options;

namespace Redbark.Sync.Ingress;

/// <summary>Refuses options with everything that is wrong with them.</summary>
internal sealed class OptionsProblems<T>(Func<T, IEnumerable<string>> problems) : IValidateOptions<T> where T : class
{
    public ValidateOptionsResult Validate(string? name, T options) =>
        problems(options).ToList() is { Count: > 0 } found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
}
