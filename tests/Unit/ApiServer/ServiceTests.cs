namespace IngressController.Unit.ApiServer;

/// <summary>The addresses of a Service that is replaced.</summary>
public sealed class ServiceTests
{
    private const string Services = "/api/v1/namespaces/default/services";
    private const string Web = """{"metadata":{"name":"web"},"spec":{"ports":[{"port":80}]}}""";

    [Fact]
    public async Task What_a_replacement_does_not_say_stays()
    {
        await using var api = await Api.StartAsync();
        var created = await api.AskAsync("POST", Services, Web);
        var replaced = await api.AskAsync("PUT", $"{Services}/web", Web.Replace("80", "81", StringComparison.Ordinal));
        Assert.Equal(created["spec"]!["clusterIPs"]!.ToJsonString(), replaced["spec"]!["clusterIPs"]!.ToJsonString());
        Assert.Equal((string?)created["spec"]!["clusterIP"], (string?)replaced["spec"]!["clusterIP"]);
        Assert.Equal(81, (int)replaced["spec"]!["ports"]![0]!["port"]!);
    }

    [Fact]
    public async Task Another_address_is_refused_and_an_external_name_has_none()
    {
        await using var api = await Api.StartAsync();
        await api.AskAsync("POST", Services, Web);
        var answer = await api.AskAsync("PATCH", $"{Services}/web", """{"spec":{"clusterIP":"10.96.9.9","clusterIPs":["10.96.9.9"]}}""", "application/merge-patch+json");
        Assert.Equal((422, "spec.clusterIPs[0]"), ((int)answer["code"]!, (string?)answer["details"]!["causes"]![0]!["field"]));
        var external = await api.AskAsync("PUT", $"{Services}/web", """{"metadata":{"name":"web"},"spec":{"type":"ExternalName","externalName":"example.com"}}""");
        Assert.Null(external["spec"]!["clusterIP"]);
    }
}
