using System.CommandLine;
using System.CommandLine.Parsing;

namespace IngressController.App.Cli;

/// <summary>What the parser could not make sense of, one line each, with what may have been meant.</summary>
internal static class SyntaxErrors
{
    public static IEnumerable<string> Of(ParseResult result)
    {
        var command = result.CommandResult.Command;
        var flags = command.Options.Select(option => option.Name).ToList();
        var commands = command.Subcommands.Select(subcommand => subcommand.Name).ToList();
        var isAfterFlag = false;
        foreach (var token in result.UnmatchedTokens)
        {
            if (token.StartsWith('-'))
            {
                var name = token.Split('=')[0];
                yield return $"unknown flag {name}{Suggestion.For(name, flags)}";
            }
            else if (!isAfterFlag)
            {
                yield return commands.Count > 0
                    ? $"unknown command '{token}'{Suggestion.For(token, commands)}"
                    : $"unexpected argument '{token}'";
            }

            isAfterFlag = token.StartsWith('-'); // then the next word is that flag's value and not worth a line
        }

        foreach (var error in result.Errors.Where(error => !IsUnmatched(error, result)))
        {
            yield return error.SymbolResult is OptionResult option ? OfOption(option) : error.Message.TrimEnd('.');
        }
    }

    private static bool IsUnmatched(ParseError error, ParseResult result) =>
        result.UnmatchedTokens.Count > 0 && error.SymbolResult is null or CommandResult;

    private static string OfOption(OptionResult option) => option.Tokens.Count switch
    {
        0 => $"{option.Option.Name}: the value is missing",
        1 => $"{option.Option.Name}: '{option.Tokens[0].Value}' is not {option.Option.HelpName ?? "true or false"}",
        _ => $"{option.Option.Name} is given more than once",
    };
}
