using System.Text.Json;
using Redbark.Sync.Ingress.Journal;
using Redbark.Sync.Ingress.Webhooks;

namespace Redbark.Sync.EndToEnd.Tests.Deployment;

/// <summary>The manifests, read where no cluster is.</summary>
public sealed class KubernetesTests
{
    private const string Base = "deploy/kubernetes/base";
    private const string Overlay = "deploy/kubernetes/overlays/example";

    private static readonly List<JsonElement> All = [.. Files(Base).SelectMany(file => DeployFile.Yaml($"{Base}/{file}"))];

    private static readonly List<JsonElement> Workloads = [.. All.Where(item => item.Text("kind") is "StatefulSet" or "Deployment")];

    [Theory]
    [InlineData(Base)]
    [InlineData(Overlay)]
    public void A_kustomization_lists_every_file_beside_it(string directory)
    {
        var kustomization = DeployFile.Yaml($"{directory}/kustomization.yaml").Single();
        var listed = kustomization.Each("resources").Select(file => file.GetString()!).Where(file => !file.StartsWith("..", StringComparison.Ordinal))
            .Concat(kustomization.Each("patches").Select(patch => patch.Text("path")!));
        Assert.Equal(Files(directory), listed.Order());
    }

    [Fact]
    public void The_ingress_keeps_a_journal_of_its_own_and_the_worker_is_scaled_by_its_queues()
    {
        var ingress = Workload("ingress");
        Assert.Equal("StatefulSet", ingress.Text("kind"));
        var journal = Variable(ingress, "Journal__Directory").Text("value")!;
        var mount = Container(ingress).Each("volumeMounts").Single(mount => journal.StartsWith(mount.Text("mountPath")! + "/", StringComparison.Ordinal));
        Assert.Contains(mount.Text("name"), ingress.Each("spec", "volumeClaimTemplates").Select(claim => claim.Text("metadata", "name")));
        Assert.Equal("Retain", ingress.Text("spec", "persistentVolumeClaimRetentionPolicy", "whenScaled"));
        var claimed = ingress.Each("spec", "volumeClaimTemplates").Single().Text("spec", "resources", "requests", "storage")!;
        // A full journal leaves more free than what is warned of.
        Assert.True(long.Parse(claimed[..^"Gi".Length]) << 30 > new JournalOptions().MaxBytes + JournalConditions.LittleDisk, claimed);

        var worker = Workload("worker");
        Assert.Equal("Deployment", worker.Text("kind"));
        Assert.Equal(default, worker.At("spec", "replicas"));
        var scaled = Single("ScaledObject", "worker");
        Assert.Equal("worker", scaled.Text("spec", "scaleTargetRef", "name"));
        var queues = Directory.EnumerateFiles(DeployFile.PathOf("src/SyncWorker/Consumers"), "*.cs").Select(File.ReadAllText).ToList();
        Assert.All(scaled.Each("spec", "triggers"), trigger =>
        {
            var queue = trigger.Text("metadata", "queueName")!;
            Assert.StartsWith("redbark-worker-", queue, StringComparison.Ordinal);
            Assert.Contains(queues, code => code.Contains($"(\"{queue["redbark-worker-".Length..]}\")", StringComparison.Ordinal));
            Assert.NotEqual(default, Single("TriggerAuthentication", trigger.Text("authenticationRef", "name")!));
        });
    }

    [Fact]
    public void Probes_ask_for_health_where_it_is()
    {
        Assert.All(Workloads, workload =>
        {
            var container = Container(workload);
            Assert.Equal("/health/live", container.Text("livenessProbe", "httpGet", "path"));
            Assert.Equal("/health/live", container.Text("startupProbe", "httpGet", "path"));
            Assert.Equal("/health/ready", container.Text("readinessProbe", "httpGet", "path"));
            Assert.All((string[])["livenessProbe", "startupProbe", "readinessProbe"], probe =>
                Assert.Contains(container.Text(probe, "httpGet", "port"), container.Each("ports").Select(port => port.Text("name"))));
        });
        var code = DeployFile.Read("src/Hosting/Health.cs");
        Assert.Contains("\"/health/live\"", code, StringComparison.Ordinal);
        Assert.Contains("\"/health/ready\"", code, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_is_longer_than_what_it_waits_for()
    {
        Assert.All(Workloads, workload =>
        {
            var pause = int.Parse(Container(workload).Text("lifecycle", "preStop", "sleep", "seconds")!);
            // The hosts' own limit is 30 s.
            Assert.True(int.Parse(workload.Text("spec", "template", "spec", "terminationGracePeriodSeconds")!) > pause + 30);
        });
    }

    [Fact]
    public void Nothing_runs_as_root_or_writes_to_its_root()
    {
        Assert.Equal(2, Workloads.Count);
        Assert.All(Workloads, workload =>
        {
            var pod = workload.At("spec", "template", "spec");
            var container = Container(workload);
            Assert.Equal("true", pod.Text("securityContext", "runAsNonRoot"));
            Assert.Equal("RuntimeDefault", pod.Text("securityContext", "seccompProfile", "type"));
            Assert.Equal("false", pod.Text("automountServiceAccountToken"));
            Assert.Equal("true", container.Text("securityContext", "readOnlyRootFilesystem"));
            Assert.Equal("false", container.Text("securityContext", "allowPrivilegeEscalation"));
            Assert.Equal(["ALL"], container.Each("securityContext", "capabilities", "drop").Select(right => right.GetString()));
            Assert.Contains("/tmp", container.Each("volumeMounts").Select(mount => mount.Text("mountPath")));
            Assert.NotNull(container.Text("resources", "requests", "cpu"));
            Assert.NotNull(container.Text("resources", "limits", "memory"));
            Assert.Matches(@"^redbark-sync/\w+:\d+\.\d+\.\d+$", container.Text("image"));
            Assert.NotEqual(default, Single("ServiceAccount", pod.Text("serviceAccountName")!));

            var volumes = pod.Each("volumes").Concat(workload.Each("spec", "volumeClaimTemplates").Select(claim => claim.At("metadata"))).Select(volume => volume.Text("name"));
            Assert.All(container.Each("volumeMounts"), mount => Assert.Contains(mount.Text("name"), volumes));
        });
    }

    [Fact]
    public void Secrets_are_referred_to_and_settings_are_described()
    {
        var variables = Workloads.SelectMany(workload => Container(workload).Each("env")).ToList();
        Assert.All(variables, variable => Assert.True(DeployFile.IsSetting(variable.Text("name")!), $"{variable.Text("name")} is described nowhere."));
        Assert.All(
            variables.Where(variable => variable.Text("name") is { } name && (name.StartsWith("ConnectionStrings", StringComparison.Ordinal) || name.Contains("Token", StringComparison.Ordinal) || name.Contains("ApiKey", StringComparison.Ordinal) || name.Contains("Password", StringComparison.Ordinal))),
            variable => Assert.NotNull(variable.Text("valueFrom", "secretKeyRef", "name")));
        Assert.DoesNotContain("Secret", All.Select(item => item.Text("kind")));

        // The files of a feed's secrets lie in a mounted secret.
        var ingress = Workload("ingress");
        var mounted = ingress.Each("spec", "template", "spec", "volumes").Where(volume => volume.Text("secret", "secretName") is not null).Select(volume => volume.Text("name")).ToList();
        var paths = Container(ingress).Each("volumeMounts").Where(mount => mounted.Contains(mount.Text("name"))).Select(mount => mount.Text("mountPath") + "/").ToList();
        Assert.All(
            Container(ingress).Each("env").Where(variable => variable.Text("name")!.Contains("SecretFiles", StringComparison.Ordinal)),
            variable => Assert.Contains(paths, path => variable.Text("value")!.StartsWith(path, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_console_has_its_password_from_a_secret_and_believes_the_front_door_alone()
    {
        var password = Variable(Workload("worker"), "Console__PasswordHash");
        Assert.Equal("true", password.Text("valueFrom", "secretKeyRef", "optional"));
        Assert.Contains($"secret generic {password.Text("valueFrom", "secretKeyRef", "name")} --from-literal={password.Text("valueFrom", "secretKeyRef", "key")}=", DeployFile.Read("docs/operations.md"), StringComparison.Ordinal);

        var worker = DeployFile.Yaml($"{Overlay}/worker.yaml").Single();
        var proxy = Variable(worker, "Proxies__Known__0");
        Assert.True(DeployFile.IsSetting(proxy.Text("name")!));
        var network = System.Net.IPNetwork.Parse(proxy.Text("value")!);
        Assert.InRange(network.PrefixLength, 8, 32);
        // The base does not guess the addresses of a cluster.
        Assert.DoesNotContain(Workloads.SelectMany(workload => Container(workload).Each("env")), variable => variable.Text("name")!.StartsWith("Proxies__", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_selector_finds_its_pods()
    {
        foreach (var workload in Workloads)
        {
            var (name, labels) = (workload.Text("metadata", "name"), workload.At("spec", "template", "metadata", "labels"));
            Assert.Equal(labels.ToString(), workload.At("spec", "selector", "matchLabels").ToString());
            Assert.Contains(All, item => item.Text("kind") == "Service" && item.At("spec", "selector").ToString() == labels.ToString());
            var budget = Single("PodDisruptionBudget", name!);
            Assert.Equal(labels.ToString(), budget.At("spec", "selector", "matchLabels").ToString());
            Assert.True(int.Parse(budget.Text("spec", "minAvailable")!) < Replicas(workload), "A drain could never end.");
            Assert.All(workload.Each("spec", "template", "spec", "topologySpreadConstraints"), spread =>
                Assert.Equal(labels.ToString(), spread.At("labelSelector", "matchLabels").ToString()));
            Assert.Equal(labels.ToString(), Single("NetworkPolicy", name!).At("spec", "podSelector", "matchLabels").ToString());
        }

        Assert.Equal("ingress-pods", Workload("ingress").Text("spec", "serviceName"));
        Assert.Equal("None", Single("Service", "ingress-pods").Text("spec", "clusterIP"));
    }

    [Fact]
    public void The_network_is_closed_but_for_what_each_needs()
    {
        var closed = Single("NetworkPolicy", "deny-all");
        Assert.Empty(closed.Fields("spec", "podSelector"));
        Assert.Equal(["Ingress", "Egress"], closed.Each("spec", "policyTypes").Select(type => type.GetString()));
        Assert.Equal(["53", "53"], Ports("names", "egress"));
        Assert.Equal(["8080"], Ports("ingress", "ingress"));
        Assert.Equal(["8080"], Ports("worker", "ingress"));
        // RabbitMQ and OTLP; PostgreSQL, HTTPS and mail for the worker only.
        Assert.Equal(["4317", "4318", "5671", "5672"], Ports("ingress", "egress").Order());
        Assert.Equal(["4317", "4318", "443", "5432", "5671", "5672", "587"], Ports("worker", "egress").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_front_door_leads_to_services_that_are_there()
    {
        var doors = DeployFile.Yaml($"{Overlay}/front-door.yaml");
        Assert.Equal(2, doors.Count);
        Assert.All(doors, door =>
        {
            Assert.NotEmpty(door.Each("spec", "tls"));
            Assert.All(door.Each("spec", "rules").SelectMany(rule => rule.Each("http", "paths")), path =>
            {
                var service = Single("Service", path.Text("backend", "service", "name")!);
                Assert.Contains(path.Text("backend", "service", "port", "name"), service.Each("spec", "ports").Select(port => port.Text("name")));
            });
        });
        // What the ingress would take the controller must not refuse.
        Assert.Equal($"{new WebhookOptions().MaxBodyBytes >> 20}m", doors[0].Text("metadata", "annotations", "nginx.ingress.kubernetes.io/proxy-body-size"));
        // From outside only webhooks reach the ingress.
        Assert.Equal(["/webhooks/"], doors[0].Each("spec", "rules").SelectMany(rule => rule.Each("http", "paths")).Select(path => path.Text("path")));
        var images = DeployFile.Yaml($"{Overlay}/kustomization.yaml").Single().Each("images").Select(image => image.Text("name"));
        Assert.Equal(Workloads.Select(workload => Container(workload).Text("image")!.Split(':')[0]).Order(), images.Order());
    }

    private static string[] Files(string directory) =>
        [.. Directory.EnumerateFiles(DeployFile.PathOf(directory), "*.yaml").Select(file => Path.GetFileName(file)!).Where(file => file != "kustomization.yaml").Order()];

    private static JsonElement Workload(string name) => Workloads.Single(workload => workload.Text("metadata", "name") == name);

    private static JsonElement Single(string kind, string name) => All.Single(item => item.Text("kind") == kind && item.Text("metadata", "name") == name);

    private static JsonElement Container(JsonElement workload) => workload.Each("spec", "template", "spec", "containers").Single();

    private static JsonElement Variable(JsonElement workload, string name) => Container(workload).Each("env").Single(variable => variable.Text("name") == name);

    private static int Replicas(JsonElement workload) =>
        int.Parse(workload.Text("spec", "replicas") ?? Single("ScaledObject", workload.Text("metadata", "name")!).Text("spec", "minReplicaCount")!);

    private static List<string?> Ports(string policy, string direction) =>
        [.. Single("NetworkPolicy", policy).Each("spec", direction).SelectMany(rule => rule.Each("ports")).Select(port => port.Text("port"))];
}
