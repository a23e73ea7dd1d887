using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>
/// One certificate, from the decision to the Secret. Begins where the state says that it was left: whatever cannot be taken back is written down before, so that a crash
/// anywhere loses nothing and orders nothing twice.
/// <code>
///   key written down -> order made -> its URL written down -> challenges written down -> seen by every replica -> answered -> proven -> finalised -> downloaded
///   -> old certificate revoked, if somebody asked for that -> Secret written -> order crossed out
/// </code>
/// </summary>
internal sealed class Issuance(Desk desk, WantedCertificate wanted, RenewalWindows windows)
{
    /// <summary>Most authorities take seconds; then it is left for a while and taken up again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <returns>What is wrong with which hosts; empty: the certificate is there, or is not needed.</returns>
    /// <exception cref="AcmeException"/>
    /// <exception cref="StateLostException"/>
    /// <exception cref="IOException">The Secret of the certificate cannot be read or written.</exception>
    public async Task<EquatableArray<HostFailure>> RunAsync(CancellationToken cancellationToken)
    {
        var isResumed = desk.Book.State.OrderFor(wanted) is not null;
        if (!isResumed && !await BeginAsync(cancellationToken))
        {
            return [];
        }

        var account = await desk.Accounts.OpenAsync(wanted.Issuer, cancellationToken);
        using var key = CertificateKey.Read(Record.Key);
        var order = await FindOrderAsync(account, isResumed, cancellationToken);
        if (order.Status == OrderStatus.Pending)
        {
            var (proven, failed) = await new Proof(desk, wanted, account).ProveAsync(order, cancellationToken);
            if (!failed.IsEmpty)
            {
                return failed;
            }

            order = proven;
        }

        order = order.Status == OrderStatus.Ready ? await FinalizeAsync(account, order, key, cancellationToken) : order;
        order = order.Status is OrderStatus.Processing or OrderStatus.Ready
            ? await account.PollOrderAsync(order.Url, polled => polled.Status is not OrderStatus.Processing and not OrderStatus.Ready, Patience, cancellationToken) : order;
        if (order.Status != OrderStatus.Valid)
        {
            return Blame.For(wanted, order.Error, order.Error?.Sentence ?? $"{wanted.Issuer.Name} says that the order is {order.Status.ToString().ToLowerInvariant()}, and not why");
        }

        using var issued = await account.DownloadAsync(order, key, cancellationToken);
        await new Storing(desk, wanted, account).StoreAsync(issued, key, cancellationToken);
        return [];
    }

    private OrderRecord Record => desk.Book.State.OrderFor(wanted) ?? throw new StateLostException("an order has gone from it");

    /// <summary>Writes down what is to be ordered. The news may be behind, so the Secret itself is looked at.</summary>
    /// <returns>False: nothing is to be ordered.</returns>
    private async Task<bool> BeginAsync(CancellationToken cancellationToken)
    {
        var seen = desk.News.Now?.Secrets.GetValueOrDefault(wanted.Secret);
        var stored = await desk.Secrets.FindAsync(wanted.Secret, cancellationToken);
        var held = stored is null ? null : HeldCertificate.Of(stored.Secret, desk.Options.Owner);
        desk.Fresh.Note(wanted.Secret, seen, held);
        if (SecretOwner.Refuse(wanted, stored?.Secret, desk.Options.Owner) is { } refusal)
        {
            throw new IOException($"Secret {wanted.Secret} cannot be written: {refusal.Why}. {refusal.Cure}");
        }

        if (RenewalTime.Of(wanted, held, windows.Of(held)) > desk.Now)
        {
            return false;
        }

        await desk.Accounts.OpenAsync(wanted.Issuer, cancellationToken);
        using var key = CertificateKey.Create(wanted.Issuer.KeyType);
        var order = new OrderRecord(wanted.Secret, wanted.Issuer.Name, wanted.Hosts, key.Pem, desk.Now) { Challenge = Kind(), Replaces = Replaced(held) };
        await desk.UpdateAsync(state => state.Begin(order, desk.Options, desk.Now));
        return true;
    }

    /// <summary>After a failure the next kind, in the order of the issuer.</summary>
    private ChallengeKind Kind()
    {
        var kinds = OrderableHost.ProvingKinds(wanted.Hosts, wanted.Issuer);
        var failures = desk.Book.State.Failures.Where(failure => wanted.Hosts.Contains(failure.Host)).Select(failure => failure.Count).DefaultIfEmpty().Max();
        return kinds[failures % kinds.Count];
    }

    private string? Replaced(HeldCertificate? held)
    {
        if (held?.Leaf is not { } leaf || !held.IsFrom(wanted.Issuer))
        {
            return null;
        }

        using var certificate = X509CertificateLoader.LoadCertificate(leaf.Certificate.AsSpan());
        return CertificateId.Of(certificate);
    }

    private async Task<Order> FindOrderAsync(AcmeAccount account, bool isResumed, CancellationToken cancellationToken)
    {
        if (Record.Url is { } url)
        {
            try
            {
                return await account.GetOrderAsync(url, cancellationToken);
            }
            catch (AcmeException gone) when (gone.Problem?.Status is 403 or 404 && !gone.Is(AcmeProblem.AccountDoesNotExist) && !gone.IsUnavailable)
            {
                await desk.UpdateAsync(state => state.WithOrders(wanted.IsMeantBy, order => order with { Url = null, Tokens = [] }).Count(Record, desk.Options, desk.Now));
            }
        }
        else if (isResumed && await FindLostAsync(account, cancellationToken) is { } lost)
        {
            return await NoteAsync(lost);
        }

        return await NoteAsync(await OrderAsync(account, cancellationToken));
    }

    /// <summary>A crash may have come between an order and our note of it. Authorities that offer no list mostly give the same order again.</summary>
    private async Task<Order?> FindLostAsync(AcmeAccount account, CancellationToken cancellationToken)
    {
        const int newest = 20;
        var noted = desk.Book.State.Orders.Select(order => order.Url).ToHashSet();
        var listed = await account.ListOrdersAsync(cancellationToken) ?? [];
        foreach (var url in listed.Where(url => !noted.Contains(url)).TakeLast(newest).Reverse())
        {
            var order = await account.GetOrderAsync(url, cancellationToken);
            if (order.Status is OrderStatus.Pending or OrderStatus.Ready && order.Hosts.ToHashSet().SetEquals(wanted.Hosts))
            {
                return order;
            }
        }

        return null;
    }

    private async Task<Order> OrderAsync(AcmeAccount account, CancellationToken cancellationToken)
    {
        try
        {
            return await OrderReplacingAsync(account, cancellationToken);
        }
        catch (AcmeException refused) when (refused.Is(AcmeProblem.Unauthorized) && !refused.IsUnavailable)
        {
            await desk.Accounts.ThrowIfEndedAsync(wanted.Issuer, account, refused, cancellationToken);
            throw;
        }
    }

    private async Task<Order> OrderReplacingAsync(AcmeAccount account, CancellationToken cancellationToken)
    {
        try
        {
            return await account.OrderAsync(wanted.Hosts, Record.Replaces, cancellationToken);
        }
        catch (AcmeException refused) when (Record.Replaces is not null && !refused.IsUnavailable && !refused.Is(AcmeProblem.RateLimited) && !refused.Is(AcmeProblem.AccountDoesNotExist))
        {
            // RFC 9773 section 5 knows alreadyReplaced; Boulder refuses a predecessor of another account or one that it has lost in other words. What else is refused is refused again.
            return await account.OrderAsync(wanted.Hosts, null, cancellationToken);
        }
    }

    /// <summary>RFC 8555 section 7.4: whatever the authority made of an earlier request, it says so by the order.</summary>
    private static async Task<Order> FinalizeAsync(AcmeAccount account, Order order, CertificateKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await account.FinalizeAsync(order, key, cancellationToken);
        }
        catch (AcmeException refused) when (refused.Is(AcmeProblem.OrderNotReady))
        {
            return await account.GetOrderAsync(order.Url, cancellationToken);
        }
    }

    private async Task<Order> NoteAsync(Order order)
    {
        await desk.UpdateAsync(state => state.WithOrders(wanted.IsMeantBy, record => record with { Url = order.Url }));
        return order;
    }
}
