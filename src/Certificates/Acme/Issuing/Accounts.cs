using System.Collections.Concurrent;
using IngressController.Certificates.Acme.Protocol;
using Microsoft.Extensions.Logging;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>Our accounts at the authorities, each registered once. Lasts for a term. Thread-safe.</summary>
internal sealed class Accounts(StateBook book, TimeProvider time, ILogger log) : IDisposable
{
    private readonly ConcurrentDictionary<string, AcmeClient> clients = new();
    private readonly ConcurrentDictionary<string, AcmeAccount> open = new();
    private readonly AccountKeys keys = new();
    private readonly SemaphoreSlim gate = new(1);

    public AcmeClient ClientOf(Issuer issuer) => clients.GetOrAdd(issuer.Name, _ => new(issuer, time));

    /// <summary>Registers it where that has not happened yet, with its key written down before.</summary>
    /// <exception cref="AcmeException"/>
    /// <exception cref="StateLostException"/>
    public async Task<AcmeAccount> OpenAsync(Issuer issuer, CancellationToken cancellationToken)
    {
        if (open.TryGetValue(issuer.Name, out var account))
        {
            return account;
        }

        await gate.WaitAsync(cancellationToken);
        try
        {
            return open.TryGetValue(issuer.Name, out account) ? account : open[issuer.Name] = await BeginAsync(issuer, cancellationToken);
        }
        catch (AcmeException refused) when (!refused.IsUnavailable)
        {
            throw OfAccount(refused);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The authority does not know it any more, nor its orders.</summary>
    public async Task ForgetAsync(Issuer issuer, CancellationToken cancellationToken)
    {
        open.TryRemove(issuer.Name, out _);
        await book.UpdateAsync(state => With(state, issuer, account => account with { Url = null }).WithOrders(order => order.Issuer == issuer.Name, order => order with { Url = null, Tokens = [] }), cancellationToken);
    }

    /// <summary>After a refusal that may be the account's fault: one that was ended for good (RFC 8555 section 7.3.6) is forgotten, and the next to open it makes another.</summary>
    /// <param name="account">Which was refused; meanwhile there may be another.</param>
    /// <exception cref="AcmeException">It was ended; or the authority cannot be asked.</exception>
    public async Task ThrowIfEndedAsync(Issuer issuer, AcmeAccount account, AcmeException refused, CancellationToken cancellationToken)
    {
        if (book.State.AccountOf(issuer) is not { } record || record.Url != account.Url)
        {
            throw OfAccount(refused);
        }

        try
        {
            await ClientOf(issuer).RegisterAsync(keys.Read(record.Key), onlyExisting: true, cancellationToken);
        }
        catch (AcmeException ended) when (ended.Is(AcmeProblem.Unauthorized) && !ended.IsUnavailable)
        {
            await ForgetAsync(issuer, cancellationToken);
            throw OfAccount(ended);
        }
    }

    /// <summary>Gives the account a new key (RFC 8555 section 7.3.5). Call it while no order of the issuer is worked on: pending challenges are answered with the key.</summary>
    public async Task RollOverAsync(Issuer issuer, CancellationToken cancellationToken)
    {
        await OpenAsync(issuer, cancellationToken); // ends what a crash left half done
        open.TryRemove(issuer.Name, out _);
        using var next = AccountKey.Create();
        await book.UpdateAsync(state => With(state, issuer, account => account with { NextKey = account.NextKey ?? next.Pem }), cancellationToken);
        await OpenAsync(issuer, cancellationToken);
    }

    public void Dispose()
    {
        gate.Dispose();
        foreach (var client in clients.Values)
        {
            client.Dispose();
        }

        keys.Dispose();
    }

    private async Task<AcmeAccount> BeginAsync(Issuer issuer, CancellationToken cancellationToken)
    {
        var record = await RecordAsync(issuer, cancellationToken);
        var (client, key) = (ClientOf(issuer), keys.Read(record.Key));
        if (record is { Url: { } known, NextKey: { } next })
        {
            return await SettleAsync(client, client.Use(key, known), next, cancellationToken);
        }

        if (record.Url is { } url)
        {
            var account = client.Use(key, url);
            await TellAddressAsync(account, record, issuer, cancellationToken);
            return account;
        }

        try
        {
            return await RegisterAsync(client, key, cancellationToken);
        }
        catch (AcmeException ended) when (ended.Is(AcmeProblem.Unauthorized) && issuer.ExternalAccount is null)
        {
            // RFC 8555 section 7.3.6: the account of this key was ended for good.
            log.AccountEnded(issuer.Name, ended.Message);
            var other = keys.Create();
            await book.UpdateAsync(state => With(state, issuer, account => account with { Key = other.Pem, NextKey = null }), cancellationToken);
            return await RegisterAsync(client, other, cancellationToken);
        }
    }

    private async Task<AccountRecord> RecordAsync(Issuer issuer, CancellationToken cancellationToken)
    {
        if (book.State.AccountOf(issuer) is { } known)
        {
            return known;
        }

        using var key = AccountKey.Create();
        var made = new AccountRecord(issuer.Name, issuer.Directory, key.Pem, null);
        await book.UpdateAsync(state => state with { Accounts = [.. state.Accounts, made] }, cancellationToken);
        return made;
    }

    private async Task<AcmeAccount> RegisterAsync(AcmeClient client, AccountKey key, CancellationToken cancellationToken)
    {
        var (issuer, url) = (client.Issuer, await client.RegisterAsync(key, onlyExisting: false, cancellationToken));
        await book.UpdateAsync(state => With(state, issuer, account => account with { Url = url, Email = issuer.Email }), cancellationToken);
        log.Registered(issuer.Name, url);
        return client.Use(key, url);
    }

    /// <summary>
    /// Which of two keys the account has is found out by asking, because a crash may have come before the answer or after it. Where the authority does not want the new one, the
    /// old one stays: certificates are worth more.
    /// </summary>
    private async Task<AcmeAccount> SettleAsync(AcmeClient client, AcmeAccount account, string nextPem, CancellationToken cancellationToken)
    {
        var next = keys.Read(nextPem);
        try
        {
            await client.RegisterAsync(next, onlyExisting: true, cancellationToken);
        }
        catch (AcmeException unknown) when (unknown.Is(AcmeProblem.AccountDoesNotExist))
        {
            try
            {
                await account.ChangeKeyAsync(next, cancellationToken);
            }
            catch (AcmeException refused) when (!refused.IsUnavailable)
            {
                log.KeyNotRolledOver(client.Issuer.Name, refused.Message);
                await book.UpdateAndEndRollOverAsync(state => With(state, client.Issuer, record => record with { NextKey = null }), cancellationToken);
                return account;
            }
        }

        await book.UpdateAndEndRollOverAsync(state => With(state, client.Issuer, record => record with { Key = nextPem, NextKey = null }), cancellationToken);
        log.KeyRolledOver(client.Issuer.Name);
        return client.Use(next, account.Url);
    }

    /// <summary>An address that the authority does not take keeps nobody from certificates.</summary>
    private async Task TellAddressAsync(AcmeAccount account, AccountRecord record, Issuer issuer, CancellationToken cancellationToken)
    {
        if (record.Email == issuer.Email)
        {
            return;
        }

        try
        {
            await account.UpdateContactAsync(cancellationToken);
            await book.UpdateAsync(state => With(state, issuer, known => known with { Email = issuer.Email }), cancellationToken);
        }
        catch (AcmeException refused) when (!refused.IsUnavailable && !refused.Is(AcmeProblem.AccountDoesNotExist))
        {
            log.AddressRefused(issuer.Name, refused.Message);
        }
    }

    /// <summary>An account that is refused says nothing about any host.</summary>
    private static AcmeException OfAccount(AcmeException refused) => new(refused.Message, refused) { Problem = refused.Problem, RetryAfter = refused.RetryAfter, IsUnavailable = true };

    private static AcmeState With(AcmeState state, Issuer issuer, Func<AccountRecord, AccountRecord> change) =>
        state with { Accounts = [.. state.Accounts.Select(account => account.IsOf(issuer) ? change(account) : account)] };
}
