using System.CommandLine;

namespace SecuTicket.Cli.Nodes;

/// <summary><c>secuticket node remove</c></summary>
internal static class NodeRemove
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var node = new Argument<string>("node") { Description = "Address of a node, such as http://127.0.0.1:5001." };
        return tool.Operate("remove", "Have the node forget another one (operators only).", [node], async (run, client, adminKey, cancellation) =>
        {
            var answer = await client.SendAdminAsync(HttpMethod.Delete, $"/nodes?node={Uri.EscapeDataString(run.Get(node)!)}", default, adminKey, TimeSpan.Zero, cancellation);
            return run.Answer(answer, _ => run.Printer.Line($"{run.Get(node)} is not known any more."));
        });
    }
}
