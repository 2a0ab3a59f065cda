using System.CommandLine;
using System.Text.Json;
using SecuTicket.Cli.Client;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Gates;

/// <summary><c>secuticket gate invite</c></summary>
internal static class GateInvite
{
    private const int DefaultWaitSeconds = 120;
    private const int MaxWaitSeconds = 3600;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var id = Symbols.Event();
        var yes = new Option<bool>("--yes") { Description = "List the gate without asking." };
        var claimed = new Option<bool>("--claimed") { Description = "Make no code: list the gates that used one within the last day and are not listed yet." };
        var wait = new Option<int>("--wait") { Description = "How long to wait for the gate to use the code, in seconds.", HelpName = "SECONDS", DefaultValueFactory = static _ => DefaultWaitSeconds };
        wait.Validators.Add(static result =>
        {
            if (result.Tokens is [{ } token] && (!int.TryParse(token.Value, out var seconds) || seconds is < 1 or > MaxWaitSeconds)) result.AddError($"--wait: expected 1 to {MaxWaitSeconds} seconds.");
        });
        return tool.Ask(
            "invite",
            "Pair a gate's device (the organiser's wallet): shows a one-time code, waits until the device used it, and lists the device's account among the event's gates.",
            [id, wait, yes, claimed],
            async (run, client, wallet, cancellation) => run.Get(yes) || run.Surroundings.CanAsk
                ? await new Invitation(run, client, wallet, run.Get(id)!).DoAsync(run.Get(claimed), TimeSpan.FromSeconds(run.Get(wait)), run.Get(yes), cancellation)
                : run.Fail(new Refusal(FailureCodes.Usage, "Standard input is no terminal where the gate could be confirmed: say --yes to list whoever uses the code.")));
    }

    private sealed class Invitation(Run run, SecuTicketClient client, Wallet wallet, string id)
    {
        private string PairingsPath => $"/events/{id}/gate-pairings";

        public async Task<int> DoAsync(bool claimed, TimeSpan wait, bool yes, CancellationToken cancellation)
        {
            var before = await ClaimsAsync(cancellation);
            if (before.Refusal is not null) return run.Fail(before);

            if (claimed) return await ListAsync([.. before.Json.Items("items")], yes, cancellation);

            var code = await client.SendSignedAsync(wallet, HttpMethod.Post, PairingsPath, default, cancellation);
            if (code.Refusal is not null) return run.Fail(code);

            Show(code);
            if ((await NewClaimsAsync(Keys(before), wait, cancellation)).TryGet(out var claims, out var refusal)) return await ListAsync(claims, yes, cancellation);

            return run.Fail(refusal);
        }

        private void Show(NodeAnswer code)
        {
            if (run.Json) run.Printer.Line(code.Json.ToString());
            else run.Printer.Fields(("code", code.Json.Text("code")), ("good_until", code.Json.Text("expires_at")));
            run.Say($"On the gate's device: secuticket gate pair {code.Json.Text("code")} --node {run.NodeName}");
        }

        private Task<NodeAnswer> ClaimsAsync(CancellationToken cancellation) => client.SendSignedAsync(wallet, HttpMethod.Get, PairingsPath, default, cancellation);

        private async Task<Verdict<List<JsonElement>>> NewClaimsAsync(HashSet<string> known, TimeSpan wait, CancellationToken cancellation)
        {
            var clock = run.Surroundings.Clock;
            var start = clock.GetTimestamp();
            while (clock.GetElapsedTime(start) < wait)
            {
                var answer = await ClaimsAsync(cancellation);
                if (answer.Refusal is not null) return answer.Refusal;

                var claims = answer.Json.Items("items").Where(claim => !known.Contains(KeyOf(claim))).ToList();
                if (claims.Count > 0) return claims;

                await Task.Delay(BetweenLooks, clock, cancellation);
            }

            return new Refusal(FailureCodes.Pending, $"Nobody used the code within {wait.TotalSeconds:0} s. It is good for ten minutes; when it was used: secuticket gate invite {id} --claimed");
        }

        private async Task<int> ListAsync(List<JsonElement> claims, bool yes, CancellationToken cancellation)
        {
            var present = await EventAsync(cancellation);
            if (present.Refusal is not null) return run.Fail(present);

            var listed = GatesOf(present);
            var wished = new List<string>();
            foreach (var claim in claims)
            {
                var gate = claim.Text("gate");
                if (listed.Contains(gate) || wished.Contains(gate)) run.Say($"{gate} is a gate of this event already.");
                else if (yes || Confirm(gate, claim.Text("name"), present.Json.Text("name"))) wished.Add(gate);
                else run.Say($"{gate} is not listed.");
            }

            if (wished.Count == 0) return run.Fail(new Refusal("nothing_listed", "No gate was added."));

            // What is posted replaces the gates of the event as a whole: also those that somebody else listed while it was thought about here.
            present = await EventAsync(cancellation);
            if (present.Refusal is not null) return run.Fail(present);

            run.Say($"Adding {string.Join(", ", wished)}.");
            var fields = new PayloadFields { { "event_id", id }, { "gates", (string[])[.. GatesOf(present).Union(wished)] } };
            return await new Writing(run, client, wallet, TimeSpan.FromSeconds(WriteOptions.DefaultWaitSeconds))
                .SubmitAsync(UpdateEvent.TypeName, fields, $"{string.Join(", ", wished)} lets in to {present.Json.Text("name")}", cancellation);
        }

        // With what waits: one invited a moment ago is in no block yet.
        private Task<NodeAnswer> EventAsync(CancellationToken cancellation) => client.GetAsync($"/events/{id}?pending=true", cancellation);

        private static List<string> GatesOf(NodeAnswer present) => [.. present.Json.Items("gates").Select(static gate => gate.GetString() ?? string.Empty)];

        private bool Confirm(string gate, string name, string eventName)
        {
            run.Say($"\"{name}\" with the address {gate} asks to be a gate of {eventName}. The device shows the same address? [y/N]");
            return run.Surroundings.Input.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES";
        }

        private static HashSet<string> Keys(NodeAnswer answer) => [.. answer.Json.Items("items").Select(KeyOf)];

        private static string KeyOf(JsonElement claim) => $"{claim.Text("gate")} {claim.Text("claimed_at")}";
    }
}
