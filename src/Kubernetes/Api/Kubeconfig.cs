using IngressController.Kubernetes.Api.Identity;
using IngressController.Kubernetes.Manifests.Documents;
using IngressController.Kubernetes.Manifests.Files;
using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Api;

/// <summary>One or several kubeconfig files, merged as kubectl merges them: the first that says something wins.</summary>
internal sealed class Kubeconfig
{
    private readonly string files;
    private readonly Dictionary<string, Entry> clusters = [];
    private readonly Dictionary<string, Entry> users = [];
    private readonly Dictionary<string, Entry> contexts = [];
    private string? currentContext;

    private Kubeconfig(IReadOnlyList<string> files) => this.files = string.Join(", ", files);

    /// <exception cref="ConnectionException">No file is there, or one of them cannot be read.</exception>
    public static Kubeconfig Read(IReadOnlyList<string> files)
    {
        var present = files.Where(File.Exists).ToList();
        if (present.Count == 0)
        {
            throw new ConnectionException($"there is no kubeconfig {string.Join(", ", files)}. Give --kubeconfig FILE, or --manifests DIR to do without a cluster");
        }

        var config = new Kubeconfig(present);
        present.ForEach(config.Merge);
        return config;
    }

    /// <param name="name">Null: the current context.</param>
    /// <exception cref="ConnectionException">What the context says cannot be used.</exception>
    public ApiConnection Connect(string? name)
    {
        name ??= currentContext ?? throw new ConnectionException($"{files}: there is no current-context. Give --context NAME ({Names(contexts)})");
        var context = Find(contexts, name, "context", $"--context NAME takes one of: {Names(contexts)}");
        var clusterName = context.Text("cluster") ?? throw new ConnectionException($"{context.Where}: it names no cluster. Add the field cluster");
        var cluster = Find(clusters, clusterName, "cluster", $"Context '{name}' names it; the file has: {Names(clusters)}");
        var where = $"context {name} of {files}";
        var connection = new KubeconfigCluster(cluster with { Where = $"{cluster.Where} ({where})" }).ToConnection() with { Namespace = context.Text("namespace") ?? "default" };
        connection = connection with { Description = $"{connection.Server.OriginalString} ({where})" };
        if (context.Text("user") is not { } userName)
        {
            return connection;
        }

        var user = Find(users, userName, "user", $"Context '{name}' names it; the file has: {Names(users)}");
        return new KubeconfigUser(user with { Where = $"{user.Where} ({where})" }).Identify(connection, cluster);
    }

    private static string Names(Dictionary<string, Entry> entries) => entries.Count == 0 ? "none" : string.Join(", ", entries.Keys.Order(StringComparer.Ordinal));

    private Entry Find(Dictionary<string, Entry> entries, string name, string kind, string cure) =>
        entries.GetValueOrDefault(name) ?? throw new ConnectionException($"{files}: there is no {kind} '{name}'. {cure}");

    private void Merge(string file)
    {
        var root = Compose(file);
        if (root is null)
        {
            return; // an empty file says nothing
        }

        if (root.Kind != NodeKind.Map)
        {
            throw new ConnectionException($"{file}: this is no kubeconfig (a mapping with clusters, users and contexts). Is it the right file?");
        }

        currentContext ??= root.FindText("current-context").NullIfEmpty();
        Merge(clusters, root, "clusters", "cluster", file);
        Merge(users, root, "users", "user", file);
        Merge(contexts, root, "contexts", "context", file);
    }

    private static void Merge(Dictionary<string, Entry> entries, Node root, string list, string kind, string file)
    {
        var ofFile = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in root.Find(list)?.Value.Items ?? [])
        {
            var name = item.FindText("name") ?? throw new ConnectionException($"{file}:{item.Line}: an entry of {list} has no name. Add name: NAME");
            if (!ofFile.Add(name))
            {
                throw new ConnectionException($"{file}:{item.Line}: there are two entries '{name}' in {list}. Remove one");
            }

            entries.TryAdd(name, new(item.Find(kind)?.Value ?? item, Path.GetDirectoryName(Path.GetFullPath(file))!, $"{kind} {name} of {file}"));
        }
    }

    private static Node? Compose(string file)
    {
        try
        {
            return YamlComposer.Compose(File.ReadAllText(file), 1).FirstOrDefault(node => node.Kind != NodeKind.Null);
        }
        catch (SyntaxException e)
        {
            throw new ConnectionException($"{file}:{e.Line}: this is not YAML: {e.Message}. Mend that line, or give another file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConnectionException($"the kubeconfig {file} cannot be read: {IOCause.Of(e)}. Let this user read it, or give another file", e);
        }
    }

    /// <summary>One cluster, user or context.</summary>
    /// <param name="Directory">That paths of files are relative to.</param>
    /// <param name="Where">For messages.</param>
    internal sealed record Entry(Node Node, string Directory, string Where)
    {
        /// <exception cref="ConnectionException">It is something else than text.</exception>
        public string? Text(string field) => Node.Find(field)?.Value is not { Kind: not NodeKind.Null } value ? null
            : value.Kind == NodeKind.String ? value.Text.NullIfEmpty()
            : throw new ConnectionException($"{Where}: {field} is not text. Put its value in quotes");

        /// <exception cref="ConnectionException">It is something else than true or false.</exception>
        public bool Flag(string field) => Node.Find(field)?.Value is { Kind: not NodeKind.Null } value
            && (value.Kind == NodeKind.Bool ? value.Text == "true" : throw new ConnectionException($"{Where}: {field} is neither true nor false. Take the quotes away"));

        /// <exception cref="ConnectionException">It is something else than a list of texts.</exception>
        public IReadOnlyList<string> Texts(string field) =>
        [
            .. (Node.Find(field)?.Value.Items ?? []).Select(item => item.Kind == NodeKind.String ? item.Text : throw new ConnectionException($"{Where}: {field} has a value that is not text. Put it in quotes")),
        ];

        /// <summary>As text in FIELD-data, which wins, or in the file that FIELD names; null where there is neither.</summary>
        public Material? Material(string field) =>
            Text($"{field}-data") is { } data ? Identity.Material.OfBase64(data, $"{field}-data", Where)
            : Text(field) is { } file ? Identity.Material.OfFile(Resolve(file))
            : null;

        public string Resolve(string file) => Path.GetFullPath(file, Directory);
    }
}
