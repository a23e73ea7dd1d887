using IngressController.Certificates.Acme;
using IngressController.Cluster;

namespace IngressController.App.Cli;

/// <summary>The settings of one certificate authority: of the flags, or of one value of <c>--acme-issuer</c>, which calls them as the flags without <c>--acme-</c>.</summary>
internal sealed class IssuerSettings
{
    private const string Prefix = "--acme-";
    private static readonly Uri LetsEncrypt = new("https://acme-v02.api.letsencrypt.org/directory");

    private readonly FlagReader flags;
    private readonly Func<Flag, IReadOnlyList<(string Origin, string Text)>> find;
    private readonly Func<Flag, string> nameOf;

    public IssuerSettings(FlagReader flags)
        : this(flags, flags.Find, flag => flag.Name)
    {
    }

    private IssuerSettings(FlagReader flags, Func<Flag, IReadOnlyList<(string, string)>> find, Func<Flag, string> nameOf) => (this.flags, this.find, this.nameOf) = (flags, find, nameOf);

    /// <param name="text"><c>name=NAME,SETTING=VALUE,...</c>; those that flags may repeat may be repeated.</param>
    /// <returns>Null where that is an error.</returns>
    public static (string Name, IssuerSettings Settings)? Of(FlagReader flags, string origin, string text)
    {
        var pairs = text.Split(',').Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries)).ToList();
        var name = pairs.Find(pair => pair is ["name", _])?[1];
        if (name is null || FlagValue.DnsSubdomain(name, out _) is not null || pairs.Exists(pair => pair is not [_, { Length: > 0 }]))
        {
            flags.Error($"{origin}: '{text}' is not 'name=NAME,SETTING=VALUE,...' with a name of lower-case letters, digits, '-' and '.'");
            return null;
        }

        var settings = Flags.OfIssuer.ToDictionary(flag => flag.Name[Prefix.Length..]);
        foreach (var setting in pairs.Select(pair => pair[0]).CountBy(key => key))
        {
            if (setting.Key != "name" && !settings.ContainsKey(setting.Key))
            {
                flags.Error($"{origin} {name}: there is no setting {setting.Key}{Suggestion.For(setting.Key, settings.Keys)}");
            }
            else if (setting.Value > 1 && setting.Key != Flags.AcmeChallenge.Name[Prefix.Length..])
            {
                flags.Error($"{origin} {name}: {setting.Key} is given more than once");
            }
        }

        string NameOf(Flag flag) => $"{origin} {name}: {flag.Name[Prefix.Length..]}";
        return (name, new(flags, flag => [.. pairs.Where(pair => Prefix + pair[0] == flag.Name).Select(pair => (NameOf(flag), pair[1]))], NameOf));
    }

    public Issuer Read(string name)
    {
        var dns = Dns();
        return new(name, One(Flags.AcmeDirectory, AcmeFlagValue.Directory, LetsEncrypt))
        {
            Email = One<string?>(Flags.AcmeEmail, AcmeFlagValue.Email!, null),
            ExternalAccount = ExternalAccount(),
            KeyType = One(Flags.AcmeKeyType, AcmeFlagValue.KeyType, CertificateKeyType.EcdsaP256),
            Profile = One<string?>(Flags.AcmeProfile, AcmeFlagValue.Name!, null),
            PreferredChain = One<string?>(Flags.AcmePreferredChain, AcmeFlagValue.Name!, null),
            CaBundle = One<string?>(Flags.AcmeCaBundle, AcmeFlagValue.CaBundle!, null),
            Challenges = Challenges(),
            Dns = dns,
        };
    }

    private ExternalAccount? ExternalAccount()
    {
        var id = One(Flags.AcmeEabKeyId, AcmeFlagValue.Name, "");
        var key = One<EquatableArray<byte>>(Flags.AcmeEabKeyFile, AcmeFlagValue.Base64UrlFile, []);
        return GoTogether(Flags.AcmeEabKeyId, Flags.AcmeEabKeyFile) ? new(id, key) : null;
    }

    private EquatableArray<ChallengeKind> Challenges()
    {
        Flag[] hooks = [Flags.AcmeDnsServer, Flags.AcmeDnsExec, Flags.AcmeDnsWebhook];
        var given = hooks.Where(IsGiven).ToList();
        var kinds = find(Flags.AcmeChallenge).Select(value => flags.Read<ChallengeKind>(value.Origin, value.Text, AcmeFlagValue.Challenge, default)).Distinct().ToList();
        if (kinds.Count == 0)
        {
            return given.Count > 0 ? [ChallengeKind.Http01, ChallengeKind.TlsAlpn01, ChallengeKind.Dns01] : [ChallengeKind.Http01, ChallengeKind.TlsAlpn01];
        }

        if (kinds.Contains(ChallengeKind.Dns01) && given.Count == 0)
        {
            flags.Error($"{nameOf(Flags.AcmeChallenge)}: dns-01 needs one of {string.Join(", ", hooks.Select(nameOf))}");
        }

        if (!kinds.Contains(ChallengeKind.Dns01) && given.Count > 0)
        {
            flags.Error($"{nameOf(given[0])} says nothing without dns-01 among {nameOf(Flags.AcmeChallenge)}");
        }

        return kinds.ToEquatableArray();
    }

    private DnsOptions? Dns()
    {
        var server = One<(string Host, int Port)?>(Flags.AcmeDnsServer, AcmeFlagValue.NameServer, null);
        var key = Key();
        var program = One<string?>(Flags.AcmeDnsExec, AcmeFlagValue.Program!, null);
        var webhook = One<Uri?>(Flags.AcmeDnsWebhook, AcmeFlagValue.Webhook, null);
        var given = new[] { Flags.AcmeDnsServer, Flags.AcmeDnsExec, Flags.AcmeDnsWebhook }.Where(IsGiven).ToList();
        if (given.Count > 1)
        {
            flags.Error($"{string.Join(" and ", given.Select(nameOf))} exclude each other");
        }

        foreach (var flag in new[] { Flags.AcmeDnsTsigName, Flags.AcmeDnsTsigAlgorithm, Flags.AcmeDnsTsigSecretFile }.Where(flag => IsGiven(flag) && !IsGiven(Flags.AcmeDnsServer)))
        {
            flags.Error($"{nameOf(flag)} says nothing without {nameOf(Flags.AcmeDnsServer)}");
        }

        return given.Count == 0 ? null : new() { Program = program, Webhook = webhook, Server = server is var (host, port) ? new(host, port, key) : null };
    }

    private TsigKey? Key()
    {
        var name = One(Flags.AcmeDnsTsigName, AcmeFlagValue.DomainName, "");
        var algorithm = One(Flags.AcmeDnsTsigAlgorithm, AcmeFlagValue.TsigAlgorithm, "hmac-sha256");
        var secret = One<EquatableArray<byte>>(Flags.AcmeDnsTsigSecretFile, AcmeFlagValue.Base64File, []);
        if (GoTogether(Flags.AcmeDnsTsigName, Flags.AcmeDnsTsigSecretFile))
        {
            return new(name, algorithm, secret);
        }

        if (IsGiven(Flags.AcmeDnsTsigAlgorithm) && !IsGiven(Flags.AcmeDnsTsigName) && IsGiven(Flags.AcmeDnsServer))
        {
            flags.Error($"{nameOf(Flags.AcmeDnsTsigAlgorithm)} says nothing without {nameOf(Flags.AcmeDnsTsigName)}");
        }

        return null;
    }

    /// <summary>Both are given; one alone is an error.</summary>
    private bool GoTogether(Flag one, Flag other)
    {
        if (IsGiven(one) != IsGiven(other))
        {
            flags.Error($"{nameOf(one)} and {nameOf(other)} belong together; give both");
        }

        return IsGiven(one) && IsGiven(other);
    }

    private bool IsGiven(Flag flag) => find(flag).Count > 0;

    private T One<T>(Flag flag, ReadValue<T> read, T fallback) => find(flag) is [var (origin, text), ..] ? flags.Read(origin, text, read, fallback) : fallback;
}
