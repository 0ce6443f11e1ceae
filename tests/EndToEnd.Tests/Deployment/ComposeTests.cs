using System.Text.Json;
using System.Text.RegularExpressions;

namespace Redbark.Sync.EndToEnd.Tests.Deployment;

/// <summary><c>docker-compose.yml</c>, read where no container engine is.</summary>
public sealed partial class ComposeTests
{
    private static readonly string[] Ours = ["ingress", "worker", "simulator"];

    // A collector without a shell and a Tempo that has no program to ask it with; nobody waits for them.
    private static readonly string[] Unasked = ["otel-collector", "tempo"];

    private static readonly JsonElement Compose = DeployFile.Yaml("docker-compose.yml").Single();

    private static readonly List<JsonProperty> Services = [.. Compose.Fields("services")];

    [Fact]
    public void Every_part_is_there_and_what_is_extra_is_in_a_profile()
    {
        Assert.Equal(["ingress", "worker", "postgres", "rabbitmq"], Services.Where(service => !service.Value.Each("profiles").Any()).Select(service => service.Name));
        Assert.Equal(["simulator", "telemetry", "tls"], Services.SelectMany(service => service.Value.Each("profiles")).Select(profile => profile.GetString()).Distinct().Order());
    }

    [Fact]
    public void Every_image_is_pinned()
    {
        Assert.All(Services, service => Assert.Matches(@"^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$", service.Value.Text("image")));
    }

    [Fact]
    public void Every_service_starts_again_by_itself_and_says_whether_it_is_well()
    {
        Assert.All(Services, service => Assert.Equal("unless-stopped", service.Value.Text("restart")));
        Assert.Equal(Unasked, Services.Where(service => !service.Value.Each("healthcheck", "test").Any()).Select(service => service.Name));
    }

    [Fact]
    public void Our_containers_cannot_write_to_their_root_and_have_no_rights()
    {
        var all = Services.Where(service => Ours.Contains(service.Name)).ToList();
        Assert.Equal(Ours.Length, all.Count);
        Assert.All(all, service =>
        {
            Assert.Equal("true", service.Value.Text("read_only"));
            Assert.Equal(["ALL"], service.Value.Each("cap_drop").Select(right => right.GetString()));
            Assert.Contains("/tmp", service.Value.Each("tmpfs").Select(path => path.GetString()));
        });
        Assert.All(Services, service => Assert.Contains("no-new-privileges:true", service.Value.Each("security_opt").Select(option => option.GetString())));
    }

    [Fact]
    public void Every_secret_comes_from_the_environment_and_none_has_a_default()
    {
        var secrets = Services.SelectMany(service => service.Value.Fields("environment"))
            .Where(variable => Regex.IsMatch(variable.Name, "secret|password(?!hash)|_pass(?!wordhash)|token|ConnectionStrings", RegexOptions.IgnoreCase)).ToList();
        Assert.True(secrets.Count >= 9);
        Assert.All(secrets, secret => Assert.Matches(@"\$\{[A-Z_]+:\?[^}]+\}", secret.Value.GetString()));
        Assert.DoesNotContain(":-", string.Concat(secrets.Select(secret => secret.Value.GetString())), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_signs_in_with_a_password_until_somebody_sets_one() =>
        Assert.Equal("${CONSOLE_PASSWORD_HASH:-}", Services.Single(service => service.Name == "worker").Value.Fields("environment").Single(variable => variable.Name == "Console__PasswordHash").Value.GetString());

    [Fact]
    public void The_generator_knows_every_variable()
    {
        var script = DeployFile.Read("redbark");
        var used = Variable().Matches(DeployFile.Read("docker-compose.yml")).Select(match => match.Groups["name"].Value).Distinct().ToList();
        Assert.NotEmpty(used);
        // The base URL is Redbark's own unless the simulator takes its place.
        Assert.All(used.Except(["REDBARK_BASE_URL"]), name => Assert.Contains($"\n{name}=", script, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_setting_of_ours_is_described()
    {
        var variables = Services.Where(service => Ours.Except(["simulator"]).Contains(service.Name)).SelectMany(service => service.Value.Fields("environment")).ToList();
        Assert.NotEmpty(variables);
        Assert.All(variables, variable => Assert.True(DeployFile.IsSetting(variable.Name), $"{variable.Name} is described nowhere."));
    }

    [Theory]
    [InlineData("ingress")]
    [InlineData("worker")]
    public void Any_other_setting_may_stand_in_a_file_that_nobody_publishes(string service)
    {
        var file = Compose.Each("services", service, "env_file").Single();
        Assert.Equal(($"{service}.env", "false"), (file.Text("path"), file.Text("required")));
        Assert.All((string[])[".gitignore", ".dockerignore"], ignored => Assert.Contains($"{service}.env", DeployFile.Read(ignored).Split('\n')));
        Assert.Contains($"`{service}.env`", DeployFile.Read("docs/operations.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_volume_and_every_mounted_file_is_there()
    {
        var mounts = Services.SelectMany(service => service.Value.Each("volumes")).Select(mount => mount.GetString()!.Split(':')[0]).ToList();
        Assert.All(mounts.Where(mount => mount.StartsWith("./", StringComparison.Ordinal)), path => Assert.True(Path.Exists(DeployFile.PathOf(path)), path));
        Assert.Equal(
            Compose.Fields("volumes").Select(volume => volume.Name).Order(),
            mounts.Where(mount => !mount.StartsWith("./", StringComparison.Ordinal)).Distinct().Order());
    }

    [Fact]
    public void Only_the_proxy_listens_beyond_this_machine()
    {
        var published = Services.ToDictionary(service => service.Name, service => service.Value.Each("ports").Select(port => port.GetString()!).ToList());
        Assert.All(published.Where(service => service.Key != "caddy").SelectMany(service => service.Value), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        Assert.Equal(["80:80", "443:443", "443:443/udp"], published["caddy"]);
        Assert.Empty(published["postgres"].Concat(published["rabbitmq"]));
        Assert.Equal("true", Compose.Text("networks", "data", "internal"));
    }

    [Fact]
    public void A_stop_has_the_time_that_the_hosts_take()
    {
        // The hosts' own limit is 30 s.
        Assert.All(Ours.Except(["simulator"]), name =>
            Assert.True(int.Parse(Compose.Text("services", name, "stop_grace_period")!.TrimEnd('s')) > 30, name));
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Z_]+)")]
    private static partial Regex Variable();
}
