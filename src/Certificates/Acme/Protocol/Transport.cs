using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;

namespace IngressController.Certificates.Acme.Protocol;

/// <summary>The connections to an authority. Thread-safe.</summary>
internal sealed class Transport(Issuer issuer, TimeProvider time) : IDisposable
{
    private const int LargestBody = 1024 * 1024;

    /// <summary>With TLS; a pod that has just begun, on a machine with much to do, takes its time.</summary>
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(20);

    /// <summary>For a whole exchange.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    private readonly Lazy<HttpMessageInvoker> invoker = new(() => CreateInvoker(issuer));

    /// <param name="body">JWS; null: none.</param>
    /// <exception cref="AcmeException">There is no answer.</exception>
    public async Task<Answer> SendAsync(HttpMethod method, Uri url, string what, string? body, CancellationToken cancellationToken)
    {
        if (!Answer.IsOf(issuer.Directory, url))
        {
            throw new AcmeException($"{OneLine.Of(url.OriginalString)} is not of {issuer.Directory.Authority} by https, which is the authority of the issuer {issuer.Name}");
        }

        using var timeout = new CancellationTokenSource(AnswerTime, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var request = Request(method, url, body);
            using var response = await invoker.Value.SendAsync(request, stop.Token);
            return await ReadAsync(response, url, what, stop.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unavailable(timeout.IsCancellationRequested ? $"no answer within {AnswerTime.TotalSeconds:0} s" : $"no connection within {ConnectTime.TotalSeconds:0} s", e);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            throw Unavailable("its TLS certificate is not trusted or is for another name. If it is a private authority, give its CA certificates as the issuer's CA bundle", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unavailable(OneLine.Of((e.InnerException ?? e).Message), e);
        }

        AcmeException Unavailable(string why, Exception inner) => new($"{url.Authority} cannot be asked for {what}: {why}", inner) { IsUnavailable = true };
    }

    public void Dispose()
    {
        if (invoker.IsValueCreated)
        {
            invoker.Value.Dispose();
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri url, string? body)
    {
        var request = new HttpRequestMessage(method, url)
        {
            Content = body is null ? null : new StringContent(body) { Headers = { ContentType = new("application/jose+json") } },
        };
        request.Headers.UserAgent.Add(new("ingress-controller", typeof(Transport).Assembly.GetName().Version?.ToString(3)));
        request.Headers.AcceptLanguage.Add(new("en"));
        return request;
    }

    private async Task<Answer> ReadAsync(HttpResponseMessage response, Uri url, string what, CancellationToken cancellationToken)
    {
        var headers = response.Headers;
        return new(url, what, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", await BodyAsync(response, cancellationToken))
        {
            Nonce = Header(headers, "Replay-Nonce") is { Length: > 0 and <= 1024 } nonce && Jws.IsBase64Url(nonce) ? nonce : null,
            Location = Header(headers, "Location"),
            RetryAfter = WaitOf(headers.RetryAfter),
            Links = headers.TryGetValues("Link", out var links) ? [.. links.SelectMany(Links.Parse)] : [],
        };
    }

    private static string? Header(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>Seconds or a date (RFC 9110 section 10.2.3).</summary>
    private TimeSpan? WaitOf(RetryConditionHeaderValue? retryAfter)
    {
        var wait = retryAfter?.Delta ?? (retryAfter?.Date - time.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static async Task<byte[]> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > LargestBody)
            {
                throw new IOException($"its answer is longer than {LargestBody / 1024} KiB");
            }
        }

        return body.ToArray();
    }

    private static HttpMessageInvoker CreateInvoker(Issuer issuer)
    {
        var bundle = AuthorityTrust.Read(issuer);
        return new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // what is signed names its URL
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = ConnectTime,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // names move
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            MaxResponseHeadersLength = 64,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) => AuthorityTrust.Accept(bundle, certificate, chain, errors),
            },
        });
    }
}
