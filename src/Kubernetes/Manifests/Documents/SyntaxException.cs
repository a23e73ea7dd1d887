using IngressController.Kubernetes.Wire;

namespace IngressController.Kubernetes.Manifests.Documents;

/// <summary>A document is not valid YAML or JSON. Caught where the document is read, and told as a Problem.</summary>
internal sealed class SyntaxException(int line, string message) : Exception(message)
{
    /// <summary>Counted from 1 in the file.</summary>
    public int Line { get; } = line;

    /// <summary>Hostile nesting must not end the process by a stack overflow.</summary>
    public static void ThrowIfTooDeep(int depth, int line)
    {
        if (depth >= WireContext.MaximumDepth)
        {
            throw new SyntaxException(line, $"exceeded max depth of {WireContext.MaximumDepth}");
        }
    }
}
