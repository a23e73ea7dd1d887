namespace IngressController.Unit.ApiServer;

/// <summary>Tokens of service accounts.</summary>
public sealed class TokenTests
{
    private const string Target = "/api/v1/namespaces/shop/serviceaccounts/web/token";

    [Fact]
    public async Task A_token_is_its_service_account_s_until_it_expires()
    {
        await using var api = await Api.StartAsync();
        api.Server.Apply(Objects);
        var answer = await api.AskAsync("POST", Target, """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":600}}""");
        Assert.Equal(("web", "shop", 600), ((string?)answer["metadata"]!["name"], (string?)answer["metadata"]!["namespace"], (int)answer["spec"]!["expirationSeconds"]!));
        Assert.Equal("2026-01-01T00:10:00Z", (string?)answer["status"]!["expirationTimestamp"]);
        var token = (string)answer["status"]!["token"]!;

        Assert.Equal("IngressList", (string?)(await api.AskAsync("GET", Api.Ingresses, token: token))["kind"]); // by a group
        Assert.Contains("User \"system:serviceaccount:shop:web\" cannot list", (string?)(await api.AskAsync("GET", "/api/v1/secrets", token: token))["message"], StringComparison.Ordinal);
        api.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(401, (int)(await api.AskAsync("GET", Api.Ingresses, token: token))["code"]!);
    }

    [Theory]
    [InlineData("system:serviceaccounts:other")]
    [InlineData("system:unauthenticated")]
    [InlineData("system:masters")]
    public async Task A_group_that_an_account_is_not_in_grants_it_nothing(string group)
    {
        await using var api = await Api.StartAsync();
        api.Server.Apply(Objects.Replace("system:serviceaccounts:shop", group, StringComparison.Ordinal));
        api.Server.AddToken("web", "system:serviceaccount:shop:web");
        Assert.Equal(403, (int)(await api.AskAsync("GET", Api.Ingresses, token: "web"))["code"]!);
    }

    [Theory]
    [InlineData("system:serviceaccounts")]
    [InlineData("system:authenticated")]
    public async Task Every_account_is_in_these_groups(string group)
    {
        await using var api = await Api.StartAsync();
        api.Server.Apply(Objects.Replace("system:serviceaccounts:shop", group, StringComparison.Ordinal));
        api.Server.AddToken("web", "system:serviceaccount:shop:web");
        Assert.Equal("IngressList", (string?)(await api.AskAsync("GET", Api.Ingresses, token: "web"))["kind"]);
    }

    [Fact]
    public async Task Too_short_a_life_and_an_account_that_is_missing_are_refused()
    {
        await using var api = await Api.StartAsync();
        Assert.Equal("serviceaccounts \"web\" not found", (string?)(await api.AskAsync("POST", Target, "{}"))["message"]);
        api.Server.Apply(Objects);
        Assert.Equal(
            "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes",
            (string?)(await api.AskAsync("POST", Target, """{"spec":{"expirationSeconds":5}}"""))["message"]);
    }

    private const string Objects = """
        {apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: reader}, rules: [{apiGroups: [networking.k8s.io], resources: [ingresses], verbs: [list]}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: reader}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}, subjects: [{kind: Group, name: "system:serviceaccounts:shop"}]}
        """;
}
