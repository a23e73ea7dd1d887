using IngressController.Testing;
using IngressController.Unit.App;

namespace IngressController.Unit.Routing;

/// <summary>
/// Every folder under tests/Unit/Golden: manifests in, model and problems out, with the flags of <c>flags.txt</c> where there are any. After a wanted change, write the
/// new answers with <c>ingress-controller translate FOLDER/manifests FLAGS > FOLDER/model.yaml</c> and <c>check FOLDER/manifests FLAGS > FOLDER/problems.txt</c>, and read the diff.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Folders => [.. Directory.GetDirectories(Repository.Path("tests/Unit/Golden")).Select(path => Path.GetFileName(path)!).Order()];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Manifests_have_the_model_and_the_problems_that_stand_beside_them(string folder)
    {
        var path = Repository.Path($"tests/Unit/Golden/{folder}");
        var manifests = Path.Combine(path, "manifests");
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(path, "model.yaml")), (await Shell.RunAsync(["translate", manifests, .. Flags(path)])).Output);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(path, "problems.txt")), (await Shell.RunAsync(["check", manifests, .. Flags(path)])).Output);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Shuffled_documents_give_the_same_bytes(string folder)
    {
        var path = Repository.Path($"tests/Unit/Golden/{folder}");
        var documents = Directory.GetFiles(Path.Combine(path, "manifests")).SelectMany(file => File.ReadAllText(file).Split("---\n")).ToArray();
        using var directory = new TemporaryDirectory();
        for (var seed = 0; seed < 3; seed++)
        {
            new Random(seed).Shuffle(documents);
            foreach (var (index, document) in documents.Index())
            {
                directory.Write($"{index}.yaml", document);
            }

            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(path, "model.yaml")), (await Shell.RunAsync(["translate", directory.Path, .. Flags(path)])).Output);
        }
    }

    private static string[] Flags(string folder)
    {
        var file = Path.Combine(folder, "flags.txt");
        return File.Exists(file) ? File.ReadAllText(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : [];
    }
}
