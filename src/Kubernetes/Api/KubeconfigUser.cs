using IngressController.Kubernetes.Api.Identity;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Api;

/// <summary>A user of a kubeconfig: how it shows who it is.</summary>
internal sealed class KubeconfigUser(Kubeconfig.Entry entry)
{
    private static readonly string[] Unsupported = ["auth-provider", "as", "as-uid", "as-groups", "as-user-extra"];

    public ICredentialSource ToCredentials(ApiConnection connection)
    {
        foreach (var field in Unsupported.Where(field => entry.Node.Find(field) is not null))
        {
            throw new ConnectionException($"{entry.Where}: {field} is not supported. Use a token, a client certificate or exec");
        }

        if (entry.Node.Find("exec")?.Value is { } exec)
        {
            return new ExecCredentials(ExecPlugin.Read(entry with { Node = exec, Where = $"exec of {entry.Where}" }, connection));
        }

        var (certificate, key) = (entry.Material("client-certificate"), entry.Material("client-key"));
        if (certificate is null != key is null)
        {
            throw new ConnectionException($"{entry.Where}: client-certificate and client-key belong together. Add {(key is null ? "client-key" : "client-certificate")}");
        }

        var tokenFile = entry.Text("tokenFile") is { } file ? Material.OfFile(entry.Resolve(file)) : null;
        return new ConfiguredCredentials
        {
            Where = entry.Where,
            Token = tokenFile ?? (entry.Text("token") is { } token ? Material.OfText(token) : null),
            FallbackToken = tokenFile is null ? null : entry.Text("token"),
            User = entry.Text("username") is { } name ? (name, entry.Text("password") ?? "") : null,
            Certificate = certificate,
            Key = key,
        }.Checked();
    }
}
