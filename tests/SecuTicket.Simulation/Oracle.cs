using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using Hash256 = SecuTicket.Core.Primitives.Hash256;

namespace SecuTicket.Simulation;

/// <summary>Replays a chain by rules written a second time, as plainly as can be, and shares none with the nodes: what both agree on is not one author's slip.</summary>
public sealed class Oracle(ChainSpec spec)
{
    private readonly Dictionary<string, long> _balances = [];
    private readonly Dictionary<string, Event> _events = [];
    private readonly Dictionary<string, Seat> _tickets = [];
    private readonly HashSet<string> _references = [];
    private long _supply;

    /// <summary>Ids of all transactions of the chain.</summary>
    public HashSet<Hash256> Confirmed { get; } = [];

    /// <summary>Weight of the chain: 2^difficulty of each block after genesis.</summary>
    public UInt128 Weight { get; private set; }

    /// <summary>Replays from genesis.</summary>
    /// <returns>The first thing that is wrong; null when nothing is.</returns>
    public string? Replay(IReadOnlyList<Block> blocks)
    {
        if (blocks[0].Hash != spec.Genesis.Hash) return "the first block is not genesis";

        for (var i = 1; i < blocks.Count; i++)
        {
            if ((HeaderFault(blocks, i) ?? BodyFault(blocks[i])) is { } fault) return $"block {i} {blocks[i].Hash}: {fault}";
        }

        return null;
    }

    /// <summary>What a node's ledger says otherwise.</summary>
    public IEnumerable<string> Compare(LedgerState ledger)
    {
        if (ledger.Supply != _supply) yield return $"supply is {ledger.Supply}, should be {_supply}";
        if (_balances.Values.Sum() != _supply) yield return $"balances sum to {_balances.Values.Sum()}, supply is {_supply}";
        if (ledger.Balances.Sum(entry => entry.Value) != _supply) yield return $"the node's balances sum to {ledger.Balances.Sum(entry => entry.Value)}, supply is {_supply}";
        foreach (var (account, balance) in ledger.Balances)
            if (_balances.GetValueOrDefault(Word(account)) != balance) yield return $"{account} has {balance}, should have {_balances.GetValueOrDefault(Word(account))}";
        if (ledger.Tickets.Count != _tickets.Count) yield return $"{ledger.Tickets.Count} tickets, should be {_tickets.Count}";
        foreach (var (id, ticket) in ledger.Tickets)
        {
            if (!_tickets.TryGetValue(id.ToString(), out var seat)) yield return $"ticket {id} should not be";
            else if (Word(ticket.Owner) != seat.Owner || TicketStatusWords.Of(ticket.Status) != seat.Status) yield return $"ticket {id} is {ticket.Status} and {ticket.Owner}'s, should be {seat.Status} and {seat.Owner}'s";
        }

        var owned = ledger.OwnedTickets.SelectMany(entry => entry.Value.Select(ticket => (Owner: entry.Key, Ticket: ticket.Key))).ToArray();
        if (owned.Length != _tickets.Count || owned.Select(one => one.Ticket).Distinct().Count() != owned.Length) yield return $"{owned.Length} places in the owners' lists for {_tickets.Count} tickets";
    }

    private string? HeaderFault(IReadOnlyList<Block> blocks, int i)
    {
        var (header, parent) = (blocks[i].Header, blocks[i - 1].Header);
        var hash = SHA256.HashData(header.Encode());
        var zeros = 0;
        while (zeros < 256 && (hash[zeros / 8] & (0x80 >> (zeros % 8))) == 0) zeros++;
        var before = blocks.Take(i).TakeLast(11).Select(block => block.Header.Timestamp).Order().ToArray();
        Weight += UInt128.One << (int)header.Difficulty;
        return header.Previous != parent.Hash ? "does not follow the one before"
            : header.Index != i ? $"says it is number {header.Index}"
            : zeros < header.Difficulty ? $"shows {zeros} zero bits of {header.Difficulty}"
            : header.Difficulty != Difficulty(blocks, i) ? $"has difficulty {header.Difficulty}, should have {Difficulty(blocks, i)}"
            : header.Timestamp <= before[before.Length / 2] ? $"is timed {header.Timestamp}, not later than the median {before[before.Length / 2]}"
            : null;
    }

    // One bit up when an interval took less than half its time, one down when more than twice.
    private long Difficulty(IReadOnlyList<Block> blocks, int i)
    {
        var interval = spec.Work.RetargetInterval;
        if (i == 1) return spec.Work.Difficulty;

        var present = blocks[i - 1].Header.Difficulty;
        if (interval == 0 || (i - 1) % interval != 0 || i - 1 <= interval) return present;

        var taken = blocks[i - 1].Header.Timestamp - blocks[i - 1 - interval].Header.Timestamp;
        var wanted = interval * spec.Work.TargetBlockTime;
        return taken < wanted / 2 ? present + 1 : taken > wanted * 2 ? Math.Max(present - 1L, 0) : present;
    }

    private string? BodyFault(Block block)
    {
        if (Root([.. block.Transactions.Select(Leaf)]) is var root && !root.AsSpan().SequenceEqual(block.Header.TransactionsRoot.Span)) return "its body is not its header's";

        for (var i = 0; i < block.Transactions.Count; i++)
        {
            var transaction = block.Transactions[i];
            using var json = JsonDocument.Parse(transaction.Payload.Canonical);
            var fields = json.RootElement;
            if (!Confirmed.Add(transaction.Id)) return $"transaction {transaction.Id} is in the chain twice";
            if ((SignatureFault(transaction, fields, i) ?? Apply(block.Header, fields, i)) is { } fault) return $"{fields.GetProperty("type").GetString()} {transaction.Id}: {fault}";
        }

        return block.Transactions.Count > 0 ? null : "it has no reward";
    }

    private static string? SignatureFault(Transaction transaction, JsonElement fields, int place)
    {
        if (place == 0) return transaction.Signatures.Count == 0 ? null : "somebody signed the reward";
        if (transaction.Signatures.Count == 0 || Word(Core.Primitives.Address.Of(transaction.Signatures[0].Key)) != Account(fields, "sender")) return "its sender did not sign it";

        var point = new ECPoint { X = transaction.Signatures[0].Key.Span[..32].ToArray(), Y = transaction.Signatures[0].Key.Span[32..].ToArray() };
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
        return key.VerifyHash(SHA256.HashData(transaction.Payload.Canonical.Span), transaction.Signatures[0].Value.Span) ? null : "its signature is wrong";
    }

    private string? Apply(BlockHeader header, JsonElement fields, int place)
    {
        var type = fields.GetProperty("type").GetString()!;
        if (place == 0 != (type == "reward")) return "the reward stands first, and nothing else does";
        if (type == "reward") return ApplyReward(header, fields);

        var sender = Account(fields, "sender");
        var seconds = header.Timestamp / 1_000;
        if (fields.GetProperty("chain_id").GetString() != spec.ChainId) return "is of another chain";
        if (fields.GetProperty("valid_until").GetInt64() is var until && (seconds > until || until > seconds + (30 * 86_400))) return $"is valid until {until}, it is {seconds}";

        return type switch
        {
            "top_up" => ApplyTopUp(fields, sender),
            "transfer" => Pay(sender, Account(fields, "recipient"), Number(fields, "amount")),
            "create_event" => ApplyCreate(fields, sender),
            "issue_tickets" or "cancel_event" => ApplyToEvent(fields, sender, type),
            _ => ApplyToTicket(fields, sender, type),
        };
    }

    private string? ApplyReward(BlockHeader header, JsonElement fields)
    {
        if (Account(fields, "recipient") != Word(header.Sealer) || Number(fields, "amount") != spec.Reward || Number(fields, "block_index") != header.Index) return "is not the reward of this block";

        Mint(Word(header.Sealer), spec.Reward);
        return null;
    }

    private string? ApplyTopUp(JsonElement fields, string sender)
    {
        if (!spec.ExchangeAuthorities.Any(authority => Word(authority) == sender)) return "is by nobody who may";
        if (!_references.Add(fields.GetProperty("reference").GetString()!)) return "was paid for once and is brought in twice";

        Mint(Account(fields, "recipient"), Number(fields, "amount"));
        return null;
    }

    private string? ApplyCreate(JsonElement fields, string sender)
    {
        var resale = fields.GetProperty("resale");
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(fields.GetRawText()))[..16]);
        var gates = fields.GetProperty("gates").EnumerateArray().Select(gate => gate.GetString()!.ToLowerInvariant()).ToArray();
        _events[id] = new Event(sender, gates, Number(resale, "max_price_percent"), Number(resale, "commission_percent"), Number(resale.GetProperty("return"), "refund_percent"));
        return null;
    }

    private string? ApplyToEvent(JsonElement fields, string sender, string type)
    {
        var id = fields.GetProperty("event_id").GetString()!;
        if (!_events.TryGetValue(id, out var found) || found.Organiser != sender) return "is not by the organiser";
        if (found.Cancelled) return "is of a cancelled event";
        if (type == "cancel_event")
        {
            found.Cancelled = true;
            return null;
        }

        foreach (var seat in fields.GetProperty("seats").EnumerateArray())
        {
            var name = string.Create(CultureInfo.InvariantCulture, $$"""{"event_id":"{{id}}","seat":{{seat.GetRawText()}},"session":{{Number(fields, "session")}}}""");
            var ticket = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))[..16]);
            if (!_tickets.TryAdd(ticket, new Seat(found, sender, Number(fields, "price")))) return $"seat {seat} has two tickets";
        }

        return null;
    }

    private string? ApplyToTicket(JsonElement fields, string sender, string type)
    {
        if (!_tickets.TryGetValue(fields.GetProperty("ticket_id").GetString()!, out var seat)) return "is of no ticket";

        var isHolder = seat.Owner == sender && seat.Status is "sold" or "listed";
        switch (type)
        {
            case "purchase_ticket": return Purchase(seat, sender, Number(fields, "max_price"));
            case "sell_ticket" when sender == seat.Of.Organiser && seat.Status == "unsold" && !seat.Of.Cancelled:
                (seat.Owner, seat.Status, seat.Paid) = (Account(fields, "recipient"), "sold", false);
                return null;
            case "redeem_ticket" when seat.Of.Gates.Contains(sender) && seat.Status is "sold" or "listed" && !seat.Of.Cancelled:
                seat.Status = "redeemed";
                return null;
            case "revoke_ticket" when sender == seat.Of.Organiser && seat.Status is "unsold" or "sold" or "listed":
                var refund = seat.Status != "unsold" && seat.Paid ? seat.Face : 0;
                seat.Status = "revoked";
                return Pay(sender, seat.Owner, refund);
            case "list_ticket" when isHolder && seat.Status == "sold" && !seat.Of.Cancelled && Number(fields, "price") <= seat.Face * seat.Of.Cap / 100:
                (seat.Status, seat.Price) = ("listed", Number(fields, "price"));
                return null;
            case "unlist_ticket" when isHolder && seat.Status == "listed":
                seat.Status = "sold";
                return null;
            case "transfer_ticket" when isHolder && seat.Status == "sold" && !seat.Of.Cancelled:
                seat.Owner = Account(fields, "recipient");
                return null;
            case "return_ticket" when isHolder && seat.Status == "sold":
                var back = !seat.Paid ? 0 : seat.Of.Cancelled ? seat.Face : seat.Face * seat.Of.Refund / 100;
                (seat.Owner, seat.Status, seat.Paid) = (seat.Of.Organiser, "unsold", false);
                return Pay(seat.Of.Organiser, sender, back);
            default: return $"can not be done by {sender}: the ticket is {seat.Status} and {seat.Owner}'s";
        }
    }

    private string? Purchase(Seat seat, string buyer, long most)
    {
        var price = seat.Status == "unsold" ? seat.Face : seat.Price;
        if (seat.Status is not ("unsold" or "listed") || seat.Owner == buyer || seat.Of.Cancelled || price > most) return $"can not be bought by {buyer} for {most}: it is {seat.Status}, {seat.Owner}'s, and costs {price}";

        var commission = seat.Status == "listed" ? price * seat.Of.Commission / 100 : 0;
        if ((Pay(buyer, seat.Owner, price - commission) ?? Pay(buyer, seat.Of.Organiser, commission)) is { } poor) return poor;

        seat.Paid |= seat.Status == "unsold";
        (seat.Owner, seat.Status) = (buyer, "sold");
        return null;
    }

    private string? Pay(string from, string to, long amount)
    {
        if (_balances.GetValueOrDefault(from) < amount) return $"{from} has {_balances.GetValueOrDefault(from)} and pays {amount}";

        _balances[from] = _balances.GetValueOrDefault(from) - amount;
        _balances[to] = _balances.GetValueOrDefault(to) + amount;
        return null;
    }

    private void Mint(string to, long amount)
    {
        _supply += amount;
        _balances[to] = _balances.GetValueOrDefault(to) + amount;
    }

    private static byte[] Leaf(Transaction transaction)
    {
        var list = transaction.Encode().AsSpan(4 + transaction.Payload.Canonical.Length);
        return SHA256.HashData([0, .. SHA256.HashData(transaction.Payload.Canonical.Span), .. SHA256.HashData(list)]);
    }

    private static byte[] Root(byte[][] leaves)
    {
        if (leaves.Length == 1) return leaves[0];
        if (leaves.Length == 0) return SHA256.HashData([]);

        // RFC 6962: the left tree is the largest full one that leaves something for the right.
        var split = 1;
        while (split * 2 < leaves.Length) split *= 2;
        return SHA256.HashData([1, .. Root(leaves[..split]), .. Root(leaves[split..])]);
    }

    private static string Account(JsonElement fields, string name) => fields.GetProperty(name).GetString()!.ToLowerInvariant();

    private static string Word(Core.Primitives.Address account) => account.ToString().ToLowerInvariant();

    private static long Number(JsonElement fields, string name) => fields.GetProperty(name).GetInt64();

    private sealed record Event(string Organiser, string[] Gates, long Cap, long Commission, long Refund)
    {
        public bool Cancelled { get; set; }
    }

    private sealed class Seat(Event of, string owner, long face)
    {
        public Event Of => of;

        public long Face => face;

        public string Owner { get; set; } = owner;

        public string Status { get; set; } = "unsold";

        public long Price { get; set; }

        public bool Paid { get; set; }
    }
}
