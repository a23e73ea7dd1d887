using System.Text;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Manifests;

namespace IngressController.Unit.Kubernetes;

/// <summary>A real directory of manifests, gone after the test.</summary>
internal sealed class ManifestFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("manifests-").FullName;

    /// <summary>What one file with this text holds.</summary>
    public static ManifestReading ReadText(string text, string name = "a.yaml")
    {
        using var folder = new ManifestFolder();
        folder.Write(name, text);
        return folder.Read();
    }

    public string PathOf(string name) => Path.Join(Root, name);

    public void Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), bytes);
    }

    /// <summary>As a careful editor does it: a new file takes the place of the old one.</summary>
    public void Replace(string name, string text)
    {
        File.WriteAllText(PathOf(name) + ".tmp", text);
        File.Move(PathOf(name) + ".tmp", PathOf(name), overwrite: true);
    }

    public ManifestReading Read() => ManifestDirectory.Read(Root);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

/// <summary>Short ways to what a reading holds.</summary>
internal static class Readings
{
    public static string[] Keys(this ManifestReading reading) => [.. reading.Changes.Select(change => change.Key.ToString())];

    public static T Single<T>(this ManifestReading reading)
        where T : IResource
    {
        Assert.DoesNotContain(reading.Problems, problem => problem.Severity == Severity.Error);
        return (T)Assert.Single(reading.Changes).Resource!;
    }

    public static Problem SingleProblem(this ManifestReading reading) => Assert.Single(reading.Problems);
}
