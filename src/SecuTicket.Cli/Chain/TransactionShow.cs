using System.CommandLine;
using System.Text.Json;
using SecuTicket.Cli.Client;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Chain;

/// <summary><c>secuticket transaction</c></summary>
internal static class TransactionShow
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var id = new Argument<string>("transaction") { Description = "Its id: 64 hex digits." };
        id.Validators.Add(static result =>
        {
            if (result.Tokens is [{ } token] && !Hash256.TryParse(token.Value, out _)) result.AddError($"transaction: '{token.Value}' is not 64 lower-case hex digits.");
        });
        return tool.Read("transaction", "Show what became of a transaction.", [id], run => $"/transactions/{run.Get(id)}", Show);
    }

    private static void Show(Run run, JsonElement json)
    {
        var payload = json.Field("payload");
        run.Printer.Fields(
        [
            ("transaction_id", json.Text("transaction_id")),
            ("status", json.Text("status")),
            ("code", json.OptionalText("code")),
            ("block_index", json.OptionalNumber("block_index")?.ToString()),
            .. payload.ValueKind == JsonValueKind.Object ? payload.EnumerateObject().Select(field => (field.Name, (string?)field.Value.ToString())) : [],
        ]);
    }
}
