using System.CommandLine;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Nodes;

/// <summary><c>secuticket node resolve</c></summary>
internal static class NodeResolve
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool) => tool.Operate("resolve", "Have the node ask the others for a better chain now (operators only).", [], async (run, client, adminKey, cancellation) =>
        run.Answer(await client.SendAdminAsync(HttpMethod.Post, "/nodes/resolve", default, adminKey, TimeSpan.Zero, cancellation), answer =>
        {
            run.Printer.Line(answer.Json.Text("message"));
            var fetched = answer.Json.Field("fetched");
            run.Printer.Fields(
                ("replaced", answer.Json.Flag("replaced") ? "yes" : "no"),
                ("length", answer.Json.Number("length").ToString()),
                ("tip", answer.Json.Text("tip")),
                ("fetched", $"{fetched.Number("headers")} headers, {fetched.Number("blocks")} blocks, {fetched.Number("bytes")} bytes"));
        }));
}
