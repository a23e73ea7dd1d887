using System.CommandLine;
using IngressController.App.Dashboard.Api;

namespace IngressController.App.Cli;

/// <summary><c>top --admin ADDR</c>: where the traffic of a running controller goes, live.</summary>
internal static class TopCommand
{
    private const int RowsOfText = 50;
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(2);

    private static readonly Flag By = Flag.One("--by", "host|ingress|service", "What is added up; default: host");
    private static readonly Flag Interval = Flag.One("--interval", "DURATION", "How often to look; default: 2s");
    private static readonly Flag Once = Flag.Switch("--once", "Print the table once");

    public static Command Command { get; } = Create();

    /// <summary>
    /// On a terminal the table is drawn over itself until somebody ends the program; elsewhere one table follows the other, with a blank line between them. Ends where the
    /// controller cannot be asked any more.
    /// </summary>
    public static async Task<int> ExecuteAsync(FlagReader flags, Terminal terminal, CancellationToken cancellationToken)
    {
        using var client = AdminFlags.Read(flags);
        var (by, interval, isOnce) = (flags.One(By, Kind, TopKind.Host), flags.One(Interval, LongEnough, DefaultInterval), flags.Switch(Once));
        if (!flags.IsGiven(AdminFlags.Admin))
        {
            flags.Error($"which controller? give {AdminFlags.Admin.Name} ADDR");
        }

        if (flags.Complain(terminal))
        {
            return ExitCode.Usage;
        }

        try
        {
            var screen = isOnce ? null : terminal.Screen;
            for (var isFirst = true; ; isFirst = false)
            {
                var size = screen?.Invoke();
                var rows = Math.Clamp(size?.Height ?? RowsOfText, 1, PageQuery.MostLimit);
                var overview = await client!.GetAsync("/api/overview", ApiJson.Shapes.Overview, cancellationToken);
                var top = await client.GetAsync($"/api/top?by={ApiJson.Word(by)}&limit={rows}", ApiJson.Shapes.PageTopItem, cancellationToken);
                var lines = TopTable.Lines(overview, top, by, client.Address, size);
                terminal.Output.Write(size is { Width: var width } ? TopTable.Drawing(lines, width, isFirst) : TopTable.Text(lines, isFirst));
                terminal.Output.Flush();
                if (isOnce)
                {
                    return ExitCode.Success;
                }

                await Task.Delay(interval, TimeProvider.System, cancellationToken);
            }
        }
        catch (AdminException failure)
        {
            terminal.Complain(failure.Message);
            return ExitCode.Failure;
        }
        catch (Exception end) when (end is IOException || (end is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            return ExitCode.Success; // nobody reads any more, or it is told to end
        }
    }

    private static string? Kind(string text, out TopKind value)
    {
        value = Enum.GetValues<TopKind>().FirstOrDefault(kind => ApiJson.Word(kind) == text);
        return ApiJson.Word(value) == text ? null : "is not host, ingress or service";
    }

    private static string? LongEnough(string text, out TimeSpan value) =>
        FlagValue.Duration(text, out value) ?? (value < ShortestInterval ? $"is shorter than {DurationText.Of(ShortestInterval)}" : null);

    private static Command Create()
    {
        var command = new Command("top", "Show the traffic of a running controller, live");
        foreach (var flag in (IEnumerable<Flag>)[AdminFlags.Admin, AdminFlags.TokenFile, By, Interval, Once])
        {
            command.Options.Add(flag.Option);
        }

        return command;
    }
}
