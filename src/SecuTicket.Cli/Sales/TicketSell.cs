using System.CommandLine;
using SecuTicket.Cli.Client;
using SecuTicket.Cli.Tickets;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Sales;

/// <summary><c>secuticket ticket sell</c></summary>
internal static class TicketSell
{
    /// <summary>How long a sale that is carried about may take until it is in a block.</summary>
    private static readonly TimeSpan CarriedValidity = TimeSpan.FromDays(7);

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var options = new Options();
        return tool.Command(
            "sell",
            "Sell an unsold ticket officially: the seller and the event's key sign. Signs with the wallet, and with --event-wallet where both keys are here; "
            + "--out saves the half-signed sale for ticket countersign on another machine; --post posts a completed one.",
            options.All,
            (run, cancellation) => run.Get(options.Post) is { } file ? PostAsync(run, options, run.PathOf(file), cancellation) : SellAsync(run, options, cancellation));
    }

    private static async Task<int> PostAsync(Run run, Options options, string file, CancellationToken cancellation)
    {
        if (run.Get(options.Ticket) is not null || run.Get(options.Out) is not null) return run.Fail(Usage("--post takes a sale from a file: neither a ticket nor --out."));

        return SaleFile.Read(file).TryGet(out var sale, out var refusal) ? await SaleFile.PostAsync(run, sale, options.Write.Of(run), cancellation) : run.Fail(refusal);
    }

    private static async Task<int> SellAsync(Run run, Options options, CancellationToken cancellation)
    {
        if (run.Get(options.Ticket) is null) return run.Fail(Usage("Name the ticket, or a completed sale with --post FILE."));
        if (run.Get(options.Recipient) is null) return run.Fail(Usage("Name who gets the ticket: --to ADDRESS."));

        if (!(await TicketCode.ChainAsync(run, run.Get(options.ChainId), cancellation)).TryGet(out var chainId, out var refusal)) return run.Fail(refusal);
        if (!run.OpenWallet().TryGet(out var wallet, out refusal)) return run.Fail(refusal);

        using (wallet)
        {
            if (!Sign(run, options, wallet, chainId).TryGet(out var sale, out refusal)) return run.Fail(refusal);
            if (run.Get(options.Out) is not { } destination) return await SaleFile.PostAsync(run, sale, options.Write.Of(run), cancellation);

            return Keep(run, sale, run.PathOf(destination), run.Get(options.Force));
        }
    }

    private static Verdict<Sale> Sign(Run run, Options options, Wallet wallet, string chainId)
    {
        var seller = wallet.Address;
        if (run.Get(options.Seller) is { } named && !Address.TryParse(named, out seller)) return Usage($"'{named}' is no address.");

        var validity = run.Get(options.Out) is null ? Draft.DefaultValidity : CarriedValidity;
        var validUntil = run.Get(options.ValidUntil) ?? (run.Surroundings.Clock.GetUtcNow() + validity).ToUnixTimeSeconds();
        var fields = new PayloadFields
        {
            { "ticket_id", run.Get(options.Ticket) },
            { "recipient", run.Get(options.Recipient) },
            { "price", run.Get(options.Price) },
            { "reference", run.Get(options.Reference) },
            { "identity_commitment", run.Get(options.Commitment) },
        };
        var payload = Draft.Of(SellTicket.TypeName, chainId, seller, validUntil, run.Surroundings.FillRandom, fields);
        if (!Sale.Draft(payload).TryGet(out var sale, out var refusal)) return refusal;
        if (!sale.With(wallet).TryGet(out sale, out refusal)) return refusal;
        if (run.Get(options.EventWallet) is not { } path) return sale;
        if (!run.OpenWallet(run.PathOf(path)).TryGet(out var second, out refusal)) return refusal;

        // Where both are one key one signature is enough, and a second one would be refused.
        using (second) return second.Address == wallet.Address ? sale : sale.With(second);
    }

    private static int Keep(Run run, Sale sale, string path, bool force)
    {
        var written = SaleFile.Write(path, sale, force);
        if (!written.IsAccepted) return run.Fail(written.Refusal);

        if (run.Json) run.Printer.Raw(sale.Write());
        else SaleFile.Show(run, sale);
        run.Say($"The sale is in '{path}'; {sale.Missing()}. Next: secuticket ticket {(sale.EventKey is null || !sale.HasSeller ? "countersign" : "sell --post")} {path}");
        return ExitCode.Done;
    }

    private static Refusal Usage(string sentence) => new(FailureCodes.Usage, sentence);

    private sealed class Options
    {
        public Argument<string?> Ticket { get; } = OptionalTicket();

        public Option<string?> Recipient { get; } = Symbols.Address("--to", "Who gets the ticket.");

        public Option<long?> Price { get; } = Symbols.Amount("--price", "What was paid outside the chain, in minor units, for the record.");

        public Option<string?> Reference { get; } = Symbols.Text("--reference", "The seller's own reference, 1 to 64 characters.", "TEXT");

        public Option<string?> Commitment { get; } = TicketBuy.Commitment();

        public Option<string?> EventWallet { get; } = Symbols.Text("--event-wallet", "The wallet that holds the event's key, to sign with it too.", "FILE");

        public Option<string?> Seller { get; } = Symbols.Address("--seller", "Who sells, where the wallet holds the event's key and signs first.");

        public Option<string?> Out { get; } = Symbols.Text("--out", "Save the sale to this file instead of posting it.", "FILE");

        public Option<string?> Post { get; } = Symbols.Text("--post", "Post the completed sale in this file.", "FILE");

        public Option<string?> ChainId { get; } = TicketCode.ChainId();

        public Option<long?> ValidUntil { get; } = Symbols.Moment("--valid-until", "After which no block may hold it; in an hour, or with --out in 7 days, when left out; at most 30 days.");

        public Option<bool> Force { get; } = Symbols.Force();

        public WriteOptions Write { get; } = new();

        public IEnumerable<Symbol> All => [Ticket, Recipient, Price, Reference, Commitment, EventWallet, Seller, Out, Post, ChainId, ValidUntil, Force, .. Write.All];

        private static Argument<string?> OptionalTicket()
        {
            var ticket = new Argument<string?>("ticket") { Description = "The ticket's id: 32 hex digits.", Arity = ArgumentArity.ZeroOrOne };
            ticket.Validators.Add(result =>
            {
                if (result.Tokens is [{ } token] && !TicketId.TryParse(token.Value, out _)) result.AddError($"ticket: '{token.Value}' is not 32 lower-case hex digits.");
            });
            return ticket;
        }
    }
}
