using System.CommandLine;
using System.Security.Cryptography;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Cli.Accounts;

/// <summary><c>secuticket top-up</c></summary>
internal static class TopUp
{
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

                var body = new PayloadFields { { "amount", run.Get(amount) }, { "reference", run.Get(reference) ?? RandomNumberGenerator.GetHexString(32, lowercase: true) } };
                var wait = write.Of(run);
                var answer = await client.SendAdminAsync(HttpMethod.Post, $"/accounts/{address}/top-up", CanonicalJson.Write(JsonValue.Object(body)), adminKey, wait, cancellation);
                return Writing.Tell(run, answer, $"{run.Get(amount)} came to {address}", wait);
            });
    }
}
