using System.CommandLine;

namespace IngressController.App.Cli;

/// <summary>
/// One flag of the command line. The flags of <c>run</c> are environment variables too, by one rule: <c>INGRESS__</c> and the flag's name in capitals without hyphens.
/// </summary>
internal sealed class Flag
{
    public const string Prefix = "INGRESS__";

    private Flag(Option option, string description, bool isMany)
    {
        Option = option;
        IsMany = isMany;
        Variable = VariableOf(option.Name);
        option.Description = description;
    }

    public Option Option { get; }

    /// <summary>May be given more than once.</summary>
    public bool IsMany { get; }

    /// <summary>Needs no value.</summary>
    public bool IsSwitch => Option is Option<bool>;

    public string Name => Option.Name;

    /// <summary><c>INGRESS__HTTPPORT</c> for <c>--http-port</c>.</summary>
    public string Variable { get; }

    public static Flag One(string name, string value, string description) =>
        new(new Option<string>(name) { HelpName = value, Arity = ArgumentArity.ExactlyOne }, description, isMany: false);

    public static Flag Many(string name, string value, string description) =>
        new(new Option<string[]>(name) { HelpName = value, Arity = ArgumentArity.OneOrMore }, $"{description}; repeatable", isMany: true);

    public static Flag Switch(string name, string description) => new(new Option<bool>(name), description, isMany: false);

    /// <summary>Says in the flag's help which variable it is.</summary>
    public void DescribeVariable() => Option.Description += $" [{Variable}]";

    private static string VariableOf(string name) => Prefix + name.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
}
