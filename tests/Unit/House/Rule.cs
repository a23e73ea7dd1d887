namespace IngressController.Unit.House;

/// <summary>A rule of the house, and a file that breaks it.</summary>
/// <param name="Name">A sentence.</param>
/// <param name="Violations">What in a file breaks it, one line each.</param>
/// <param name="Bad">Proof that the rule can fail.</param>
internal sealed record Rule(string Name, Func<SourceFile, IEnumerable<string>> Violations, SourceFile Bad)
{
    /// <summary>A rule about places in code.</summary>
    /// <param name="bad">A line of code that breaks it.</param>
    /// <param name="where">The files that it holds for; all code where null.</param>
    /// <param name="path">Where the bad line would stand.</param>
    public static Rule AboutCode(string name, string pattern, string bad, Func<SourceFile, bool>? where = null, string path = "src/Proxy/Bad.cs") => new(
        name,
        file => file.IsCode && (where?.Invoke(file) ?? true) ? file.Find(pattern, name) : [],
        new(path, bad));

    public override string ToString() => Name;
}
