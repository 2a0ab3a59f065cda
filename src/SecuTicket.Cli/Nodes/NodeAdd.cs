using System.CommandLine;
using SecuTicket.Cli.Client;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Cli.Nodes;

/// <summary><c>secuticket node add</c></summary>
internal static class NodeAdd
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var nodes = new Argument<string[]>("nodes") { Description = "Addresses of other nodes, such as http://127.0.0.1:5001.", Arity = ArgumentArity.OneOrMore };
        return tool.Operate("add", "Tell the node of others (operators only).", [nodes], async (run, client, adminKey, cancellation) =>
        {
            var body = CanonicalJson.Write(JsonValue.Object(new PayloadFields { { "nodes", run.Get(nodes) } }));
            var answer = await client.SendAdminAsync(HttpMethod.Post, "/nodes/register", body, adminKey, TimeSpan.Zero, cancellation);
            return run.Answer(answer, _ =>
            {
                foreach (var node in answer.Json.Items("total_nodes")) run.Printer.Fields(("node", node.GetString()));
                foreach (var node in answer.Json.Items("rejected")) run.Say($"{node.Text("node")} was not added: {node.Text("code")}: {node.Text("detail")}");
            });
        });
    }
}
