using System.Threading.Channels;
using Microsoft.Extensions.Hosting;

namespace IngressController.Certificates;

/// <summary>
/// Has the authority's answer about revocation sent along with certificates that name a responder (RFC 6066 section 8). The platform fetches the answers, keeps
/// them fresh and tries again after failures, while handshakes go on without; but only for certificates that were prepared with the network at hand, which may take
/// seconds. So each is served without an answer at first, and replaced from here.
/// </summary>
public sealed class OcspStapling(TimeProvider time) : BackgroundService
{
    /// <summary>Each one asks its responder: thousands at the start are no flood.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly Channel<LoadedCertificate> waiting = Channel.CreateUnbounded<LoadedCertificate>();

    internal void Ask(LoadedCertificate certificate)
    {
        if (certificate.NamesResponder)
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
                await Task.Run(certificate.Staple, stoppingToken);
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it is: others write certificates, and what ends this ends the program. It is served as it was, without an answer.
            }

            await Task.Delay(Pace, time, stoppingToken);
        }
    }
}
