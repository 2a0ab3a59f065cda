using System.CommandLine;
using SecuTicket.Cli.Output;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Tickets;

/// <summary><c>secuticket ticket code</c></summary>
internal static class TicketCode
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var ticket = Symbols.Ticket();
        var chain = ChainId();
        var picture = new Option<bool>("--qr") { Description = "Draw the QR code although the output is no terminal." };
        return tool.Command(
            "code",
            "Make the code that the gate scans, good for 30 seconds. It is signed on this machine; with --chain-id no node is asked.",
            [ticket, chain, picture],
            async (run, cancellation) =>
            {
                if (!(await ChainAsync(run, run.Get(chain), cancellation)).TryGet(out var chainId, out var refusal)) return run.Fail(refusal);
                if (!run.OpenWallet().TryGet(out var wallet, out refusal)) return run.Fail(refusal);

                using (wallet)
                {
                    if (!TicketId.TryParse(run.Get(ticket), out var id)) return run.Fail(new Refusal(FailureCodes.Usage, "The ticket's id is 32 hex digits."));

                    Print(run, Make(wallet, chainId, id, run.Surroundings.Clock.GetUtcNow()), run.Get(picture));
                    return ExitCode.Done;
                }
            });
    }

    /// <summary><c>--chain-id</c>.</summary>
    public static Option<string?> ChainId() => Symbols.Text("--chain-id", "The chain's name, such as secuticket-dev; the node is asked when left out.", "CHAIN");

    /// <summary>The chain that was named, else the node's.</summary>
    public static async Task<Verdict<string>> ChainAsync(Run run, string? named, CancellationToken cancellation)
    {
        if (named is not null) return named;
        if (!run.Connect().TryGet(out var client, out var refusal)) return refusal;

        return (await client.IdentifyAsync(cancellation)).TryGet(out var node, out refusal) ? node.ChainId : refusal;
    }

    /// <summary>A code of this moment.</summary>
    public static GateCode Make(Wallet wallet, string chainId, TicketId ticket, DateTimeOffset now)
    {
        var seconds = (uint)now.ToUnixTimeSeconds();
        return new GateCode(ticket, seconds, wallet.PublicKey, wallet.SignDigest(GateCode.Digest(chainId, ticket, seconds)));
    }

    private static void Print(Run run, in GateCode code, bool draw)
    {
        var text = code.Format();
        if (run.Json)
        {
            run.Printer.Line(JsonValue.Object(new PayloadFields { { "code", text }, { "at", (long)code.At } }).ToString());
            return;
        }

        if (run.Surroundings.IsSeen || draw) run.Printer.Raw(QrPicture.Of(text));
        run.Printer.Line(text);
    }
}
