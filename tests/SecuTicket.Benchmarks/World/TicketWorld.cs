using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Benchmarks.World;

/// <summary>How much there is.</summary>
/// <param name="Fans">Accounts with coins and keys.</param>
/// <param name="Tickets">Tickets issued.</param>
/// <param name="Sold">How many of them, from the first on, are sold: ticket i to fan i modulo <paramref name="Fans"/>.</param>
/// <param name="Difficulty">Zero bits of a block's hash: those of the built-in chain unless a figure needs thousands of blocks.</param>
/// <param name="EmptyBlocks">Blocks without transactions at the end.</param>
internal sealed record WorldSize(int Fans, int Tickets, int Sold, int Difficulty = 16, int EmptyBlocks = 0)
{
    /// <summary>False where nobody checks what was signed and there is too much of it to sign.</summary>
    public bool IsSigned { get; init; } = true;

    /// <summary>Sales of one block.</summary>
    public int SalesOfOneBlock { get; init; } = 2_000;

    /// <summary>How often the first ticket is given on after its sale: to the second fan, back to the first and so on.</summary>
    public int Transfers { get; init; }
}

/// <summary>A chain with an event, tickets and fans, in a data directory that a node can be started on.</summary>
/// <remarks>The chain is like the built-in one (16 bits of work unless the size says otherwise, the same reward) but its exchange authority's key is drawn for the run.</remarks>
internal sealed class TicketWorld : IDisposable
{
    /// <summary>What a ticket costs, in minor units.</summary>
    public const long Price = 100;

    /// <summary>What each fan is given, in minor units.</summary>
    public const long Coins = 10_000_000;

    private const string ChainId = "secuticket-bench";
    private const int SeatsOfOneIssue = 1_000;
    private const int IssuesOfOneBlock = 20;
    private const int TransactionsOfOneBlock = 2_000;
    private const int TransfersOfOneBlock = 100;

    private readonly Signer _exchange;

    private bool _isTwin;

    private TicketWorld(string folder, WorldSize size)
    {
        (_exchange, Organiser) = (new Signer(size.IsSigned), new Signer(size.IsSigned));
        DataDirectory = Path.Combine(folder, "data");
        SpecFile = Path.Combine(folder, "chain.json");
        var spec = JsonValue.Object(
        [
            new("chain_id", JsonValue.Of(ChainId)),
            new("currency", JsonValue.Of("EUR")),
            new("engine", JsonValue.Of(ChainSpec.ProofOfWorkEngine)),
            new("exchange_authorities", JsonValue.Array([JsonValue.Of(_exchange.Address.ToString())])),
            new("genesis_time", JsonValue.Of(1_767_225_600_000)),
            new("proof_of_work", JsonValue.Object([new("difficulty", JsonValue.Of(size.Difficulty))])),
            new("reward", JsonValue.Of(100)),
        ]);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(SpecFile, CanonicalJson.Write(spec));
        Spec = ChainSpec.Parse(CanonicalJson.Write(spec)).Value;
        Size = size;
        Fans = new Signer[size.Fans];
        Parallel.For(0, Fans.Length, i => Fans[i] = new Signer(size.IsSigned));
        Tickets = new TicketId[size.Tickets];
    }

    public ChainSpec Spec { get; }

    /// <summary>The end of validity of all its transactions, in unix seconds.</summary>
    public long ValidUntil { get; } = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + (7 * 24 * 3600);

    public WorldSize Size { get; }

    /// <summary>The specification, as a node reads it.</summary>
    public string SpecFile { get; }

    /// <summary>Where a node finds the ledger.</summary>
    public string DataDirectory { get; private set; }

    public Signer Organiser { get; }

    public Signer[] Fans { get; }

    /// <summary>The tickets in the order of their issue.</summary>
    public TicketId[] Tickets { get; }

    /// <summary>The event.</summary>
    public EventId EventId { get; private set; }

    /// <summary>Signed transactions of its chain.</summary>
    public int Transactions => Size.Fans + 1 + ((Size.Tickets + SeatsOfOneIssue - 1) / SeatsOfOneIssue) + Size.Sold + Size.Transfers;

    /// <summary>Coins that came in by top-ups, in minor units.</summary>
    public long ToppedUp => Coins * Size.Fans;

    /// <summary>Makes a world and writes it.</summary>
    public static TicketWorld Build(string folder, WorldSize size)
    {
        var world = new TicketWorld(folder, size);
        using var fill = new LedgerFill(world.DataDirectory, world.Spec);
        world.Fill(fill);
        return world;
    }

    /// <summary>A copy of the data directory: for a node that begins with the same chain and is another one.</summary>
    public string Copy(string name)
    {
        var copy = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(DataDirectory)!, name)).FullName;
        foreach (var file in Directory.EnumerateFiles(DataDirectory, $"{Node.Storage.DataDirectory.LedgerName}*")) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>The same world in a data directory of its own, which it goes on from by itself. The keys stay this one's.</summary>
    public TicketWorld Twin(string name)
    {
        var twin = (TicketWorld)MemberwiseClone();
        (twin.DataDirectory, twin._isTwin) = (Copy(name), true);
        return twin;
    }

    /// <summary>The fan who has a sold ticket in this world.</summary>
    public Signer OwnerOf(int ticket) => ticket == 0 ? Fans[Size.Transfers % 2] : BuyerOf(ticket);

    /// <summary>The fan who buys a ticket in this world.</summary>
    public Signer BuyerOf(int ticket) => Fans[ticket % Fans.Length];

    /// <summary>The purchases of a range of tickets, each signed by its buyer, on all cores.</summary>
    public Transaction[] SignPurchases(int first, int count) => SignPurchases([.. Enumerable.Range(first, count).Select(ticket => (ticket, ticket % Fans.Length))]);

    /// <summary>The purchases of some tickets by some fans, signed on all cores.</summary>
    public Transaction[] SignPurchases((int Ticket, int Fan)[] wishes)
    {
        var purchases = new Transaction[wishes.Length];
        Parallel.For(0, wishes.Length, i => purchases[i] = SignPurchase(Tickets[wishes[i].Ticket], Fans[wishes[i].Fan]));
        return purchases;
    }

    /// <summary>The purchase of any ticket of its chain.</summary>
    public Transaction SignPurchase(TicketId ticket, Signer buyer) => buyer.Sign(
        ChainId, PurchaseTicket.TypeName, ValidUntil, new("max_price", JsonValue.Of(Price)), new("ticket_id", JsonValue.Of(ticket.ToString())));

    public void Dispose()
    {
        if (_isTwin) return;

        foreach (var fan in Fans) fan.Dispose();
        Organiser.Dispose();
        _exchange.Dispose();
    }

    private void Fill(LedgerFill fill)
    {
        AddAll(fill, Fans.Length, SignTopUps);

        var creation = Organiser.Sign(
            ChainId, CreateEvent.TypeName, ValidUntil,
            new("gates", JsonValue.Array([JsonValue.Of(Organiser.Address.ToString())])),
            new("name", JsonValue.Of("Benchmark night")),
            new("venue", JsonValue.Of("Grand hall")),
            new("sessions", JsonValue.Array([JsonValue.Object([new("date", JsonValue.Of("2027-06-15")), new("time", JsonValue.Of("19:00"))])])));
        fill.Add([creation]);
        EventId = EventId.Of(creation.Id);
        foreach (var some in Issues().Chunk(IssuesOfOneBlock)) fill.Add(some);

        AddAll(fill, Size.Sold, SignPurchases, Size.SalesOfOneBlock);
        AddAll(fill, Size.Transfers, SignTransfers, TransfersOfOneBlock);
        fill.AddEmpty(Size.EmptyBlocks);
    }

    // The next block's transactions are signed while one is written.
    private static void AddAll(LedgerFill fill, int count, Func<int, int, Transaction[]> sign, int perBlock = TransactionsOfOneBlock)
    {
        var next = Task.FromResult<Transaction[]>([]);
        for (var first = 0; first < count; first += perBlock)
        {
            var begin = first;
            var current = next.GetAwaiter().GetResult();
            next = Task.Run(() => sign(begin, Math.Min(perBlock, count - begin)));
            if (current.Length > 0) fill.Add(current);
        }

        if (next.GetAwaiter().GetResult() is { Length: > 0 } last) fill.Add(last);
    }

    private Transaction[] SignTopUps(int first, int count)
    {
        var topUps = new Transaction[count];
        Parallel.For(0, count, i => topUps[i] = _exchange.Sign(
            ChainId, TopUp.TypeName, ValidUntil,
            new("amount", JsonValue.Of(Coins)),
            new("recipient", JsonValue.Of(Fans[first + i].Address.ToString())),
            new("reference", JsonValue.Of($"payment {first + i}"))));
        return topUps;
    }

    private Transaction[] SignTransfers(int first, int count)
    {
        var transfers = new Transaction[count];
        Parallel.For(0, count, i => transfers[i] = Fans[(first + i) % 2].Sign(
            ChainId, TransferTicket.TypeName, ValidUntil, new("recipient", JsonValue.Of(Fans[(first + i + 1) % 2].Address.ToString())), new("ticket_id", JsonValue.Of(Tickets[0].ToString()))));
        return transfers;
    }

    private IEnumerable<Transaction> Issues()
    {
        for (var first = 0; first < Tickets.Length; first += SeatsOfOneIssue)
        {
            var seats = Enumerable.Range(first, Math.Min(SeatsOfOneIssue, Tickets.Length - first)).Select(number => $"R{number / 100}-{number % 100}").ToArray();
            for (var i = 0; i < seats.Length; i++) Tickets[first + i] = IssueTickets.TicketOf(EventId, 0, seats[i]);
            yield return Organiser.Sign(
                ChainId, IssueTickets.TypeName, ValidUntil,
                new("event_id", JsonValue.Of(EventId.ToString())),
                new("price", JsonValue.Of(Price)),
                new("seats", JsonValue.Array(seats.Select(JsonValue.Of))),
                new("session", JsonValue.Of(0)));
        }
    }
}
