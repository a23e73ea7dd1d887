using IngressController.Kubernetes.Api.Identity;

namespace IngressController.Kubernetes.Api;

/// <summary>Where an API server is, how it is known, and as whom we talk to it.</summary>
/// <param name="Server">http or https; may have a path, under which the API then is.</param>
public sealed record ApiConnection(Uri Server)
{
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>For people, e.g. <c>https://10.0.0.1:6443 (context kind of config.yaml)</c>.</summary>
    public string Description { get; init; } = Server.OriginalString;

    /// <summary>Of the pod, or of the context; <c>default</c> where neither says one.</summary>
    public string Namespace { get; init; } = "default";

    internal ICredentialSource Credentials { get; init; } = new ConfiguredCredentials();

    /// <summary>Null: what the system trusts.</summary>
    internal Material? Authority { get; init; }

    internal bool SkipsVerification { get; init; }

    /// <summary>The name that the server's certificate must have, where it is not the host of <see cref="Server"/>.</summary>
    internal string? ServerName { get; init; }

    internal Uri? Proxy { get; init; }

    /// <summary>As kubectl reads kubeconfigs.</summary>
    /// <param name="files">Merged, the first that says something wins. Missing ones are passed over if at least one is there.</param>
    /// <param name="context">Null: the current one.</param>
    /// <exception cref="ConnectionException">The files, or what they say, cannot be used.</exception>
    public static ApiConnection FromKubeconfig(IReadOnlyList<string> files, string? context = null) => Kubeconfig.Read(files).Connect(context);

    /// <summary>As a pod, by its service account.</summary>
    /// <param name="host">KUBERNETES_SERVICE_HOST; an IPv6 address without brackets.</param>
    /// <param name="port">KUBERNETES_SERVICE_PORT</param>
    /// <param name="directory">With the files token, ca.crt and namespace.</param>
    /// <exception cref="ConnectionException">A file is missing.</exception>
    public static ApiConnection InCluster(string host, string port, string directory = ServiceAccount)
    {
        var authority = Material.OfFile(Path.Combine(directory, "ca.crt"));
        var token = Material.OfFile(Path.Combine(directory, "token"));
        var where = $"the service account in {directory}";
        TrustedAuthorities.Read(authority, where);
        var address = host.Contains(':', StringComparison.Ordinal) ? $"https://[{host.Trim('[', ']')}]:{port}" : $"https://{host}:{port}";
        var space = Path.Combine(directory, "namespace");
        return Uri.TryCreate(address, UriKind.Absolute, out var server)
            ? new(server)
            {
                Description = $"{address} (in cluster)",
                Namespace = File.Exists(space) ? File.ReadAllText(space).Trim() : "default",
                Authority = authority,
                Credentials = new ConfiguredCredentials { Token = token, Where = where }.Checked(),
            }
            : throw new ConnectionException($"KUBERNETES_SERVICE_HOST '{host}' and KUBERNETES_SERVICE_PORT '{port}' are no address. A pod has them by itself; elsewhere give --kubeconfig FILE");
    }

    /// <summary>Whether this process runs in a pod with a service account.</summary>
    public static bool HasServiceAccount(string directory = ServiceAccount) => File.Exists(Path.Combine(directory, "token"));
}
