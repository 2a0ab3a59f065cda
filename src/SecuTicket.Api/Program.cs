using Microsoft.Extensions.Options;
using SecuTicket.Api.Administration;
using SecuTicket.Api.Composition;
using SecuTicket.Api.Demo;
using SecuTicket.Api.Hosting;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Web;
using SecuTicket.Api.Web.Frame;

if (!CommandLine.Read(args).TryGet(out var settings, out var wrong))
{
    await Console.Error.WriteLineAsync(wrong.Detail);
    return ExitCode.Misconfigured;
}

var options = new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory };
var builder = NodeProcess.Compose(() => WebApplication.CreateBuilder(options).AddStructuredLogs(), Console.Error);
if (builder is null) return ExitCode.Misconfigured;

// Where the site's files lie, as long as the process runs from what the build made: next to the sources. Published, they lie beside it, and this finds nothing to do.
builder.WebHost.UseStaticWebAssets();

// Where files may change while it runs there is a route for any path that a GET could be for, and so a POST to nowhere would be answered 405.
builder.Configuration["ReloadStaticAssetsAtRuntime"] = bool.FalseString;
builder.Services
    .AddNodeProcess()
    .AddNode()
    .AddNetwork()
    .AddGates()
    .AddObservability()
    .AddReads()
    .AddProblems()
    .AddEdgeLimits()
    .AddAdministration()
    .AddSwaggerPages()
    .AddWebPages()
    .AddLeanControllers();

var (app, exitCode) = NodeProcess.Build(builder, Console.Error);
if (app is null) return exitCode;

var node = app.Services.GetRequiredService<NodeHost>();
node.BeginOpening();
app.UseNoAuthorization();
app.UseObservability();
app.UseSecurityHeaders();
app.UseProblems();
app.UseEdgeLimits();
app.UseWhen(static context => !LeanControllers.IsForAction(context), static site => site.UseSwaggerPages().UseWebPages());
app.MapWebPages();
var api = app.MapGroup(string.Empty).AnswerHeads();
api.MapControllers().CallDirectly();
api.MapProblems();
api.MapObservability(() => node.Node.Readiness);

// Made now, while the node is opened, and not when the first request comes.
foreach (var source in ((IEndpointRouteBuilder)app).DataSources) _ = source.Endpoints.Count;

return await NodeProcess.RunAsync(
    app,
    () => new StartupBanner(node.DataDirectory, node.Node.Spec.ChainId, app.Services.GetRequiredService<IOptions<NodeOptions>>().Value.Peers, [.. node.Warnings, .. OwnSettings.Unknown(app.Configuration)]),
    Console.Out,
    Console.Error,
    async stopping =>
    {
        var warming = app.Services.GetRequiredService<WarmUp>().RunAsync(stopping);
        if (CommandLine.AsksForDemo(app.Configuration))
        {
            await app.Services.GetRequiredService<DemoWalk>().RunAsync(Console.Out, stopping);
            await app.Services.GetRequiredService<DemoSeason>().RunAsync(Console.Out, stopping);
        }

        await warming;
        node.Node.Complete();
    });

/// <summary>The process; public so that tests can host it.</summary>
public partial class Program;
