using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Yarp.ReverseProxy.Configuration;

// YARP as its documentation sets it up, to compare with: a route for each host, all to one destination.
// Arguments: a file with a host on each line, the destination, the ports for http and https, a PEM file with certificate and key.
var (hosts, destination, http, https, certificate) = (File.ReadAllLines(args[0]), args[1], Port(args[2]), Port(args[3]), args[4]);
using var pair = X509Certificate2.CreateFromPemFile(certificate);

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
{
    kestrel.ListenLocalhost(http);
    kestrel.ListenLocalhost(https, listener => listener.UseHttps(pair));
});
builder.Services.AddReverseProxy().LoadFromMemory(
    [.. hosts.Select((host, index) => new RouteConfig { RouteId = $"route{index}", ClusterId = "web", Match = new() { Hosts = [host], Path = "/{**rest}" } })],
    [new() { ClusterId = "web", Destinations = new Dictionary<string, DestinationConfig> { ["web"] = new() { Address = destination } } }]);
var app = builder.Build();
app.MapReverseProxy();
await app.RunAsync();

static int Port(string text) => int.Parse(text, CultureInfo.InvariantCulture);
