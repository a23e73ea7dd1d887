using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace IngressController.Testing.ApiServer.Access;

/// <summary>Who asks: by client certificate, else by bearer token.</summary>
/// <param name="authority">That client certificates come from; null without TLS.</param>
/// <param name="time">When tokens expire.</param>
internal sealed class Authentication(Authority? authority, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (User User, DateTimeOffset Expires)> tokens = new(StringComparer.Ordinal);

    public void Add(string token, User user, DateTimeOffset? expires = null) => tokens[token] = (user, expires ?? DateTimeOffset.MaxValue);

    public void Expire(string token) => tokens.TryRemove(token, out _);

    /// <exception cref="ApiFailure">401: something was shown and nothing of it is good.</exception>
    public User Authenticate(HttpContext context)
    {
        var (certificate, authorization) = (context.Connection.ClientCertificate, context.Request.Headers.Authorization.ToString());
        return (UserOf(certificate) ?? UserOf(authorization))
            ?? (certificate is null && !IsBearer(authorization) ? User.Anonymous : throw ApiFailure.Unauthorized());
    }

    private User? UserOf(X509Certificate2? certificate) => certificate is null ? null : authority?.UserOf(certificate);

    private User? UserOf(string authorization) =>
        IsBearer(authorization) && tokens.TryGetValue(authorization["Bearer ".Length..].Trim(), out var known) && time.GetUtcNow() < known.Expires ? known.User : null;

    /// <summary>Passwords mean nothing since 1.19: who sends one is anonymous.</summary>
    private static bool IsBearer(string authorization) => authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);
}
