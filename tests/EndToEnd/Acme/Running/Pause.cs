using IngressController.Testing;
using IngressController.Testing.Acme;

namespace IngressController.EndToEnd.Acme.Running;

/// <summary>An authority that does not answer the first request of a kind before a test lets it.</summary>
internal sealed class Pause
{
    private readonly TaskCompletionSource isThere = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Pause()
    {
    }

    /// <summary>Takes the place of the one before.</summary>
    public static Pause At(FakeAcme authority, AcmeStep at)
    {
        var pause = new Pause();
        authority.Rules.Hold = async step =>
        {
            if (step == at && pause.isThere.TrySetResult())
            {
                await pause.goOn.Task;
            }
        };
        return pause;
    }

    /// <summary>Somebody waits for the answer.</summary>
    public Task BeganAsync() => isThere.Task.InTime();

    public void End() => goOn.SetResult();
}
