using IngressController.Cluster;
using IngressController.Routing.Translation;

namespace IngressController.App.Cli;

/// <summary>The flags that decide what objects mean.</summary>
internal static class TranslationFlags
{
    public static TranslationOptions Read(FlagReader flags)
    {
        var defaults = new TranslationOptions();
        var names = flags.Many<string>(Flags.ControllerName, FlagValue.Text);
        return new()
        {
            ControllerNames = names.IsEmpty ? defaults.ControllerNames : names,
            IngressClass = flags.One(Flags.IngressClass, FlagValue.Text, defaults.IngressClass),
            WatchIngressWithoutClass = flags.Switch(Flags.WatchIngressWithoutClass),
            DefaultBackendService = flags.One<DefaultBackendService?>(Flags.DefaultBackendService, FlagValue.DefaultBackend, null),
            DefaultTlsSecret = flags.One<NamespacedName?>(Flags.DefaultTlsSecret, FlagValue.OptionalObjectName, null),
            TcpServices = flags.One<NamespacedName?>(Flags.TcpServicesConfigmap, FlagValue.OptionalObjectName, null),
            UdpServices = flags.One<NamespacedName?>(Flags.UdpServicesConfigmap, FlagValue.OptionalObjectName, null),
            AllowExternalNames = flags.Switch(Flags.AllowExternalNames),
            AllowLocalTargets = true, // whoever writes the files of the directory owns the machine; not so in a cluster
            RedirectsToHttps = flags.One(Flags.SslRedirect, FlagValue.Switch, defaults.RedirectsToHttps),
            StrictTransportSecurity = flags.One<string?>(Flags.Hsts, FlagValue.StrictTransportSecurity!, null),
            NodeName = flags.One<string?>(Flags.NodeName, FlagValue.DnsSubdomain!, null),
            Zone = flags.One<string?>(Flags.Zone, FlagValue.Text!, null),
        };
    }
}
