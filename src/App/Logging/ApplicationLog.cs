using Microsoft.Extensions.Logging.Console;

namespace IngressController.App.Logging;

/// <summary>The program's own log: on stderr, because stdout is the access log's.</summary>
internal static class ApplicationLog
{
    public static ILoggingBuilder AddApplicationLog(this ILoggingBuilder logging, LogFormat format)
    {
        logging.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("System", LogLevel.Warning)
            .AddFilter("Yarp", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // a failed start is said by the command, in one line
        logging.AddConsoleFormatter<PlainFormatter, ConsoleFormatterOptions>();
        logging.AddJsonConsole(json =>
        {
            json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            json.UseUtcTimestamp = true;
        });
        return logging.AddConsole(console =>
        {
            console.FormatterName = format == LogFormat.Json ? ConsoleFormatterNames.Json : PlainFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
    }
}
