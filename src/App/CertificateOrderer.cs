using IngressController.Certificates.Acme.Issuing;

namespace IngressController.App;

/// <summary>Orders certificates in directory mode, where nobody else may write: the program leads as long as it runs.</summary>
internal sealed class CertificateOrderer(AcmeIssuing issuing) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => issuing.RunAsync(stoppingToken);
}
