using System.CommandLine;
using SecuTicket.Cli.Client;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Gates;

/// <summary><c>secuticket gate pair</c></summary>
internal static class GatePair
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var code = new Argument<string>("code") { Description = "The one-time code that the organiser's gate invite shows." };
        var name = Symbols.Text("--name", "What this gate is called, such as \"Gate North\": 1 to 64 characters.", "NAME");
        var directory = GateSymbols.DirectoryOption();
        return tool.Command(
            "pair",
            "Make this device a gate: its own wallet is made if there is none, and its account is told to the organiser. Trusts the node that is asked from then on.",
            [code, name, directory],
            (run, cancellation) => DoAsync(run, run.Get(code)!, run.Get(name), directory, cancellation));
    }

    private static async Task<int> DoAsync(Run run, string code, string? name, Option<string?> directory, CancellationToken cancellation)
    {
        if (!run.Connect().TryGet(out var client, out var refusal)) return run.Fail(refusal);
        if (!OpenOrMake(run).TryGet(out var wallet, out refusal)) return run.Fail(refusal);

        using (wallet)
        {
            if (!(await client.IdentifyAsync(cancellation)).TryGet(out var node, out refusal)) return run.Fail(refusal);

            var body = CanonicalJson.Write(JsonValue.Object(new PayloadFields { { "code", code }, { "name", name ?? $"Gate {wallet.Address.ToString()[..8]}" } }));
            var answer = await client.SendSignedAsync(wallet, HttpMethod.Post, "/gate/pair", body, cancellation);
            if (answer.Refusal is not null) return run.Fail(answer);
            if (!PinOf(answer, node).TryGet(out var pin, out refusal)) return GateCommands.Fail(run, refusal);

            var folder = new GateFolder(GateSymbols.PlaceOf(run, directory, pin.Event));
            if (!Keep(run, folder, pin).TryGet(out pin, out refusal)) return run.Fail(refusal);

            return Tell(run, answer, wallet, pin, folder);
        }
    }

    private static Verdict<Wallet> OpenOrMake(Run run)
    {
        if (File.Exists(run.WalletPath)) return run.OpenWallet();

        var passphrase = new PassphraseSource(run.Surroundings, run.PassphraseFile);
        var secret = string.Empty;
        if (passphrase.IsGiven && !passphrase.Read("the gate's wallet").TryGet(out secret, out var refusal)) return refusal;

        var wallet = new Wallet(P256PrivateKey.Generate());
        var written = WalletFile.Write(run.WalletPath, WalletPem.Write(wallet, secret!.Length > 0 ? secret : null), replace: false);
        if (!written.IsAccepted)
        {
            wallet.Dispose();
            return written.Refusal;
        }

        run.Say($"Made this gate's wallet: '{run.WalletPath}'{(secret.Length > 0 ? ", encrypted" : string.Empty)}.");
        return wallet;
    }

    // What is signed was for the node that was asked first, so another one's answer is none.
    private static Verdict<GatePin> PinOf(NodeAnswer answer, NodeIdentity node)
    {
        if (!EventId.TryParse(answer.Json.Text("event_id"), out var id)) throw new UnreadableAnswerException("The answer's event_id is none.");
        if (!Address.TryParse(answer.Json.Text("node"), out var address)) throw new UnreadableAnswerException("The answer's node is no address.");
        if (answer.Json.Text("node") != node.Node || answer.Json.Text("chain_id") != node.ChainId)
        {
            return new Refusal(
                FailureCodes.NotVerified,
                $"The node called itself {node.Node} of {node.ChainId} first, and now {answer.Json.Text("node")} of {answer.Json.Text("chain_id")}: several nodes answer at this address. Nothing is kept; pair with one of them.");
        }

        return new GatePin(node.ChainId, id, address, null);
    }

    private static Verdict<GatePin> Keep(Run run, GateFolder folder, GatePin pin)
    {
        if (!folder.Lock(GateFolder.NetworkLock).TryGet(out var held, out var refusal)) return refusal;

        using (held)
        {
            if (File.Exists(folder.PinFile))
            {
                if (!GatePin.Load(folder, pin.Event).TryGet(out var before, out refusal)) return refusal;

                if (before.Node == pin.Node) pin = pin with { SyncedAt = before.SyncedAt };
                else run.Say($"From now on rosters by {pin.Node} are trusted, no longer those by {before.Node}.");
            }

            pin.Save(folder);
            return pin;
        }
    }

    private static int Tell(Run run, NodeAnswer answer, Wallet wallet, GatePin pin, GateFolder folder)
    {
        if (run.Json)
        {
            run.Printer.Raw(answer.Body.Span);
        }
        else
        {
            run.Printer.Fields(
                ("event", answer.Json.Text("event_name")),
                ("event_id", pin.Event.ToString()),
                ("gate", wallet.Address.ToString()),
                ("node", pin.Node.ToString()),
                ("folder", folder.Path));
        }

        run.Say($"The organiser sees this gate's address now, compares it with the one above and confirms. Then: secuticket gate sync {pin.Event}");
        return ExitCode.Done;
    }
}
