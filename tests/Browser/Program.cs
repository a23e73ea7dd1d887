using IngressController.Browser.Screenshots;
using IngressController.Testing;

// dotnet run --project tests/Browser [DIR]: makes the images of the dashboard anew, in docs/images or in DIR. Takes six minutes, five of them so that the charts are full.
var folder = args.Length > 0 ? args[0] : Repository.Path("docs/images");
await Screenshot.TakeAllAsync(folder, warmUp: TimeSpan.FromMinutes(5));
return 0;
