using System.Reflection;

namespace IngressController.App;

internal static class AppVersion
{
    /// <summary><c>0.1.0</c>, with <c>+commit</c> where the build knows it.</summary>
    public static string Text { get; } =
        typeof(AppVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
