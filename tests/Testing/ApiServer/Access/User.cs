namespace IngressController.Testing.ApiServer.Access;

/// <param name="Name">For a service account <c>system:serviceaccount:NAMESPACE:NAME</c>.</param>
internal sealed record User(string Name)
{
    public static User Admin { get; } = new("kubernetes-admin") { CertifiedGroups = ["system:masters"] };

    /// <summary>Who shows nothing.</summary>
    public static User Anonymous { get; } = new("system:anonymous");

    /// <summary>The organizations of a client certificate.</summary>
    public IReadOnlyList<string> CertifiedGroups { get; init; } = [];

    public IReadOnlyList<string> Groups => Name.Split(':') switch
    {
        ["system", "anonymous"] => ["system:unauthenticated"],
        ["system", "serviceaccount", var @namespace, _] => ["system:serviceaccounts", $"system:serviceaccounts:{@namespace}", "system:authenticated"],
        _ => [.. CertifiedGroups, "system:authenticated"],
    };
}
