namespace IngressController.Testing.ApiServer.Access;

/// <param name="Name">For a service account <c>system:serviceaccount:NAMESPACE:NAME</c>.</param>
internal sealed record User(string Name)
{
    public static User Admin { get; } = new("kubernetes-admin");

    /// <summary>Who sends no token.</summary>
    public static User Anonymous { get; } = new("system:anonymous");

    public IReadOnlyList<string> Groups => Name.Split(':') switch
    {
        ["system", "anonymous"] => ["system:unauthenticated"],
        ["system", "serviceaccount", var @namespace, _] => ["system:authenticated", "system:serviceaccounts", $"system:serviceaccounts:{@namespace}"],
        _ => ["system:authenticated"],
    };
}
