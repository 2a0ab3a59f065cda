using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Benchmarks.World;

/// <summary>A data directory with as many tickets as a figure asks for: a small chain as nodes make it, and beside it another event whose tickets are written into the tables.</summary>
/// <remarks>
/// A million sales one after the other take minutes. A start and a look at a ticket read tables, not blocks, and the tables are what a million sales leave there:
/// tickets, owners, coins, sales remembered against replay, two changes of each ticket. Only the chain cannot be replayed.
/// </remarks>
internal sealed class LargeWorld : IDisposable
{
    private const int SmallFans = 100;
    private const int SmallTickets = 500;
    private const int TicketsOfOneWrite = 50_000;
    private const int TicketsOfOneIssue = 1_000;
    private const int SalesOfOneBlock = 2_000;

    private readonly int _forSale;

    private LargeWorld(TicketWorld small, int tickets, int owners, int forSale)
    {
        (Small, Tickets, _forSale) = (small, new TicketId[tickets - SmallTickets], forSale);
        Owners = [.. Enumerable.Range(0, Math.Max(owners - SmallFans, 1)).Select(static i => new Address(HashOf("owner", i).Span[..Address.Size]))];
    }

    /// <summary>The chain that can be replayed, whose tickets have histories that can be read.</summary>
    public TicketWorld Small { get; }

    /// <summary>The tickets beside it, all sold but the last ones, where some are for sale.</summary>
    public TicketId[] Tickets { get; }

    /// <summary>Who has them: ticket i the owner i modulo their number.</summary>
    public Address[] Owners { get; }

    /// <summary>Their event.</summary>
    public EventId EventId { get; private set; }

    /// <summary>All tickets.</summary>
    public int Count => SmallTickets + Tickets.Length;

    private int Sold => Tickets.Length - _forSale;

    /// <summary>Makes one and writes it.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="tickets">All tickets: 500 of the small chain, and the others.</param>
    /// <param name="owners">Accounts with coins: 100 of the small chain, and the others.</param>
    /// <param name="forSale">How many of the others nobody bought yet, the last ones.</param>
    public static LargeWorld Build(string folder, int tickets, int owners, int forSale = 0)
    {
        var world = new LargeWorld(TicketWorld.Build(folder, new WorldSize(SmallFans, SmallTickets, SmallTickets)), tickets, owners, forSale);
        using var directory = DataDirectory.Open(world.Small.DataDirectory);
        using var database = SqliteDatabase.Open(directory.LedgerFile);
        using var store = new SqliteBlockStore(database);
        var terms = store.Load(world.Small.Spec).Ledger.Events.First().Value with { Ordinal = 1, CreatedBy = HashOf("event", tickets) };
        world.EventId = terms.Id;
        Parallel.For(0, world.Tickets.Length, i => world.Tickets[i] = IssueTickets.TicketOf(terms.Id, 0, SeatOf(i)));
        database.Write((connection, _) => world.Write(connection, terms));
        return world;
    }

    /// <summary>Who has a ticket.</summary>
    public Address OwnerOf(int ticket) => Owners[ticket % Owners.Length];

    public void Dispose() => Small.Dispose();

    private void Write(SqliteConnection connection, EventTerms terms)
    {
        using var ledger = new SqliteLedgerTables(connection);
        var first = new LedgerChanges();
        first.Events[terms.Id] = terms;
        first.Tallies[terms.Id] = EventTally.Empty with { Issued = Tickets.Length, Sold = Sold, Sales = Sold, Revenue = Sold * TicketWorld.Price };
        foreach (var owner in Owners) first.Balances[owner] = TicketWorld.Coins;
        ledger.Write(first);

        var issue = new TicketIssue(terms.Id, 0, TicketWorld.Price, 1);
        foreach (var some in Enumerable.Range(0, Tickets.Length).Chunk(TicketsOfOneWrite))
        {
            var changes = new LedgerChanges();
            foreach (var i in some)
            {
                if (i % TicketsOfOneIssue == 0) issue = issue with { };
                var ticket = new Ticket(issue, i, SeatName.Of(SeatOf(i)), terms.Organiser);
                changes.Tickets[Tickets[i]] = (null, i < Sold ? ticket with { Status = TicketStatus.Sold, Owner = OwnerOf(i), PaidOnChain = true } : ticket);
            }

            ledger.Write(changes);
        }

        using var blocks = new SqliteBlockTables(connection);
        var head = blocks.ReadHead()!;
        blocks.WriteHead(head with { Supply = head.Supply + (Owners.Length * TicketWorld.Coins) });
        WriteSeen(connection);
        WriteHistories(connection);
    }

    // Under blocks that no chain has, so that those that follow do not meet them.
    private void WriteSeen(SqliteConnection connection)
    {
        using var insert = new DirectStatement(connection, "INSERT INTO seen (block_index, last, entries) VALUES (?, ?, ?)");
        Span<byte> last = stackalloc byte[NumberedHash.Size];
        last.Fill(byte.MaxValue);
        var block = -1L;
        foreach (var some in Enumerable.Range(0, Sold).Chunk(SalesOfOneBlock))
        {
            var entries = new byte[some.Length * NumberedHash.Size];
            for (var i = 0; i < some.Length; i++) new NumberedHash(Small.ValidUntil, HashOf("sale", some[i])).Span.CopyTo(entries.AsSpan(i * NumberedHash.Size));
            insert.With(0, block--).With(1, last).With(2, entries).Run();
        }
    }

    private void WriteHistories(SqliteConnection connection)
    {
        using var insert = new DirectStatement(connection, "INSERT INTO ticket_change (ticket, block_index, position, at, type, status, holder_before, holder, price) VALUES (?, ?, 0, 0, ?, ?, NULL, ?, ?)");
        (long Block, string Type, TicketStatus Status)[] both = [(1, IssueTickets.TypeName, TicketStatus.Unsold), (2, PurchaseTicket.TypeName, TicketStatus.Sold)];
        foreach (var (number, ticket) in Tickets.Index().OrderBy(static one => one.Item))
        {
            foreach (var (block, type, status) in number < Sold ? both : both[..1])
            {
                insert.With(0, ticket.Span).With(1, block).With(2, SqliteBlockStoreSchema.CodeOf(type)).With(3, (long)status).With(4, SqliteBlockStoreSchema.SenderMark).With(5, TicketWorld.Price).Run();
            }
        }
    }

    private static string SeatOf(int ticket) => $"Block {ticket / 1_000} Row {ticket / 50 % 20} Seat {ticket % 50}";

    private static Hash256 HashOf(string what, int number)
    {
        Span<byte> bytes = stackalloc byte[64];
        var length = System.Text.Encoding.ASCII.GetBytes(what, bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes[length..], number);
        return Hash256.Sha256(bytes[..(length + sizeof(int))]);
    }
}
