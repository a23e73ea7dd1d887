namespace IngressController.Certificates.Acme.Protocol;

/// <summary>An authority refused, did not answer, or answered what cannot be. The message is for people, with the authority's own words where it said something.</summary>
internal sealed class AcmeException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the authority says; null where it is not it that refuses.</summary>
    public AcmeProblem? Problem { get; init; }

    /// <summary>From now on, as the authority asks; null: it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The authority is down, overloaded or not itself, which says nothing about what was asked.</summary>
    public bool IsUnavailable { get; init; }

    public bool Is(string type) => Problem?.Type == type;
}
