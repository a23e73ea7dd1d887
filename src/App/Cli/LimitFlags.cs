using System.ComponentModel.DataAnnotations;
using IngressController.Proxy.Limits;

namespace IngressController.App.Cli;

/// <summary>The flags that say what clients may take. Their bounds stand with the options.</summary>
internal static class LimitFlags
{
    public static LimitOptions Read(FlagReader flags)
    {
        var defaults = new LimitOptions();
        var options = new LimitOptions
        {
            MaxConnections = flags.One(Flags.MaxConnections, FlagValue.Count, defaults.MaxConnections),
            MaxConnectionsPerClient = flags.One(Flags.MaxConnectionsPerClient, FlagValue.Count, defaults.MaxConnectionsPerClient),
            MaxRequestsPerConnection = flags.One(Flags.MaxRequestsPerConnection, FlagValue.Count, defaults.MaxRequestsPerConnection),
            MaxStreams = flags.One(Flags.MaxStreams, FlagValue.Count, defaults.MaxStreams),
            MaxHeaderBytes = flags.One(Flags.MaxHeaderBytes, FlagValue.Count, defaults.MaxHeaderBytes),
            MaxHeaderCount = flags.One(Flags.MaxHeaderCount, FlagValue.Count, defaults.MaxHeaderCount),
            MaxRequestLine = flags.One(Flags.MaxRequestLine, FlagValue.Count, defaults.MaxRequestLine),
            HeaderTimeout = flags.One(Flags.HeaderTimeout, FlagValue.Duration, defaults.HeaderTimeout),
            BodyTimeout = flags.One(Flags.BodyTimeout, FlagValue.Duration, defaults.BodyTimeout),
            MinBodyRate = flags.One(Flags.MinBodyRate, FlagValue.Count, defaults.MinBodyRate),
            WriteTimeout = flags.One(Flags.WriteTimeout, FlagValue.Duration, defaults.WriteTimeout),
            KeepAliveTimeout = flags.One(Flags.KeepAliveTimeout, FlagValue.Duration, defaults.KeepAliveTimeout),
        };
        var wrong = new List<ValidationResult>();
        Validator.TryValidateObject(options, new(options), wrong, validateAllProperties: true);
        wrong.ForEach(result => flags.Error($"{FlagOf(result.MemberNames.Single()).Name} {result.ErrorMessage}"));
        return options;
    }

    private static Flag FlagOf(string property) => Flags.OfLimits.Single(flag => flag.Name.Replace("-", "", StringComparison.Ordinal).Equals(property, StringComparison.OrdinalIgnoreCase));
}
