using System.Collections.Immutable;
using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>What the cluster says about certificates by ACME at one moment.</summary>
/// <param name="Secrets">Those that exist of the certificates that are asked for.</param>
/// <param name="Held">What is in them.</param>
/// <param name="State">As the leader wrote it and every replica has read it.</param>
/// <param name="StateProblem">It cannot be read; null: it can.</param>
/// <param name="RollOver">The issuer whose account shall get a new key; null: none.</param>
internal sealed record News(
    WantedCertificates Wanted,
    ImmutableDictionary<NamespacedName, Secret> Secrets,
    ImmutableDictionary<NamespacedName, HeldCertificate> Held,
    AcmeState State,
    Problem? StateProblem,
    string? RollOver)
{
    public static News None { get; } = new(
        WantedCertificates.None, ImmutableDictionary<NamespacedName, Secret>.Empty, ImmutableDictionary<NamespacedName, HeldCertificate>.Empty, AcmeState.Empty, null, null);
}

/// <summary>Follows the cluster; reads again only what has changed. Belongs to one task.</summary>
internal sealed class Survey(AcmeOptions options)
{
    private ClusterSnapshot? snapshot;
    private Secret? stateSecret;
    private News news = News.None;

    /// <param name="served">The Ingresses that are ours. Looked at only where something has changed that decides it.</param>
    /// <returns>The same object where nothing is new.</returns>
    public News Next(ClusterSnapshot now, IEnumerable<NamespacedName> served)
    {
        if (snapshot is { } before && before.Ingresses == now.Ingresses && before.Secrets == now.Secrets && before.IngressClasses == now.IngressClasses && before.Namespaces == now.Namespaces)
        {
            return news;
        }

        if (snapshot is not { } old || !IsAlikeButForState(old, now))
        {
            var wanted = WantedCertificates.In(now, served, options);
            var (secrets, held) = Read(now, wanted);
            news = news with { Wanted = wanted, Secrets = secrets, Held = held };
        }

        snapshot = now;
        var secret = now.Secrets.GetValueOrDefault(options.State);
        if (secret != stateSecret)
        {
            stateSecret = secret;
            var state = AcmeState.Read(secret, out var problem);
            news = news with { State = state, StateProblem = problem, RollOver = secret?.Metadata.Annotations.GetValueOrDefault(AcmeAnnotations.RollOver)?.Trim() };
        }

        return news;
    }

    /// <summary>The state changes with each step of each order, and says nothing about what is wanted.</summary>
    private bool IsAlikeButForState(ClusterSnapshot before, ClusterSnapshot now) =>
        before.Ingresses == now.Ingresses && before.IngressClasses == now.IngressClasses && before.Namespaces == now.Namespaces
        && Count(before) == Count(now) && now.Secrets.All(item => item.Key == options.State || ReferenceEquals(before.Secrets.GetValueOrDefault(item.Key), item.Value));

    private int Count(ClusterSnapshot snapshot) => snapshot.Secrets.Count - (snapshot.Secrets.ContainsKey(options.State) ? 1 : 0);

    /// <summary>On all cores, because at the start there may be thousands.</summary>
    private (ImmutableDictionary<NamespacedName, Secret> Secrets, ImmutableDictionary<NamespacedName, HeldCertificate> Held) Read(ClusterSnapshot now, WantedCertificates wanted)
    {
        var names = wanted.All.Select(certificate => certificate.Secret).Concat(wanted.Refused.Select(certificate => certificate.Secret));
        var found = from name in names.AsParallel()
                    let secret = now.Secrets.GetValueOrDefault(name)
                    where secret is not null
                    let isKnown = news.Secrets.TryGetValue(name, out var known) && known == secret
                    select (Name: name, Secret: secret, Held: isKnown ? news.Held[name] : HeldCertificate.Of(secret, options.Owner));
        var all = found.ToList();
        return (all.ToImmutableDictionary(item => item.Name, item => item.Secret), all.ToImmutableDictionary(item => item.Name, item => item.Held));
    }
}

/// <summary>The latest news, for whoever waits for them. One writes, many read.</summary>
internal sealed class NewsBoard
{
    private volatile Page page = new(null);

    /// <summary>Null: none yet.</summary>
    public News? Now => page.News;

    /// <summary>Ends when there is something to look at that was not there when it was asked for.</summary>
    public Task Next => page.Ended.Task;

    public void Put(News news) => Turn(new(news));

    /// <summary>Whoever waits looks again.</summary>
    public void Poke() => Turn(new(page.News));

    public async Task<News> UntilAsync(Predicate<News> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = page;
            if (read.News is { } news && condition(news))
            {
                return news;
            }

            await read.Ended.Task.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc cref="UntilAsync(Predicate{News}, CancellationToken)"/>
    /// <exception cref="TimeoutException"/>
    public async Task<News> UntilAsync(Predicate<News> condition, TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await UntilAsync(condition, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private void Turn(Page next)
    {
        var before = Interlocked.Exchange(ref page, next);
        before.Ended.TrySetResult();
    }

    private sealed record Page(News? News)
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
