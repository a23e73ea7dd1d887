namespace IngressController.App.Cli;

/// <summary>The flags of commands that ask a running controller.</summary>
internal static class AdminFlags
{
    private const int DefaultPort = 9090;

    public static Flag Admin { get; } = Flag.One("--admin", "ADDR", "Ask a running controller at its admin port, as in 127.0.0.1:9090");
    public static Flag TokenFile { get; } = Flag.One("--admin-token-file", "FILE", "The file with the token that this controller wants from other hosts");

    /// <returns>Null where no controller is to be asked.</returns>
    public static AdminClient? Read(FlagReader flags)
    {
        var address = flags.One<Uri?>(Admin, Address, null);
        var file = flags.One<string?>(TokenFile, FlagValue.TokenFile!, null);
        if (file is not null && !flags.IsGiven(Admin))
        {
            flags.Error($"{TokenFile.Name} is for {Admin.Name}");
        }

        return address is null ? null : new(address, file);
    }

    /// <summary><c>HOST</c>, <c>HOST:PORT</c> or a URL without a path.</summary>
    private static string? Address(string text, out Uri? value)
    {
        var isUrl = text.Contains("://", StringComparison.Ordinal);
        if (!Uri.TryCreate(isUrl ? text : $"http://{text}", UriKind.Absolute, out value) || value.Scheme is not ("http" or "https") || value.PathAndQuery != "/" || value.UserInfo.Length > 0)
        {
            return "is not an address, as in 127.0.0.1:9090";
        }

        value = !isUrl && value.IsDefaultPort && !text.EndsWith(":80", StringComparison.Ordinal) ? new UriBuilder(value) { Port = DefaultPort }.Uri : value;
        return null;
    }
}
