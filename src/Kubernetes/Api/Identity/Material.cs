using System.Text;
using IngressController.Kubernetes.Manifests.Files;

namespace IngressController.Kubernetes.Api.Identity;

/// <summary>A certificate, key or token: as text, or in a file that may be replaced at any time.</summary>
internal sealed record Material(string? Text, string? File)
{
    public static Material OfText(string text) => new(text, null);

    public static Material OfFile(string file) => new(null, file);

    /// <param name="base64">The value of a field like client-certificate-data.</param>
    public static Material OfBase64(string base64, string field, string where)
    {
        try
        {
            return OfText(Encoding.UTF8.GetString(Convert.FromBase64String(base64)));
        }
        catch (FormatException e)
        {
            throw new ConnectionException($"{where}: {field} is not base64. Write the PEM text in base64, or name a file", e);
        }
    }

    /// <param name="where">Who names the file, for the message.</param>
    public string Read(string where)
    {
        if (Text is not null)
        {
            return Text;
        }

        try
        {
            return System.IO.File.ReadAllText(File!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConnectionException($"{where}: the file {File} cannot be read: {IOCause.Of(e)}. Put it there, or correct the path", e);
        }
    }

    /// <summary>Secrets do not print.</summary>
    public override string ToString() => File ?? "(text)";
}
