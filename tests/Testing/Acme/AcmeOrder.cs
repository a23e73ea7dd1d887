namespace IngressController.Testing.Acme;

/// <summary>An order as the authority knows it.</summary>
/// <param name="Status">As in RFC 8555 section 7.1.6.</param>
/// <param name="Replaces">RFC 9773 section 5.</param>
public sealed record AcmeOrder(string Url, string Account, IReadOnlyList<string> Hosts, string Status, string? Profile, string? Replaces);

/// <summary>A certificate that was issued.</summary>
/// <param name="Serial">Hexadecimal.</param>
/// <param name="Pem">Its first chain, without the root.</param>
/// <param name="Revoked">The reason (RFC 5280 section 5.3.1); null: it is not.</param>
/// <param name="Order">Its URL.</param>
public sealed record AcmeCertificate(string Serial, IReadOnlyList<string> Hosts, string Pem, int? Revoked, string Order);

/// <summary>An account.</summary>
/// <param name="Thumbprint">Of its key: RFC 7638.</param>
public sealed record AcmeContact(string Url, string Status, IReadOnlyList<string> Contact, string Thumbprint);
