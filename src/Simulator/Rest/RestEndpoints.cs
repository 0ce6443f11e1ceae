using Redbark.Sync.Simulator.Bank;
using Redbark.Sync.Simulator.Rest.V1;
using Redbark.Sync.Simulator.Rest.V2;

namespace Redbark.Sync.Simulator.Rest;

/// <summary>REST v1 (spec 5) and the reads of v2 (spec 6) over one bank.</summary>
public static class RestEndpoints
{
    /// <summary>Maps <c>/health</c>, <c>/v1/…</c> and <c>/v2/…</c>.</summary>
    /// <param name="routes">The application.</param>
    /// <param name="bank">The truth that is served.</param>
    /// <param name="options">The key and the limits.</param>
    /// <param name="faults">Switches, which may change while it serves.</param>
    public static IEndpointRouteBuilder MapRedbarkRest(this IEndpointRouteBuilder routes, SimulatedBank bank, RestOptions options, RestFaults faults)
    {
        var service = new RestService(bank, options, faults);
        V1Endpoints.Map(routes, service);
        V2Endpoints.Map(routes, service);
        return routes;
    }
}
