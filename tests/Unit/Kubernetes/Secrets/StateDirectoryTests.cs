using IngressController.Cluster;
using IngressController.Kubernetes.Manifests;
using IngressController.Testing;

namespace IngressController.Unit.Kubernetes.Secrets;

public sealed class StateDirectoryTests : IDisposable
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly NamespacedName Web = new("shop", "web");

    private readonly TemporaryDirectory parent = new();
    private readonly StateDirectory state;

    public StateDirectoryTests() => state = new(Root);

    private string Root => parent.File("deep/state");

    private string WebFile => Path.Join(Root, "shop", "web.json");

    public void Dispose()
    {
        state.Dispose();
        parent.Dispose();
    }

    [Fact]
    public async Task What_was_written_is_found_as_it_was_by_us_by_the_next_process_and_by_the_reader_of_manifests()
    {
        var secret = Stored.Secret("web", "one", "kubernetes.io/tls") with { Data = new[] { KeyValuePair.Create("tls.crt", Stored.Bytes("\0ü\"")), KeyValuePair.Create("tls.key", Stored.Bytes("")) }.ToEquatableMap() };
        secret = secret with { Metadata = secret.Metadata with { Labels = Stored.Map("app", "web") } };
        Assert.Null(await state.FindAsync(Web, default));

        var version = await state.WriteAsync(secret, null, default);

        Assert.Equal(new StoredSecret(secret, version!), await state.FindAsync(Web, default));
        state.Dispose();
        using var next = new StateDirectory(Root);
        Assert.Equal(new StoredSecret(secret, version!), await next.FindAsync(Web, default));
        var reading = ManifestDirectory.Read(Root);
        Assert.Empty(reading.Problems);
        Assert.Equal(secret, Assert.Single(reading.Changes).Resource);
    }

    [Fact]
    public async Task Only_who_has_seen_the_last_version_writes()
    {
        var first = await state.WriteAsync(Stored.Secret("web", "one"), null, default);
        Assert.Null(await state.WriteAsync(Stored.Secret("web", "stolen"), null, default));
        var second = await state.WriteAsync(Stored.Secret("web", "two"), first, default);
        Assert.NotNull(second);
        Assert.NotEqual(first, second);
        Assert.Null(await state.WriteAsync(Stored.Secret("web", "late"), first, default));
        Assert.Equal("two", (await state.FindAsync(Web, default)).Value());

        File.Delete(WebFile);
        Assert.Null(await state.WriteAsync(Stored.Secret("web", "gone"), second, default));
        Assert.False(File.Exists(WebFile));
    }

    [Fact]
    public async Task Of_many_writers_at_once_one_is_first()
    {
        var versions = await Task.WhenAll(Enumerable.Range(0, 20).Select(writer => state.WriteAsync(Stored.Secret("web", $"{writer}"), null, default)));

        var first = Assert.Single(versions.Index(), version => version.Item is not null);
        Assert.Equal($"{first.Index}", (await state.FindAsync(Web, default)).Value());
    }

    [Fact]
    public async Task What_people_change_by_hand_is_another_version()
    {
        var version = await state.WriteAsync(Stored.Secret("web", "one"), null, default);
        File.WriteAllText(WebFile, File.ReadAllText(WebFile).Replace("yarp/test", "yarp/other", StringComparison.Ordinal));

        Assert.Null(await state.WriteAsync(Stored.Secret("web", "two"), version, default));

        var found = await state.FindAsync(Web, default);
        Assert.Equal("yarp/other", found!.Secret.Metadata.Annotations.GetValueOrDefault("yarp.ingress.kubernetes.io/acme-owner"));
        Assert.NotNull(await state.WriteAsync(Stored.Secret("web", "two"), found.Version, default));
    }

    [Fact]
    public async Task Nobody_else_on_the_machine_may_read_it_also_where_the_file_was_open_to_all()
    {
        var version = await state.WriteAsync(Stored.Secret("web", "one"), null, default);
        Assert.Equal(OwnersFile, ModeOf(WebFile));
        Chmod(WebFile, OwnersFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        await state.WriteAsync(Stored.Secret("web", "two"), version, default);

        Assert.Equal(OwnersFile, ModeOf(WebFile));
        Assert.Equal(OwnersFile, ModeOf(Path.Join(Root, ".lock")));
        Assert.Equal(OwnersFile | UnixFileMode.UserExecute, ModeOf(Root));
        Assert.Equal(OwnersFile | UnixFileMode.UserExecute, ModeOf(Path.Join(Root, "shop")));
    }

    [Fact]
    public async Task A_second_process_gets_nothing_until_the_first_has_ended()
    {
        var version = await state.WriteAsync(Stored.Secret("web", "one"), null, default);
        using var second = new StateDirectory(Root);

        await ComplainsAsync(() => second.FindAsync(Web, default), "used by another process", "--state-dir of its own");
        await ComplainsAsync(() => second.WriteAsync(Stored.Secret("web", "two"), version, default), "used by another process");
        Assert.Equal("one", (await state.FindAsync(Web, default)).Value());

        state.Dispose();
        Assert.NotNull(await second.WriteAsync(Stored.Secret("web", "two"), version, default));
    }

    [Fact]
    public async Task What_a_crash_left_half_written_is_not_read_and_goes_when_the_next_process_begins()
    {
        var version = await state.WriteAsync(Stored.Secret("web", "one"), null, default);
        state.Dispose();
        var leftover = Path.Join(Root, "shop", ".new");
        File.WriteAllText(leftover, File.ReadAllText(WebFile)[..40]);
        Assert.Empty(ManifestDirectory.Read(Root).Problems);
        Assert.Single(ManifestDirectory.Read(Root).Changes);

        using var next = new StateDirectory(Root);
        Assert.Equal(version, (await next.FindAsync(Web, default))?.Version);

        Assert.False(File.Exists(leftover));
    }

    [Fact]
    public async Task A_link_in_the_place_of_a_half_written_file_is_not_followed()
    {
        await state.WriteAsync(Stored.Secret("web", "one"), null, default);
        parent.Write("elsewhere", "theirs");
        File.CreateSymbolicLink(Path.Join(Root, "shop", ".new"), parent.File("elsewhere"));

        await state.WriteAsync(Stored.Secret("other", "two"), null, default);

        Assert.Equal("theirs", File.ReadAllText(parent.File("elsewhere")));
        Assert.Equal("two", (await state.FindAsync(new("shop", "other"), default)).Value());
    }

    [Theory]
    [InlineData("shop/web.json")]
    [InlineData("shop")]
    [InlineData(".lock")]
    public async Task A_link_that_leads_out_of_the_directory_is_refused(string name)
    {
        using (var before = new StateDirectory(Root))
        {
            await before.WriteAsync(Stored.Secret("web", "one"), null, default);
        }

        var path = Path.Join(Root, name);
        Directory.Move(path, parent.File("elsewhere"));
        File.CreateSymbolicLink(path, parent.File("elsewhere"));

        await ComplainsAsync(() => state.FindAsync(Web, default), $"{path} is a link");
        await ComplainsAsync(() => state.WriteAsync(Stored.Secret("web", "two"), null, default), $"{path} is a link");
    }

    [Theory]
    [InlineData("..", "web")]
    [InlineData("shop", "../web")]
    [InlineData("shop", "/etc/web")]
    [InlineData("shop/..", "web")]
    [InlineData("shop", "")]
    [InlineData("shop", ".lock")]
    [InlineData("", "web")]
    [InlineData("shop", "we\0b")]
    public async Task What_is_no_name_leads_nowhere(string space, string name)
    {
        var secret = Stored.Secret("web", "one");
        secret = secret with { Metadata = secret.Metadata with { Name = new(space, name) } };

        await ComplainsAsync(() => state.FindAsync(new(space, name), default), "not a name");
        await ComplainsAsync(() => state.WriteAsync(secret, null, default), "not a name");

        Assert.Empty(Directory.GetDirectories(Root));
    }

    [Theory]
    [InlineData("", "Mend it or take it away")]
    [InlineData("{", "Mend it or take it away")]
    [InlineData("""{"apiVersion": "v1", "kind": "Secret", "metadata": {"namespace": "shop", "name": "other"}}""", "is something else")]
    [InlineData("""{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"namespace": "shop", "name": "web"}}""", "is something else")]
    [InlineData("""{"apiVersion": "v1", "kind": "Secret", "metadata": {"namespace": "shop", "name": "web"}, "data": {"key": "%"}}""", "illegal base64")]
    public async Task A_file_with_something_else_is_neither_read_nor_written_over(string text, string complaint)
    {
        parent.Write("deep/state/shop/web.json", text);

        await ComplainsAsync(() => state.FindAsync(Web, default), WebFile, complaint);
        Assert.Null(await state.WriteAsync(Stored.Secret("web", "one"), null, default));

        Assert.Equal(text, File.ReadAllText(WebFile));
    }

    [Fact]
    public async Task What_is_no_file_is_refused()
    {
        Directory.CreateDirectory(WebFile);

        await ComplainsAsync(() => state.FindAsync(Web, default), $"{WebFile} is no file");
        await ComplainsAsync(() => state.WriteAsync(Stored.Secret("web", "one"), null, default), $"{WebFile} is no file");
    }

    [Fact]
    public async Task A_write_that_fails_leaves_nothing_behind_and_what_was_there_as_it_was()
    {
        await state.WriteAsync(Stored.Secret("web", "one"), null, default);
        var tooLong = Stored.Secret(string.Join('.', Enumerable.Repeat(new string('a', 62), 4)), "two"); // for a file, with its ending

        await ComplainsAsync(() => state.WriteAsync(tooLong, null, default), "cannot be written", "too long");

        Assert.Equal([WebFile], Directory.GetFileSystemEntries(Path.Join(Root, "shop")));
        Assert.Equal("one", (await state.FindAsync(Web, default)).Value());
    }

    [Theory]
    [InlineData("/proc/state")]
    [InlineData("/dev/null")]
    [InlineData("/dev/null/state")]
    public async Task A_directory_that_cannot_be_is_said_to_be_the_trouble(string directory)
    {
        using var nowhere = new StateDirectory(directory);

        await ComplainsAsync(() => nowhere.FindAsync(Web, default), "Secret shop/web cannot be read", directory);
        await ComplainsAsync(() => nowhere.WriteAsync(Stored.Secret("web", "one"), null, default), "Secret shop/web cannot be written", directory);
    }

    private static async Task ComplainsAsync(Func<Task> act, params string[] words)
    {
        var failure = await Assert.ThrowsAsync<IOException>(act);
        Assert.All(words, word => Assert.Contains(word, failure.Message, StringComparison.Ordinal));
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? OwnersFile : new FileInfo(path).UnixFileMode;

    private static void Chmod(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
