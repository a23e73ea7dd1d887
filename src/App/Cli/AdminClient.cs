using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using IngressController.App.Dashboard.Access;
using IngressController.App.Dashboard.Api;

namespace IngressController.App.Cli;

/// <summary>A running controller cannot be asked; the message is one line that says why, and what to do.</summary>
internal sealed class AdminException(string message) : Exception(message);

/// <summary>Asks a running controller at its admin port.</summary>
/// <param name="tokenFile">Null: no token is sent.</param>
internal sealed class AdminClient(Uri address, string? tokenFile) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = Patience }) { Timeout = Patience };

    /// <summary>As people write it.</summary>
    public string Address => address.GetLeftPart(UriPartial.Authority);

    public void Dispose() => client.Dispose();

    /// <exception cref="AdminException">There is no such answer.</exception>
    public async Task<T> GetAsync<T>(string target, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, target));
            request.Headers.Authorization = tokenFile is null ? null : new AuthenticationHeaderValue("Bearer", AdminToken.Read(tokenFile));
            using var response = await client.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.StatusCode == HttpStatusCode.OK ? JsonSerializer.Deserialize(body, type) ?? throw NoController() : throw Refused(response.StatusCode, body);
        }
        catch (InvalidDataException failure)
        {
            throw new AdminException($"{AdminFlags.TokenFile.Name}: '{tokenFile}' {failure.Message}");
        }
        catch (JsonException)
        {
            throw NoController();
        }
        catch (HttpRequestException failure)
        {
            throw new AdminException(Explain(failure));
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AdminException($"{Address} does not answer within {Patience.TotalSeconds:0} s");
        }
    }

    private AdminException Refused(HttpStatusCode status, byte[] body)
    {
        var sentence = JsonSerializer.Deserialize(body, ApiJson.Shapes.ErrorItem)?.Error ?? throw NoController();
        return new(status != HttpStatusCode.Unauthorized ? $"{Address}: {Terminal.VisibleLine(sentence)}"
            : tokenFile is null ? $"{Address} wants a token; give {AdminFlags.TokenFile.Name} FILE"
            : $"{Address} does not take the token in {tokenFile}");
    }

    private string Explain(HttpRequestException failure) => failure switch
    {
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
            $"{Address} refuses connections; does the controller run, and is this its admin port? In a cluster: kubectl port-forward deploy/ingress-controller 9090",
        { HttpRequestError: HttpRequestError.NameResolutionError } => $"there is no host {address.Host}",
        { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ResponseEnded or HttpRequestError.SecureConnectionError } => NoController().Message,
        _ => $"{Address} cannot be reached: {failure.Message}",
    };

    private AdminException NoController() => new($"{Address} answers, but not as the admin port of an ingress-controller does");
}
