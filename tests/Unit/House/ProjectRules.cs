using System.Xml.Linq;

namespace IngressController.Unit.House;

/// <summary>Which room may know which: the floors of the house as project files.</summary>
internal static class ProjectRules
{
    private const string AspNetCore = "Microsoft.AspNetCore.App";

    /// <summary>Aggregates what the rooms measure by System.Diagnostics.Metrics, and pushes it over OTLP; no room besides App knows it.</summary>
    private static readonly string[] Telemetry = ["OpenTelemetry", "OpenTelemetry.Exporter.OpenTelemetryProtocol"];

    private static readonly string[] TestPackages = ["Microsoft.NET.Test.Sdk", "xunit", "xunit.runner.visualstudio"];

    /// <summary>All that a project may reference: projects by name, packages and frameworks. The web SDK counts as the framework.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["src/Cluster"] = [],
        ["src/Routing"] = ["Cluster"],
        ["src/Kubernetes"] = ["Cluster", "YamlDotNet", AspNetCore],
        ["src/Proxy"] = ["Routing", "Yarp.ReverseProxy", AspNetCore],
        ["src/Certificates"] = ["Routing", AspNetCore],
        ["src/App"] = ["Proxy", "Certificates", "Kubernetes", "System.CommandLine", .. Telemetry, AspNetCore],
        ["samples/echo"] = [AspNetCore],
        ["samples/quickstart"] = ["App", "Echo", AspNetCore],
        ["tests/Testing"] = ["App", "Echo", AspNetCore],
        ["tests/Unit"] = ["Testing", "FsCheck", "FSharp.Core", .. TestPackages],
        ["tests/EndToEnd"] = ["Testing", "Quickstart", .. TestPackages],
        ["tests/Browser"] = ["Testing", "Microsoft.Playwright", .. TestPackages], // apart, because Playwright's driver weighs more than all other tests together
        ["tests/StockYarp"] = ["Yarp.ReverseProxy", AspNetCore], // what this controller is compared with
        ["tests/Benchmarks"] = ["Testing", "StockYarp", "BenchmarkDotNet", "Microsoft.CodeAnalysis.CSharp", "Microsoft.Diagnostics.Tracing.TraceEvent", "System.Management"],
    };

    public static IEnumerable<Rule> All { get; } =
    [
        new("A project references only what its floor allows", Forbidden, Project("src/Routing", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""")),
        new("A project references no room above or beside it", Forbidden, Project("src/Kubernetes", """<ProjectReference Include="../Routing/Routing.csproj" />""")),
        new("A pure room is no web project", Forbidden, new("src/Cluster/Cluster.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web" />""")),
        new("A new project has its line in the table", Forbidden, Project("src/Attic", "")),
        new("YARP and YamlDotNet do not leave their rooms", Leaks, Project("src/Proxy", """<PackageReference Include="Yarp.ReverseProxy" />""")),
        new("Versions stand in Directory.Packages.props only", Versions, Project("src/App", """<PackageReference Include="System.CommandLine" Version="2.0.0" />""")),
    ];

    private static SourceFile Project(string folder, string item) =>
        new($"{folder}/{Path.GetFileName(folder)}.csproj", $"""<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>{item}</ItemGroup></Project>""");

    private static IEnumerable<string> Forbidden(SourceFile file)
    {
        if (!file.IsProject)
        {
            return [];
        }

        return Allowed.TryGetValue(file.Folder, out var allowed)
            ? References(file).Except(allowed).Select(reference => $"{file.Path}: must not reference {reference}")
            : [$"{file.Path}: is not in the table of HouseTests"];
    }

    private static IEnumerable<string> References(SourceFile file)
    {
        var project = XDocument.Parse(file.Text).Root!;
        var sdk = project.Attribute("Sdk")?.Value == "Microsoft.NET.Sdk.Web" ? [AspNetCore] : Array.Empty<string>();
        return sdk
            .Concat(Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))))
            .Concat(Items(project, "PackageReference"))
            .Concat(Items(project, "FrameworkReference"))
            .Concat(Items(project, "Reference"));
    }

    private static IEnumerable<string> Leaks(SourceFile file) =>
        !file.IsProject ? [] : XDocument.Parse(file.Text).Descendants("PackageReference")
            .Where(package => package.Attribute("Include")?.Value is "Yarp.ReverseProxy" or "YamlDotNet" && package.Attribute("PrivateAssets")?.Value != "compile")
            .Select(package => $"{file.Path}: {package.Attribute("Include")!.Value} lacks PrivateAssets=\"compile\"");

    private static IEnumerable<string> Versions(SourceFile file) =>
        !file.IsProject ? [] : XDocument.Parse(file.Text).Descendants("PackageReference")
            .Where(package => package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null || package.Element("Version") is not null)
            .Select(package => $"{file.Path}: {package.Attribute("Include")?.Value} has a version of its own");

    private static IEnumerable<string> Items(XElement project, string kind) =>
        project.Descendants(kind).Select(item => item.Attribute("Include")?.Value).OfType<string>();
}
