namespace IngressController.Browser;

/// <summary>The pages of the dashboard, as they stand after the <c>#/</c>.</summary>
internal static class Places
{
    public static string[] All { get; } = ["", "hosts", "backends", "certificates", "problems", "explain", "tail"];
}
