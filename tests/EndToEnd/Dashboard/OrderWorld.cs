using System.Text.Json.Nodes;
using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Dashboard;

/// <summary>The real program with a certificate authority that issues for some of what Ingresses ask for: the rest is turned down, by it or by us.</summary>
internal sealed class OrderWorld : IAsyncDisposable
{
    public const string Issued = "issued.example.com";
    public const string TurnedDown = "turned-down.example.com";
    private const string Refused = "refused.internal";

    private readonly TemporaryDirectory kept = new();

    private OrderWorld(FakeAcme authority) => Authority = authority;

    public FakeAcme Authority { get; }

    public DashboardWorld Dashboard { get; private set; } = null!;

    public static async Task<OrderWorld> StartAsync()
    {
        var authority = await FakeAcme.StartAsync(new() { SkipsValidation = true, RefusedHosts = { TurnedDown } });
        var world = new OrderWorld(authority);
        world.kept.Write("ca.pem", authority.CaBundle);
        world.Dashboard = await DashboardWorld.StartAsync(
            dashboard =>
            {
                dashboard.Write("turned-down", Ingress("turned-down", TurnedDown));
                dashboard.Write("refused", Ingress("refused", Refused));
                dashboard.Write("issued", Ingress("issued", Issued));
            },
            flags: ["--acme-directory", authority.Directory.ToString(), "--acme-email", "ops@example.com", "--acme-ca-bundle", world.kept.File("ca.pem"), "--state-dir", world.kept.File("state")]);
        return world;
    }

    /// <summary>Asks for a certificate in the Secret <c>NAME-tls</c>.</summary>
    public static string Ingress(string name, string host) => DashboardWorld.Ingress(name, host, "/", "web", $"[{{ hosts: [{host}], secretName: {name}-tls }}]")
        .Replace($"{{ name: {name} }}", $"{{ name: {name}, annotations: {{ kubernetes.io/tls-acme: \"true\" }} }}", StringComparison.Ordinal);

    /// <summary>The item of <c>/api/certificates</c> once it has come to this, and its certificate is served where it is issued.</summary>
    public async Task<JsonNode> BecomesAsync(string name, string state)
    {
        JsonNode? found = null;
        await Eventually.TrueAsync(
            async () =>
            {
                found = (await Dashboard.GetAsync($"/api/certificates?search=default/{name}-tls"))["items"]!.AsArray().SingleOrDefault();
                return (string?)found?["order"]?["state"] == state && found["issuer"] is not null == (state == "issued");
            },
            $"{name} is {state}; it is {found?.ToJsonString()}");
        return found!;
    }

    /// <summary>All three have come to what they come to.</summary>
    public async Task SettledAsync()
    {
        await BecomesAsync("issued", "issued");
        await BecomesAsync("turned-down", "failed");
        await BecomesAsync("refused", "refused");
    }

    public async ValueTask DisposeAsync()
    {
        await Dashboard.DisposeAsync();
        await Authority.DisposeAsync();
        kept.Dispose();
    }
}
