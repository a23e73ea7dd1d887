using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using IngressController.Benchmarks;
using IngressController.Benchmarks.Comparison;
using IngressController.Testing.Scale;

if (args is ["cluster", ..])
{
    await ClusterMeasurement.RunAsync(args.Contains("one-host") ? ClusterSize.OneHost : ClusterSize.Big, args.Skip(1).FirstOrDefault(arg => arg != "one-host"));
    return;
}

if (args is ["certificates", ..])
{
    await RotationMeasurement.RunAsync();
    await CertificateMeasurement.RunAsync(args.ElementAtOrDefault(1));
    return;
}

if (args is ["counting"])
{
    CountingMeasurement.Run();
    return;
}

if (args is ["telling"])
{
    await TellingMeasurement.RunAsync();
    return;
}

if (args is ["traffic"])
{
    TrafficMeasurement.Run();
    return;
}

if (args is ["scrape", ..])
{
    await ScrapeMeasurement.RunAsync(args.ElementAtOrDefault(1));
    return;
}

if (args is ["compare" or "seeing", ..])
{
    await ComparedProxies.RunAsync(args);
    return;
}

// In process: this version of the library does not know the runtime that we build for.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromAssembly(typeof(LookupBenchmark).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"], config);
