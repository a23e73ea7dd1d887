namespace IngressController.Certificates.Acme.Dns;

/// <summary>What makes TXT records, for challenges of the kind dns-01 (RFC 8555 section 8.4). Several values may stand at one name at a time. Both calls may be repeated.</summary>
internal interface IDnsHook
{
    /// <summary>When it returns, the record can be asked for as far as who made it knows.</summary>
    /// <exception cref="IOException">It could not be made, or nobody can say whether it was; the message is a sentence that names the cause.</exception>
    Task PresentAsync(TxtRecord record, CancellationToken cancellationToken);

    /// <summary>Removes this value and no other. It may be gone already.</summary>
    /// <exception cref="IOException">As of <see cref="PresentAsync"/>.</exception>
    Task CleanUpAsync(TxtRecord record, CancellationToken cancellationToken);
}
