using SecuTicket.Api.Administration;
using SecuTicket.Api.Hosting;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Swagger;
using SecuTicket.Core.Primitives;

var options = new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory };
var builder = WebApplication.CreateBuilder(options).AddStructuredLogs();
builder.Services
    .AddNodeProcess()
    .AddObservability()
    .AddProblems()
    .AddEdgeLimits()
    .AddAdministration()
    .AddSwaggerPages()
    .AddControllers();

var app = builder.Build();
app.UseObservability();
app.UseSecurityHeaders();
app.UseProblems();
app.UseEdgeLimits();
app.UseSwaggerPages();
app.MapControllers();
app.MapProblems();
app.MapObservability(() => Verdict.Accepted);

var banner = new StartupBanner(Path.GetFullPath("data"), "secuticket-dev", []);
return await NodeProcess.RunAsync(app, banner, Console.Out, Console.Error);
