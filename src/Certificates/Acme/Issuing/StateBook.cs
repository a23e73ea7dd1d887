using IngressController.Cluster;
using IngressController.Cluster.Resources;

namespace IngressController.Certificates.Acme.Issuing;

/// <summary>
/// The state as the leader of this term knows it: written before each step that cannot be taken back. Changes come one after the other, from whatever task. Where it
/// throws, what is in the Secret is not known here any more, and the term begins anew.
/// </summary>
internal sealed class StateBook(ISecretWriter writer, AcmeOptions options) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private Metadata metadata = new(options.State.Namespace, options.State.Name);
    private string? version;
    private volatile AcmeState state = AcmeState.Empty;

    public AcmeState State => state;

    /// <summary>The issuer whose account shall get a new key; null: none.</summary>
    public string? RollOver => metadata.Annotations.GetValueOrDefault(AcmeAnnotations.RollOver)?.Trim();

    /// <exception cref="StateLostException"/>
    public Task LoadAsync(CancellationToken cancellationToken) => LoadAsync(_ => true, cancellationToken);

    /// <summary>Looks what others have noted on the Secret meanwhile.</summary>
    /// <exception cref="StateLostException"/>
    public Task RefreshAsync(CancellationToken cancellationToken) => LoadAsync(stored => stored == state, cancellationToken);

    /// <param name="change">Pure.</param>
    /// <exception cref="StateLostException"/>
    public Task UpdateAsync(Func<AcmeState, AcmeState> change, CancellationToken cancellationToken) => UpdateAsync(change, known => known, cancellationToken);

    /// <summary>The account has its new key.</summary>
    /// <inheritdoc cref="UpdateAsync(Func{AcmeState, AcmeState}, CancellationToken)"/>
    public Task UpdateAndEndRollOverAsync(Func<AcmeState, AcmeState> change, CancellationToken cancellationToken) => UpdateAsync(
        change, known => known with { Annotations = known.Annotations.Where(annotation => annotation.Key != AcmeAnnotations.RollOver).ToEquatableMap() }, cancellationToken);

    public void Dispose() => gate.Dispose();

    /// <param name="isExpected">Asked while nobody changes the state.</param>
    private async Task LoadAsync(Predicate<AcmeState> isExpected, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var stored = await writer.FindAsync(options.State, cancellationToken);
            var read = AcmeState.Read(stored?.Secret, out var problem);
            if (problem is not null)
            {
                throw new StateLostException($"{problem.Message}. {problem.Cure}");
            }

            if (stored is { Secret: { Data.Count: > 0 } secret } && !AcmeState.IsIn(secret) && !SecretOwner.IsOurs(secret, options.Owner))
            {
                throw new StateLostException($"Secret {options.State} is to keep the accounts and orders of ACME, and somebody else made it for something else. Name another Secret with --acme-state-secret, or delete this one");
            }

            state = isExpected(read) ? read : throw new StateLostException("somebody else has changed it");
            version = stored?.Version;
            metadata = stored?.Secret.Metadata ?? IssuedSecret.Metadata(new(options.State.Namespace, options.State.Name), options.Owner, []);
        }
        catch (IOException failure)
        {
            throw new StateLostException(failure.Message);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task UpdateAsync(Func<AcmeState, AcmeState> change, Func<Metadata, Metadata> note, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var (next, noted) = (change(state), note(metadata));
            if (next == state && noted == metadata)
            {
                return;
            }

            version = await writer.WriteAsync(next.ToSecret(noted), version, cancellationToken) ?? throw new StateLostException("somebody else has changed it");
            (state, metadata) = (next, noted);
        }
        catch (IOException failure)
        {
            throw new StateLostException(failure.Message);
        }
        finally
        {
            gate.Release();
        }
    }
}

/// <summary>The state of ACME could not be read or written, or is not what it was; the message says why.</summary>
internal sealed class StateLostException(string message) : Exception(message);
