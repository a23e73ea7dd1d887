using System.Threading.Channels;
using Microsoft.Extensions.Hosting;

namespace IngressController.Certificates;

/// <summary>
/// Prepares certificates that name a responder ahead of their first handshake, so that the authority's answer about revocation (RFC 6066 section 8) is there by then.
/// The platform fetches the answers in the background, keeps them fresh and tries again after failures, while handshakes go on without.
/// </summary>
public sealed class OcspStapling(TimeProvider time) : BackgroundService
{
    /// <summary>Each one asks its responder: thousands at the start are no flood.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly Channel<LoadedCertificate> waiting = Channel.CreateUnbounded<LoadedCertificate>();

    internal void Ask(LoadedCertificate certificate)
    {
        if (certificate.Staples)
        {
            waiting.Writer.TryWrite(certificate);
        }
    }

    /// <summary>What can happen here: a certificate that names a responder was loaded; or the program ends.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var certificate in waiting.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                _ = certificate.Context;
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is: others write certificates, and what ends this ends the program.
            }

            await Task.Delay(Pace, time, stoppingToken);
        }
    }
}
