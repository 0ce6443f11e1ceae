using Microsoft.Extensions.Options;
using Redbark.Sync.Worker.Scheduling;

namespace Redbark.Sync.Worker.Tests.Scheduling;

public sealed class ScheduleOptionsTests
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=nobody;Database=nothing;Timeout=1";

    [Theory]
    [InlineData("Schedule:test-job", "60 * * * *", "Schedule:test-job: minute: expected values from 0 to 59", "'60'")]
    [InlineData("Schedule:test-job", "hourly", "Schedule:test-job: expected five fields", "'hourly'")]
    [InlineData("Schedule:test-job", "", "Schedule:test-job: expected five fields", "found 0")]
    [InlineData("Schedule:no-such-job", "* * * * *", "Schedule:no-such-job: expected the id of a job", "test-job")]
    [InlineData("Schedule:Enabled", "perhaps", "Schedule:Enabled: expected true or false", "'perhaps'")]
    public async Task A_setting_that_cannot_be_used_stops_the_start_and_names_its_key(string key, string value, string expected, string found)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => JobWorker.StartAsync(Nowhere, new TestJob(), scheduled: true, settings: new() { [key] = value }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
    }
}
