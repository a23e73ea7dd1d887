using System.Diagnostics.Metrics;
using System.Threading.Channels;
using IngressController.Certificates.Acme;
using IngressController.Certificates.Acme.Issuing;
using IngressController.Cluster;
using IngressController.Cluster.Resources;
using IngressController.Kubernetes.Manifests;
using IngressController.Testing;
using IngressController.Testing.Acme;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IngressController.EndToEnd.Acme.Issuing;

/// <summary>Ingresses that want certificates, a strict authority, and a directory in which the leader keeps what it makes and from which it comes back as news.</summary>
internal sealed class IssuingWorld : IAsyncDisposable
{
    public static readonly NamespacedName State = new("ingress", "controller-acme");

    private readonly TemporaryDirectory directory = new();
    private readonly ClusterStore store = new();
    private readonly Lock gate = new();
    private readonly List<Leader> leaders = [];
    private readonly CancellationTokenSource end = new();
    private readonly Task following;
    private int stirs;

    private IssuingWorld(FakeAcme authority, ShiftedClock clock, Func<Issuer, Issuer> change)
    {
        (Authority, Clock) = (authority, clock);
        Options = new([change(new Issuer("main", authority.Directory) { CaBundle = authority.CaBundle, Email = "ops@example.com" })], State, "ingress/controller");
        Directory = new(directory.Path);
        Writer = Directory;
        following = FollowAsync(end.Token);
    }

    public FakeAcme Authority { get; }

    public AcmeRules Rules => Authority.Rules;

    /// <summary>Ours and the authority's.</summary>
    public ShiftedClock Clock { get; }

    public AcmeOptions Options { get; set; }

    public StateDirectory Directory { get; }

    /// <summary>What those who lead from now on write with.</summary>
    public ISecretWriter Writer { get; set; }

    public ClusterSnapshot Snapshot
    {
        get
        {
            lock (gate)
            {
                return store.Current;
            }
        }
    }

    /// <param name="change">Of the issuer.</param>
    /// <param name="rules">With a clock of its own; null: nothing is validated.</param>
    public static async Task<IssuingWorld> StartAsync(Func<Issuer, Issuer>? change = null, Action<AcmeRules>? rules = null)
    {
        var clock = new ShiftedClock();
        var settings = new AcmeRules { Time = clock, SkipsValidation = true };
        rules?.Invoke(settings);
        return new(await FakeAcme.StartAsync(settings), clock, change ?? (issuer => issuer));
    }

    /// <summary>An Ingress with these hosts in its rules and in one entry of <c>spec.tls</c>.</summary>
    public static Ingress Ingress(string secret, params string[] hosts) =>
        hosts.Aggregate(Make.Ingress($"shop/of-{secret}"), (ingress, host) => ingress.WithRule(host, "Prefix /")).Annotated(AcmeAnnotations.Wanted, "true") with { Tls = [new(hosts.ToEquatableArray(), secret)] };

    public static NamespacedName Secret(string name) => new("shop", name);

    public void Apply(params IEnumerable<IResource> resources) => Change([.. Make.Changes(resources)]);

    public void Delete(params IEnumerable<IResource> resources) => Change([.. resources.Select(resource => new ResourceChange(resource.Key, null))]);

    /// <summary>An Ingress comes that is nothing to us, and everybody looks at the clock.</summary>
    public void Stir() => Apply(Make.Ingress($"other/stir{Interlocked.Increment(ref stirs)}"));

    /// <summary>The leader has looked at what there is now: it has issued what was asked for after that.</summary>
    public async Task LookedAsync()
    {
        var name = $"marker{Interlocked.Increment(ref stirs)}";
        Apply(Ingress(name, $"{name}.example.com"));
        await IssuedAsync(name);
    }

    public int OrdersOf(string host) => Authority.Orders.Count(order => order.Hosts.Contains(host));

    /// <summary>Somebody deletes it with kubectl.</summary>
    public void Remove(string secret) => File.Delete(directory.File($"shop/{secret}.json"));

    /// <summary>Nobody leads any more.</summary>
    public Task EndAsync() => Task.WhenAll(leaders.Select(leader => leader.KillAsync()));

    /// <summary>The leader is gone, and the next one has other options.</summary>
    public async Task<Leader> LeadAgainAsync(Func<Issuer, Issuer>? change = null)
    {
        await EndAsync();
        Options = Options with { Issuers = [(change ?? (issuer => issuer))(Options.Issuers[0])] };
        return Lead();
    }

    /// <summary>A replica that has just become the leader.</summary>
    public Leader Lead()
    {
        var leader = new Leader(Options, Writer, Clock, end.Token);
        lock (gate)
        {
            leaders.Add(leader);
            leader.Issuing.Note(store.Current, store.Current.Ingresses.Keys);
        }

        return leader;
    }

    public async Task<AcmeState> StateAsync() => AcmeState.Read((await Directory.FindAsync(State, default))?.Secret, out _);

    public async Task<Secret?> FindAsync(string secret) => (await Directory.FindAsync(Secret(secret), default))?.Secret;

    /// <summary>The serial number that is noted on the Secret; empty where there is none.</summary>
    public async Task<string> SerialAsync(string secret) => (await FindAsync(secret))?.Metadata.Annotations.GetValueOrDefault(AcmeAnnotations.Serial) ?? "";

    /// <summary>Its certificate is there, and nothing is pending.</summary>
    public Task IssuedAsync(params string[] secrets) => Eventually.TrueAsync(
        async () =>
        {
            var serials = await Task.WhenAll(secrets.Select(SerialAsync));
            return serials.All(serial => serial.Length > 0) && (await StateAsync()).Orders.IsEmpty;
        },
        $"{string.Join(", ", secrets)} issued");

    /// <summary>Another certificate than this is there, and nothing is pending.</summary>
    public Task RenewedAsync(string secret, string serial) =>
        Eventually.TrueAsync(async () => await SerialAsync(secret) is { Length: > 0 } now && now != serial && (await StateAsync()).Orders.IsEmpty, $"{secret} renewed");

    /// <summary>Somebody writes on a Secret with kubectl.</summary>
    public async Task AnnotateAsync(NamespacedName name, string annotation, string value)
    {
        var isWritten = false;
        while (!isWritten)
        {
            var stored = (await Directory.FindAsync(name, default))!;
            var annotations = stored.Secret.Metadata.Annotations.Append(new(annotation, value)).ToEquatableMap();
            isWritten = await Directory.WriteAsync(stored.Secret with { Metadata = stored.Secret.Metadata with { Annotations = annotations } }, stored.Version, default) is not null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await following;
        await Task.WhenAll(leaders.Select(leader => leader.EndAsync())).InTime();
        await Authority.DisposeAsync();
        Directory.Dispose();
        directory.Dispose();
        end.Dispose();
    }

    private void Change(IEnumerable<ResourceChange> changes)
    {
        lock (gate)
        {
            store.Apply(changes);
            leaders.ForEach(leader => leader.Issuing.Note(store.Current, store.Current.Ingresses.Keys));
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        var updates = Channel.CreateUnbounded<SourceUpdate>();
        var reading = new DirectorySource(directory.Path, null, TimeProvider.System, NullLogger<DirectorySource>.Instance).RunAsync(updates.Writer, stop);
        try
        {
            await foreach (var update in updates.Reader.ReadAllAsync(stop))
            {
                Change(update.Changes);
            }
        }
        catch (OperationCanceledException)
        {
            await reading;
        }
    }

    /// <summary>One term of one replica.</summary>
    internal sealed class Leader
    {
        private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        private readonly LogLines<AcmeIssuing> log = new();
        private readonly CancellationTokenSource term;
        private readonly Task work;

        public Leader(AcmeOptions options, ISecretWriter writer, TimeProvider time, CancellationToken end)
        {
            term = CancellationTokenSource.CreateLinkedTokenSource(end);
            Meters = services.GetRequiredService<IMeterFactory>();
            Readings = new(Meters);
            Issuing = new(options, writer, Meters, time, log);
            work = Issuing.RunAsync(term.Token);
        }

        public AcmeIssuing Issuing { get; }

        public IMeterFactory Meters { get; }

        public MeterReadings Readings { get; }

        public IReadOnlyCollection<string> Lines => log.Lines;

        /// <summary>At once, whatever it is doing: as a kill does, but that what is half written is written to its end or not at all.</summary>
        public Task KillAsync() => term.CancelAsync();

        public async Task EndAsync()
        {
            await term.CancelAsync();
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Readings.Dispose();
            await services.DisposeAsync();
            term.Dispose();
        }
    }
}
