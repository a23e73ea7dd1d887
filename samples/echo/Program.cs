using System.Globalization;
using System.Runtime.InteropServices;
using IngressController.Echo;

// echo NAME PORT: one backend, until SIGTERM or Ctrl-C.
if (args is not [var name, var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
{
    Console.Error.WriteLine("usage: echo NAME PORT");
    return 2;
}

var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
void End(PosixSignalContext context)
{
    context.Cancel = true;
    end.TrySetResult();
}

using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
try
{
    await using var server = await EchoServer.StartAsync(name, port, CancellationToken.None);
    Console.WriteLine($"{name} listens on http://127.0.0.1:{server.Port}");
    await end.Task;
    return 0;
}
catch (IOException failure)
{
    Console.Error.WriteLine($"echo: {failure.Message}");
    return 2;
}
