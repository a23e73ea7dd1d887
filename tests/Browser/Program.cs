using IngressController.Browser.Screenshots;
using IngressController.Testing;

// dotnet run --project tests/Browser [DIR]: makes the images of the dashboard anew, in docs/images or in DIR.
var folder = args.Length > 0 ? args[0] : Repository.Path("docs/images");
await Screenshot.TakeAllAsync(folder, warmUp: TimeSpan.FromMinutes(2));
return 0;
