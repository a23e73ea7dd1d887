using System.Globalization;
using System.Text;
using IngressController.Echo;
using IngressController.EndToEnd.App;
using IngressController.Testing;

namespace IngressController.EndToEnd.Routing;

/// <summary>Five hundred manifests fuzzed from good ones, thrown at a running controller.</summary>
public sealed class HostileManifestsTests
{
    private const int Batches = 10;
    private const int FilesInABatch = 50;

    private static readonly string[] Poison =
    [
        "null", "[]", "{}", "''", "-1", "99999999999999999999", "true", "!!binary AAAA", "&a *a", "*nobody", "{{", "]", "|", "%", "\t", "\0", "'", "\"",
        "<<: *x", "\u0085", "\ud83d\ude00", "0x1F", "1e400", "~", "- - - -", "? :", "!tag x", "a: b: c", "../../etc/passwd", "${jndi:ldap://x}",
    ];

    [Fact]
    public async Task They_never_stop_serving_the_good_ones()
    {
        await using var web = await EchoServer.StartAsync("web", 0, CancellationToken.None);
        using var manifests = new TemporaryDirectory();
        manifests.Write("0-good.yaml", string.Join("\n---\n", World.Class, World.Service("web", web.Port), World.Ingress("good", "good.test", "/", "web")));
        await using var controller = await ControllerProcess.StartAsync(manifests.Path);

        using var stop = new CancellationTokenSource();
        var requests = KeepAskingAsync(controller, stop.Token);
        var random = new Random(20261121);
        for (var batch = 0; batch < Batches; batch++)
        {
            for (var file = 0; file < FilesInABatch; file++)
            {
                await File.WriteAllBytesAsync(manifests.File($"fuzzed-{file}.{(file % 5 == 0 ? "json" : "yaml")}"), Fuzz(random));
            }

            // A good one that comes with the batch is served too.
            manifests.Write("late.yaml", World.Ingress("late", $"late{batch}.test", "/", "web"));
            await controller.AnswersAsync($"late{batch}.test", "/", answer => answer.StartsWith("200 web", StringComparison.Ordinal));
        }

        await stop.CancelAsync();
        Assert.True(await requests > Batches);
        Assert.False(controller.Program.HasExited);
        Assert.Contains("Problem: ", controller.Program.Errors, StringComparison.Ordinal);
        await controller.Program.SignalAsync("TERM");
        Assert.Equal(0, await controller.Program.ExitCodeAsync());
    }

    /// <returns>The number of requests, all of which the good backend answered.</returns>
    private static async Task<int> KeepAskingAsync(ControllerProcess controller, CancellationToken stop)
    {
        var count = 0;
        for (; !stop.IsCancellationRequested; count++)
        {
            Assert.Equal("200 web answers GET /x for good.test", await controller.AnswerAsync("good.test", "/x"));
        }

        return count;
    }

    private static byte[] Fuzz(Random random)
    {
        var text = new StringBuilder(Victims[random.Next(Victims.Length)]);
        for (var mutation = random.Next(1, 6); mutation > 0; mutation--)
        {
            Mutate(text, random);
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        for (var flip = random.Next(4) == 0 ? random.Next(1, 8) : 0; flip > 0; flip--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private static void Mutate(StringBuilder text, Random random)
    {
        var lines = text.ToString().Split('\n').ToList();
        var line = random.Next(lines.Count);
        switch (random.Next(7))
        {
            case 0:
                lines.RemoveAt(line);
                break;
            case 1:
                lines.Insert(random.Next(lines.Count), lines[line]);
                break;
            case 2:
                lines[line] = new string(' ', random.Next(8)) + lines[line].TrimStart();
                break;
            case 3 when lines[line].Contains(':', StringComparison.Ordinal):
                lines[line] = lines[line][..(lines[line].IndexOf(':', StringComparison.Ordinal) + 1)] + " " + Poison[random.Next(Poison.Length)];
                break;
            case 4:
                lines.Insert(line, Poison[random.Next(Poison.Length)]);
                break;
            case 5:
                lines[line] = lines[line] + new string(random.Next(2) == 0 ? '[' : 'a', random.Next(20_000));
                break;
            default:
                lines.RemoveRange(line, lines.Count - line);
                break;
        }

        text.Clear().AppendJoin('\n', lines.Count == 0 ? ["---"] : lines);
    }

    /// <summary>Good manifests for other hosts, of every kind that is read.</summary>
    private static readonly string[] Victims =
    [
        File.ReadAllText(Repository.Path("tests/Unit/Golden/services-of-every-type/manifests/all.yaml")),
        File.ReadAllText(Repository.Path("tests/Unit/Golden/endpoints-are-mirrored/manifests/all.yaml")),
        File.ReadAllText(Repository.Path("tests/Unit/Golden/annotations-carried-out-and-refused/manifests/all.yaml")),
        File.ReadAllText(Repository.Path("tests/Unit/Golden/path-types-of-one-host/manifests/all.yaml")),
        string.Create(CultureInfo.InvariantCulture, $$"""
        kind: List
        apiVersion: v1
        items:
          - kind: Secret
            apiVersion: v1
            metadata: { name: victim-tls }
            type: kubernetes.io/tls
            data:
              tls.crt: QUJD
              tls.key: QUJD
          - kind: ConfigMap
            apiVersion: v1
            metadata: { name: victim }
            data:
              key: value
          - kind: Namespace
            apiVersion: v1
            metadata:
              name: victim
              deletionTimestamp: "2024-01-01T00:00:00Z"
          - kind: Ingress
            apiVersion: networking.k8s.io/v1
            metadata:
              name: victim
              creationTimestamp: "2001-01-01T00:00:00Z"
            spec:
              ingressClassName: yarp
              rules:
                - host: victim.test
                  http:
                    paths:
                      - path: /
                        pathType: Prefix
                        backend:
                          service:
                            name: web
                            port:
                              number: 80
        """),
    ];
}
