using System.Net;

namespace IngressController.Testing.Acme;

/// <summary>How a certificate authority behaves. May change while it runs.</summary>
public sealed class AcmeRules
{
    /// <summary>Of certificates, orders and nonces; TLS goes by the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Of good nonces, how many are refused: from 0 to below 1, evenly.</summary>
    public double NonceRejection { get; set; }

    public TimeSpan CertificateLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Profiles and the lifetime of their certificates; an order without one gets <see cref="CertificateLifetime"/>.</summary>
    public IDictionary<string, TimeSpan> Profiles { get; } = new Dictionary<string, TimeSpan> { ["classic"] = TimeSpan.FromDays(90), ["shortlived"] = TimeSpan.FromHours(160) };

    /// <summary>Common names of the roots. The first is in the chain that is offered first.</summary>
    public IReadOnlyList<string> Roots { get; init; } = ["Fake Root X1", "Fake Root X2"];

    /// <summary>Identifiers and HMAC keys. Where there are any, accounts need one.</summary>
    public IDictionary<string, byte[]> ExternalAccounts { get; } = new Dictionary<string, byte[]>();

    /// <summary>Kinds that are offered, for a wildcard only <c>dns-01</c>.</summary>
    public IReadOnlyList<string> Challenges { get; set; } = ["http-01", "tls-alpn-01", "dns-01"];

    /// <summary>Where every host answers on port 80; null: nowhere.</summary>
    public IPEndPoint? HttpAddress { get; set; }

    /// <summary>Where every host answers on port 443; null: nowhere.</summary>
    public IPEndPoint? TlsAddress { get; set; }

    /// <summary>The TXT records of a name.</summary>
    public Func<string, Task<IReadOnlyList<string>>> ResolveText { get; set; } = _ => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Everybody owns everything.</summary>
    public bool SkipsValidation { get; set; }

    /// <summary>A host that was proven need not be proven again.</summary>
    public bool ReusesAuthorizations { get; set; }

    /// <summary>A new order for the hosts of a pending or ready one is that one, as with Let's Encrypt.</summary>
    public bool ReusesOrders { get; set; }

    /// <summary>How often an order must be asked for before its certificate is there; 0: it is there when the request is.</summary>
    public int ProcessingQuestions { get; set; }

    /// <summary>With an order that is processed; null: none. Whole seconds.</summary>
    public TimeSpan? ProcessingRetryAfter { get; set; }

    /// <summary>Why no order becomes a certificate, after its request was accepted; null: they do.</summary>
    public string? IssuanceRefusal { get; set; }

    /// <summary>For these no orders are taken.</summary>
    public ISet<string> RefusedHosts { get; } = new HashSet<string>();

    /// <summary>How many new orders are still taken before <c>rateLimited</c>.</summary>
    public int OrdersLeft { get; set; } = int.MaxValue;

    /// <summary>With <c>rateLimited</c>; whole seconds.</summary>
    public TimeSpan RateLimitRetryAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>RFC 8555 section 7.1.2.1; Let's Encrypt has none.</summary>
    public bool ListsOrders { get; set; } = true;

    public int OrdersPerPage { get; set; } = 3;

    /// <summary>RFC 9773.</summary>
    public bool OffersRenewalInfo { get; set; } = true;

    /// <summary>When all certificates are to be renewed; null: in a window after two thirds of each one's life.</summary>
    public (DateTimeOffset Start, DateTimeOffset End)? RenewalWindow { get; set; }

    public TimeSpan RenewalRetryAfter { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Called before a request is carried out, and again before its answer leaves. The request waits for it.</summary>
    public Func<AcmeStep, Task> Hold { get; set; } = _ => Task.CompletedTask;
}
