using IngressController.Testing.ApiServer.Storage;

namespace IngressController.Testing.ApiServer;

/// <summary>What a test does to the server; each is one thing that happens to real ones.</summary>
public sealed partial class FakeApiServer
{
    /// <summary>Watches that are open now.</summary>
    public int OpenStreams => streams.Open;

    /// <summary>The next requests are answered 429.</summary>
    /// <param name="retryAfter">Whole seconds.</param>
    public void Throttle(int requests, int retryAfter = 1) => faults.Refuse(429, requests, retryAfter);

    /// <summary>Of the requests that change something, those above so many in a second are answered 429 with <c>Retry-After: 1</c>.</summary>
    public void LimitWrites(int perSecond) => faults.LimitWrites(perSecond);

    /// <summary>The next requests are answered 500 or 503.</summary>
    public void Fail(int requests, int code = 500) => faults.Refuse(code, requests);

    /// <summary>Every request waits so long before it is answered; zero ends that.</summary>
    public void Delay(TimeSpan each) => faults.Delay(each);

    /// <summary>Requests that change something are carried out, but their answers do not come.</summary>
    /// <returns>What ends that.</returns>
    public Action StallAnswers() => faults.StallAnswers();

    /// <summary>Cuts all watches in the middle of an object.</summary>
    public void DropStreams() => streams.Drop();

    /// <summary>Watches stay open and send nothing, new ones too, until <see cref="ResumeStreams"/>.</summary>
    public void StallStreams() => streams.Stall();

    public void ResumeStreams() => streams.Resume();

    /// <summary>To every watch that asked for bookmarks; otherwise they come once a minute.</summary>
    public void SendBookmarks() => streams.SendBookmarks();

    /// <summary>Forgets all states but the latest: older resourceVersions and continue tokens have expired.</summary>
    public void CompactHistory() => store.Compact();

    /// <summary>Lists answer what is there now, as from a cache that lags behind; watches go on.</summary>
    /// <returns>What ends that.</returns>
    public Action FreezeLists()
    {
        store.Listed = store.Latest;
        return () => store.Listed = null;
    }

    /// <summary>A backup of etcd as of now.</summary>
    /// <returns>What puts it back: streams are dropped, and resourceVersions go on from where they were at the backup.</returns>
    public Action Backup()
    {
        Revision state = store.Latest;
        return () =>
        {
            store.Restore(state);
            streams.Drop();
        };
    }
}
