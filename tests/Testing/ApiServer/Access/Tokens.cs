using System.Collections.Concurrent;

namespace IngressController.Testing.ApiServer.Access;

/// <summary>Bearer tokens and whose they are.</summary>
internal sealed class Tokens
{
    private readonly ConcurrentDictionary<string, User> users = new(StringComparer.Ordinal);

    public void Add(string token, User user) => users[token] = user;

    /// <summary>Empty where the request shows no token that counts.</summary>
    public string NameOf(string? authorization)
    {
        try
        {
            return Authenticate(authorization).Name;
        }
        catch (ApiFailure)
        {
            return "";
        }
    }

    public void Expire(string token) => users.TryRemove(token, out _);

    /// <exception cref="ApiFailure">401: a token that nobody has, or none any more.</exception>
    public User Authenticate(string? authorization) =>
        string.IsNullOrEmpty(authorization) ? User.Anonymous
        : authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && users.TryGetValue(authorization["Bearer ".Length..].Trim(), out var user) ? user
        : throw ApiFailure.Unauthorized();
}
