using IngressController.Certificates.Acme.Protocol;
using IngressController.Cluster;
using Microsoft.Extensions.Logging;

namespace IngressController.Certificates;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "An account was registered with issuer {Issuer}: {Url}")]
    public static partial void Registered(this ILogger logger, string issuer, Uri url);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The account with issuer {Issuer} was ended, another is registered: {Reason}")]
    public static partial void AccountEnded(this ILogger logger, string issuer, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Issuer {Issuer} does not take the e-mail address; certificates are ordered all the same: {Reason}")]
    public static partial void AddressRefused(this ILogger logger, string issuer, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The account with issuer {Issuer} has a new key")]
    public static partial void KeyRolledOver(this ILogger logger, string issuer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The account with issuer {Issuer} keeps its key: {Reason}")]
    public static partial void KeyNotRolledOver(this ILogger logger, string issuer, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Secret {Secret} has a certificate of issuer {Issuer} for {Hosts}, until {NotAfter:u}")]
    public static partial void Issued(this ILogger logger, NamespacedName secret, string issuer, EquatableArray<string> hosts, DateTimeOffset notAfter);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No certificate of issuer {Issuer} for Secret {Secret}: {Reason}")]
    public static partial void NotIssued(this ILogger logger, string issuer, NamespacedName secret, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Issuer {Issuer} is left alone until {Until:u}: {Reason}")]
    public static partial void IssuerHeld(this ILogger logger, string issuer, DateTimeOffset until, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate for Secret {Secret} waits; it is tried again: {Reason}")]
    public static partial void CertificateWaits(this ILogger logger, NamespacedName secret, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The order for Secret {Secret} was ended by a bug")]
    public static partial void OrderBroken(this ILogger logger, NamespacedName secret, Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "The certificate {Serial} of Secret {Secret} was revoked: {Reason}")]
    public static partial void Revoked(this ILogger logger, NamespacedName secret, string serial, RevocationReason reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate {Serial} of Secret {Secret} was replaced, and could not be revoked: {Reason}")]
    public static partial void NotRevoked(this ILogger logger, NamespacedName secret, string serial, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The TXT record {Name} was left behind: {Reason}")]
    public static partial void NotCleanedUp(this ILogger logger, string name, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Issuer {Issuer} does not say when to renew a certificate: {Reason}")]
    public static partial void NoRenewalWindow(this ILogger logger, string issuer, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The state of ACME in Secret {Secret} is read anew: {Reason}")]
    public static partial void StateLost(this ILogger logger, NamespacedName secret, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Obtaining certificates failed by a bug; it begins anew")]
    public static partial void IssuingFailed(this ILogger logger, Exception failure);
}
