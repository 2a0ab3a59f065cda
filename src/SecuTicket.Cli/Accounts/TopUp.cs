using System.CommandLine;
using System.Security.Cryptography;
using SecuTicket.Cli.Client;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Cli.Accounts;

/// <summary><c>secuticket top-up</c></summary>
internal static class TopUp
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var amount = new Argument<long>("amount") { Description = "How much, in minor units (cents)." };
        amount.Validators.Add(static result =>
        {
            if (result.Tokens is [{ } token] && (!long.TryParse(token.Value, out var number) || number is < 1 or > CanonicalJson.MaxInteger)) result.AddError($"amount: '{token.Value}' is no whole number from 1.");
        });
        var reference = Symbols.Text("--reference", "The payment's reference, 1 to 64 characters, good once; a random one when left out.", "TEXT");
        var account = Symbols.Address("--account", "Whose account; the wallet's when left out.");
        var write = new WriteOptions();
        return tool.Operate(
            "top-up",
            "Bring money to an account against a payment, by the node's exchange authority (operators only).",
            [amount, reference, account, .. write.All],
            async (run, client, adminKey, cancellation) =>
            {
                if (!AccountShow.Named(run, run.Get(account)).TryGet(out var address, out var refusal)) return run.Fail(refusal);

                var payment = run.Get(reference) ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
                var body = new PayloadFields { { "amount", run.Get(amount) }, { "reference", payment } };
                var wait = write.Of(run);
                var start = run.Surroundings.Clock.GetTimestamp();
                var answer = await client.SendAdminAsync(HttpMethod.Post, $"/accounts/{address}/top-up", CanonicalJson.Write(JsonValue.Object(body)), adminKey, wait, cancellation);
                // The node signs, so there is no transaction here that could be posted again; and the same reference again is refused.
                while (answer.Refusal is null && answer.Json.Text("status") == "pending" && run.Surroundings.Clock.GetElapsedTime(start) < wait)
                {
                    await Task.Delay(BetweenLooks, run.Surroundings.Clock, cancellation);
                    var looked = await client.GetAsync($"/transactions/{answer.Json.Text("transaction_id")}", cancellation);
                    if (looked.Refusal is not null) break;

                    answer = looked;
                }

                // Once more without it would bring the money twice.
                if (answer.IsSilence && run.Get(reference) is null) run.Say($"This payment once more, should it have to be repeated: --reference {payment}");
                return Writing.Tell(run, answer, $"{run.Get(amount)} came to {address}", wait);
            });
    }
}
