namespace IngressController.EndToEnd.App;

/// <summary>A command of a <c>```console</c> block, and the output below it.</summary>
internal sealed record ConsoleExample(string Command, string Output)
{
    private const string Prompt = "$ ";

    public static IEnumerable<ConsoleExample> Of(string markdown)
    {
        ConsoleExample? current = null;
        var isInside = false;
        foreach (var line in markdown.Split('\n'))
        {
            if (isInside && line.StartsWith(Prompt, StringComparison.Ordinal))
            {
                if (current is not null)
                {
                    yield return current;
                }

                current = new(line[Prompt.Length..], "");
            }
            else if (line.StartsWith("```", StringComparison.Ordinal))
            {
                if (current is not null)
                {
                    yield return current;
                }

                (isInside, current) = (line == "```console", null);
            }
            else if (current is not null)
            {
                current = current with { Output = $"{current.Output}{line}\n" };
            }
        }
    }
}
