using System.Text.Json.Nodes;
using IngressController.Testing;

namespace IngressController.EndToEnd.Dashboard;

/// <summary>The description of the API is held against its real answers.</summary>
public sealed class OpenApiTests
{
    private static readonly Dictionary<string, string[]> Asked = new()
    {
        ["/api/overview"] = ["/api/overview"],
        ["/api/hosts"] = ["/api/hosts", "/api/hosts?search=nothing"],
        ["/api/hosts/{host}"] = ["/api/hosts/shop.test", "/api/hosts/gone.test", "/api/hosts/blog.test", "/api/hosts/secure.test"],
        ["/api/backends"] = ["/api/backends"],
        ["/api/choices"] = ["/api/choices"],
        ["/api/certificates"] = ["/api/certificates"],
        ["/api/problems"] = ["/api/problems"],
        ["/api/top"] = ["/api/top", "/api/top?by=ingress", "/api/top?by=service"],
        ["/api/explain"] = ["/api/explain?url=http://shop.test/", "/api/explain?url=http://gone.test/", "/api/explain?url=https://secure.test/", "/api/explain?url=http://nobody.test/%2e%2e/", "/api/explain?url=secure.test"],
        ["/api/openapi.json"] = ["/api/openapi.json"],
    };

    [Fact]
    public async Task Every_answer_is_as_described()
    {
        await using var world = await StartAsync();
        var document = (await world.GetAsync("/api/openapi.json")).AsObject();
        var schemas = new JsonSchema(document);
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var target in Asked.GetValueOrDefault(path, []))
            {
                var schema = item!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!.AsObject();
                Assert.Empty(schemas.Flaws(await world.GetAsync(target), schema, target));
            }
        }

        var error = document["paths"]!["/api/hosts"]!["get"]!["responses"]!["400"]!["content"]!["application/json"]!["schema"]!.AsObject();
        Assert.Empty(schemas.Flaws(JsonNode.Parse((await world.AnswerAsync("/api/hosts?limit=x")).Body), error));
    }

    [Fact]
    public async Task Every_event_is_as_described()
    {
        await using var world = await StartAsync();
        var document = (await world.GetAsync("/api/openapi.json")).AsObject();
        using var tail = await SseReader.OpenAsync(world, "/api/tail");
        await world.Controller.AnswerAsync("shop.test", "/?secret=1");
        Assert.Empty(Flaws(document, "/api/tail", "request", await tail.NextAsync("request")));
        using var events = await SseReader.OpenAsync(world, "/api/events");
        Assert.Empty(Flaws(document, "/api/events", "overview", await events.NextAsync("overview")));
        world.Delete("blog");
        Assert.Empty(Flaws(document, "/api/events", "changed", await events.NextAsync("changed")));
    }

    [Fact]
    public async Task Everything_that_can_be_asked_is_described_and_asked_here()
    {
        await using var world = await DashboardWorld.StartAsync();
        var paths = (await world.GetAsync("/api/openapi.json"))["paths"]!.AsObject();
        Assert.Equal(Asked.Keys.Concat(["/api/tail", "/api/events"]).Order(StringComparer.Ordinal), paths.Select(path => path.Key).Order(StringComparer.Ordinal));
        foreach (var (path, item) in paths)
        {
            foreach (var parameter in item!["get"]!["parameters"]!.AsArray().Where(parameter => (string)parameter!["in"]! == "query"))
            {
                var words = parameter!["schema"]!["enum"] as JsonArray;
                var value = words is not null ? (string)words[0]! : (string)parameter["schema"]!["type"]! == "integer" ? "1" : (string)parameter["name"]! switch
                {
                    "url" => "http://a.test/",
                    "header" => "A:b",
                    "status" => "5xx",
                    _ => "GET",
                };
                var (status, _) = await AnswerOfAsync(world, path.Replace("{host}", "shop.test", StringComparison.Ordinal), (string)parameter["name"]!, value);
                Assert.True(status == 200, $"{path}?{parameter["name"]}={value} answers {status}");
            }
        }
    }

    [Fact]
    public async Task Every_member_and_parameter_says_what_it_means()
    {
        await using var world = await DashboardWorld.StartAsync();
        var document = await world.GetAsync("/api/openapi.json");
        var members = document["components"]!["schemas"]!.AsObject().SelectMany(schema => schema.Value!["properties"]!.AsObject().Select(member => (Name: $"{schema.Key}.{member.Key}", member.Value)));
        var parameters = document["paths"]!.AsObject().SelectMany(path => path.Value!["get"]!["parameters"]!.AsArray().Select(parameter => (Name: $"{path.Key} {parameter!["name"]}", Value: (JsonNode?)parameter)));
        var all = members.Concat(parameters).ToList();
        Assert.True(all.Count > 120, "there are fewer than was thought");
        Assert.Empty(all.Where(one => string.IsNullOrWhiteSpace((string?)one.Value!["description"])).Select(one => one.Name));
    }

    [Fact]
    public void The_checker_finds_flaws()
    {
        var document = JsonNode.Parse("""{"s": {"type": "object", "properties": {"a": {"type": ["integer", "null"]}, "b": {"anyOf": [{"enum": ["x"]}, {"type": "null"}]}}, "required": ["a"], "additionalProperties": false}}""")!.AsObject();
        var checker = new JsonSchema(document);
        Assert.Empty(checker.Flaws(JsonNode.Parse("""{"a": null, "b": "x"}"""), document["s"]!.AsObject()));
        Assert.Equal(
            ["$.a: 1.5 is no [\"integer\",\"null\"]", "$.b: \"y\" is none of [\"x\"]", "$: b2 is not documented"],
            checker.Flaws(JsonNode.Parse("""{"a": 1.5, "b": "y", "b2": 1}"""), document["s"]!.AsObject()).Order(StringComparer.Ordinal));
        Assert.Equal(["$: a is missing"], checker.Flaws(new JsonObject(), document["s"]!.AsObject()));
    }

    private static Task<DashboardWorld> StartAsync() => DashboardWorld.StartAsync(world => world.Write(
        "secure",
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: secure
          annotations:
            nginx.ingress.kubernetes.io/auth-tls-secret: default/authorities
            nginx.ingress.kubernetes.io/proxy-body-size: 8m
            nginx.ingress.kubernetes.io/proxy-read-timeout: "300"
            nginx.ingress.kubernetes.io/backend-protocol: HTTPS
            nginx.ingress.kubernetes.io/force-ssl-redirect: "true"
        spec:
          ingressClassName: yarp
          defaultBackend: { service: { name: web, port: { number: 80 } } }
          tls: [{ hosts: [secure.test], secretName: bad }]
          rules:
            - host: secure.test
              http: { paths: [{ path: /a, pathType: Exact, backend: { service: { name: web, port: { name: http } } } }] }
        ---
        apiVersion: v1
        kind: Secret
        metadata: { name: bad }
        type: kubernetes.io/tls
        """));

    private static IEnumerable<string> Flaws(JsonObject document, string path, string name, JsonNode value)
    {
        var events = document["paths"]![path]!["get"]!["responses"]!["200"]!["content"]!["text/event-stream"]!["schema"]!["oneOf"]!.AsArray();
        return new JsonSchema(document).Flaws(value, events.Single(told => (string)told!["title"]! == name)!.AsObject());
    }

    private static async Task<(int Status, string Type)> AnswerOfAsync(DashboardWorld world, string path, string name, string value)
    {
        var url = path == "/api/explain" && name != "url" ? "url=http://a.test/&" : "";
        using var response = await world.SendAsync($"{path}?{url}{name}={Uri.EscapeDataString(value)}");
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "");
    }
}
