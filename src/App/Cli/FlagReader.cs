using System.CommandLine;
using System.CommandLine.Parsing;
using IngressController.Cluster;

namespace IngressController.App.Cli;

/// <summary>
/// The flags of one invocation: from the command line or else from the environment. Collects everything that is wrong, so that all of it is said at once.
/// </summary>
internal sealed class FlagReader
{
    private readonly ParseResult arguments;
    private readonly EnvironmentFlags environment;
    private readonly List<string> errors = [];

    public FlagReader(ParseResult arguments, IReadOnlyDictionary<string, string> environment)
    {
        this.arguments = arguments;
        errors.AddRange(SyntaxErrors.Of(arguments));
        this.environment = EnvironmentFlags.Read(environment, errors);
    }

    public void Error(string message) => errors.Add(message);

    /// <summary>Prints every error, one a line.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Complain(Terminal terminal)
    {
        errors.ForEach(terminal.Complain);
        return errors.Count > 0;
    }

    /// <summary>With a value or without.</summary>
    public bool IsGiven(Flag flag) => arguments.GetResult(flag.Option) is { Implicit: false } || environment.Find(flag).Count > 0;

    /// <summary>On the command line itself: variables may be meant for another command.</summary>
    public bool IsGivenInArguments(Flag flag) => arguments.GetResult(flag.Option) is { Implicit: false };

    public bool IsGiven(Argument<string?> argument) => arguments.GetResult(argument) is { Tokens.Count: > 0 };

    /// <summary>An argument of the command, which must be there.</summary>
    public T Required<T>(Argument<string?> argument, ReadValue<T> read, T fallback)
    {
        if (arguments.GetResult(argument)?.Tokens is [var token, ..])
        {
            return Read(argument.Name, token.Value, read, fallback);
        }

        errors.Add($"{argument.Name} is missing");
        return fallback;
    }

    public string Directory(Argument<string?> argument) => Required(argument, ManifestsDirectory.Exists, "");

    public T One<T>(Flag flag, ReadValue<T> read, T fallback)
    {
        foreach (var (origin, text) in Find(flag))
        {
            return Read(origin, text, read, fallback);
        }

        return fallback;
    }

    public EquatableArray<T> Many<T>(Flag flag, ReadValue<T> read) =>
        Find(flag).Select(value => Read(value.Origin, value.Text, read, default!)).ToEquatableArray();

    public bool Switch(Flag flag) => One(flag, FlagValue.Switch, false);

    /// <summary>Each value, and where it was given.</summary>
    public IReadOnlyList<(string Origin, string Text)> Find(Flag flag)
    {
        if (arguments.GetResult(flag.Option) is not { Implicit: false } given)
        {
            return environment.Find(flag);
        }

        return given.Tokens.Count == 0 && flag.IsSwitch ? [(flag.Name, "true")] : [.. given.Tokens.Select(token => (flag.Name, token.Value))];
    }

    /// <param name="origin">Where the text was given, for what is wrong with it.</param>
    public T Read<T>(string origin, string text, ReadValue<T> read, T fallback)
    {
        if (read(text, out var value) is { } wrong)
        {
            errors.Add($"{origin}: '{text}' {wrong}");
            return fallback;
        }

        return value;
    }
}
