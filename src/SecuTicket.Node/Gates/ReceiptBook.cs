using Microsoft.Data.Sqlite;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Gates;

/// <summary>A receipt that was proven, and what the node thinks of it.</summary>
/// <param name="Receipt">The receipt and its proof.</param>
/// <param name="Event">The event that it counts for.</param>
/// <param name="Flag">Why a gate that let somebody in should not have: a word of scanning, or <c>not_gate</c>; null when nothing speaks against it.</param>
public sealed record BookedReceipt(SignedReceipt Receipt, EventId Event, string? Flag);

/// <summary>What became of a receipt.</summary>
public enum BookingState
{
    /// <summary>It is kept, and follows one that is.</summary>
    Accepted,

    /// <summary>It was there already.</summary>
    Known,

    /// <summary>It is kept; the one that it follows is not here. Closed when that comes.</summary>
    Gap,

    /// <summary>It is kept; another one follows the same.</summary>
    Fork,

    /// <summary>It is not kept: the event, or the book, has as many as it may.</summary>
    Full,
}

/// <summary>That a gate let somebody in, by its receipt.</summary>
/// <param name="Ticket">With which ticket.</param>
/// <param name="Gate">The gate.</param>
/// <param name="At">When, by its clock, in unix seconds.</param>
/// <param name="Receipt">The receipt.</param>
public readonly record struct BookedAdmission(TicketId Ticket, Address Gate, long At, Hash256 Receipt);

/// <summary>What became of a receipt, and who had been let in before.</summary>
/// <param name="State">What became of it.</param>
/// <param name="First">Of a receipt that lets somebody in: the first other admission of the ticket in the book; null when there is none.</param>
public readonly record struct Booking(BookingState State, BookedAdmission? First);

/// <summary>What one gate did at an event, by its receipts.</summary>
/// <param name="Gate">The gate.</param>
/// <param name="Admitted">Receipts that let somebody in.</param>
/// <param name="Refused">All others.</param>
/// <param name="FirstAt">The earliest moment of a receipt, in unix seconds; null when there is none.</param>
/// <param name="LastAt">The latest.</param>
/// <param name="Gaps">Receipts whose predecessor is not here.</param>
/// <param name="Forks">Receipts beyond the first that follow the same one.</param>
/// <param name="Flagged">Receipts with a flag.</param>
public sealed record GateTally(Address Gate, long Admitted, long Refused, long? FirstAt, long? LastAt, long Gaps, long Forks, long Flagged)
{
    /// <summary>What the same gate did by other receipts added.</summary>
    internal GateTally With(GateTally other) => new(
        Gate, Admitted + other.Admitted, Refused + other.Refused, Min(FirstAt, other.FirstAt), Max(LastAt, other.LastAt), Gaps + other.Gaps, Forks + other.Forks, Flagged + other.Flagged);

    private static long? Min(long? one, long? other) => one < other ? one : other;

    private static long? Max(long? one, long? other) => one > other ? one : other;
}

/// <summary>The receipts that gates uploaded, in the node's database: evidence, so nothing that a gate signed is refused for what it lacks. Thread-safe.</summary>
public sealed class ReceiptBook
{
    private static readonly SchemaPart Schema = new("gates",
    [
        [
            """
            CREATE TABLE gate_receipt (
                id INTEGER PRIMARY KEY,
                hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
                event_id BLOB NOT NULL CHECK (length(event_id) = 16),
                gate BLOB NOT NULL CHECK (length(gate) = 20),
                signed_event BLOB NOT NULL,
                previous BLOB NOT NULL CHECK (length(previous) = 32),
                ticket_id BLOB,
                at INTEGER NOT NULL,
                result INTEGER NOT NULL,
                flag TEXT,
                code TEXT NOT NULL,
                signature TEXT NOT NULL
            )
            """,
            "CREATE INDEX gate_receipt_gate ON gate_receipt (event_id, gate)",
            "CREATE INDEX gate_receipt_link ON gate_receipt (gate, signed_event, previous)",
            "CREATE INDEX gate_receipt_admission ON gate_receipt (event_id, ticket_id, at, id) WHERE result = 8",
        ],
    ]);

    /// <summary>Receipts that are read at once: some milliseconds.</summary>
    public const int PartRows = 10_000;

    private readonly SqliteDatabase _database;
    private readonly int _partRows;
    private readonly Lock _adding = new();
    private readonly Dictionary<EventId, long> _counts = [];
    private readonly PreparedStatement _known;
    private readonly PreparedStatement _link;
    private readonly PreparedStatement _first;
    private readonly PreparedStatement _fork;
    private readonly PreparedStatement _insert;
    private long _count;

    /// <summary>Opens the book in a database, making its table when it is not there.</summary>
    /// <param name="database">Stays the caller's; it must outlive the book.</param>
    /// <param name="partRows">Receipts that are read at once.</param>
    /// <exception cref="StorageException">The disk failed, or the table is a newer version's.</exception>
    public ReceiptBook(SqliteDatabase database, int partRows = PartRows)
    {
        _database = database;
        _partRows = partRows;
        database.Ensure(Schema);
        _known = database.Prepare("SELECT 1 FROM gate_receipt WHERE hash = $1");
        _link = database.Prepare("SELECT 1 FROM gate_receipt WHERE hash = $1 AND gate = $2 AND signed_event = $3");
        _first = database.Prepare("SELECT gate, at, hash FROM gate_receipt WHERE event_id = $1 AND ticket_id = $2 AND result = 8 AND hash <> $3 ORDER BY at, id LIMIT 1");
        _fork = database.Prepare("SELECT 1 FROM gate_receipt WHERE gate = $1 AND signed_event = $2 AND previous = $3 LIMIT 1");
        _insert = database.Prepare(
            "INSERT INTO gate_receipt (hash, event_id, gate, signed_event, previous, ticket_id, at, result, flag, code, signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");

        // None is ever taken out, so the last number is how many there are.
        _count = (long)database.Read(lease => lease.Prepare("SELECT coalesce(max(id), 0) FROM gate_receipt").Scalar(null))!;
    }

    /// <summary>Keeps receipts, in order, all or none; durable when this returns.</summary>
    /// <param name="receipts">The receipts.</param>
    /// <param name="limits">How many are kept, of one event and in all.</param>
    /// <returns>What became of each.</returns>
    /// <exception cref="StorageException">The disk failed; none is kept.</exception>
    public IReadOnlyList<Booking> Add(IReadOnlyList<BookedReceipt> receipts, GateSettings limits)
    {
        lock (_adding)
        {
            var counts = receipts.Select(receipt => receipt.Event).Distinct().ToDictionary(id => id, CountOf);
            var room = limits.Receipts - _count;
            var bookings = _database.Write((_, transaction) => receipts.Select(receipt => Add(transaction, receipt, counts, limits.ReceiptsPerEvent, ref room)).ToArray());
            foreach (var (id, count) in counts) _counts[id] = count;
            _count = limits.Receipts - room;
            return bookings;
        }
    }

    /// <summary>Whether a gate has receipts in an event.</summary>
    /// <exception cref="StorageException">The disk failed.</exception>
    public bool Has(EventId id, Address gate) => _database.Read(lease =>
        lease.Prepare("SELECT 1 FROM gate_receipt WHERE event_id = $1 AND gate = $2 LIMIT 1").Scalar(null, id.Span.ToArray(), gate.Span.ToArray())) is not null;

    /// <summary>What each gate did at an event, by address.</summary>
    /// <exception cref="StorageException">The disk failed.</exception>
    public IEnumerable<GateTally> Tallies(EventId id)
    {
        const string Sql = """
            SELECT gate, id, result = 8, at,
                previous <> zeroblob(32) AND NOT EXISTS (SELECT 1 FROM gate_receipt b WHERE b.hash = r.previous AND b.gate = r.gate AND b.signed_event = r.signed_event),
                EXISTS (SELECT 1 FROM gate_receipt o WHERE o.gate = r.gate AND o.signed_event = r.signed_event AND o.previous = r.previous AND o.id < r.id),
                flag IS NOT NULL
            FROM gate_receipt r WHERE event_id = $1 AND (gate, id) > ($2, $3) ORDER BY gate, id LIMIT $4
            """;
        var rows = InParts(
            (lease, last) => lease.Prepare(Sql).Query(null, id.Span.ToArray(), last?.Tally.Gate.Span.ToArray() ?? [], last?.Id ?? 0, _partRows),
            static row => (
                Id: row.GetInt64(1),
                Tally: new GateTally(new Address((byte[])row[0]), row.GetInt64(2), 1 - row.GetInt64(2), row.GetInt64(3), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6))));
        GateTally? sum = null;
        foreach (var (_, one) in rows)
        {
            if (sum is not null && sum.Gate != one.Gate) yield return sum;

            sum = sum?.Gate == one.Gate ? sum.With(one) : one;
        }

        if (sum is not null) yield return sum;
    }

    /// <summary>Every admission of an event, by ticket and then by time.</summary>
    /// <exception cref="StorageException">The disk failed.</exception>
    public IEnumerable<BookedAdmission> Admissions(EventId id) => InParts(
        (lease, last) => lease
            .Prepare("SELECT ticket_id, gate, at, hash, id FROM gate_receipt WHERE event_id = $1 AND result = 8 AND (ticket_id, at, id) > ($2, $3, $4) ORDER BY ticket_id, at, id LIMIT $5")
            .Query(null, id.Span.ToArray(), last?.Admission.Ticket.Span.ToArray() ?? [], last?.Admission.At ?? 0, last?.Id ?? 0, _partRows),
        static row => (
            Id: row.GetInt64(4),
            Admission: new BookedAdmission(new TicketId((byte[])row[0]), new Address((byte[])row[1]), row.GetInt64(2), new Hash256((byte[])row[3]))))
        .Select(static row => row.Admission);

    // Each part is a read of its own, over before anybody looks at it: a long one would keep what was erased in the write-ahead log.
    private IEnumerable<T> InParts<T>(Func<ReadLease, T?, SqliteDataReader> query, Func<SqliteDataReader, T> read)
        where T : struct
    {
        T? last = null;
        while (true)
        {
            var part = _database.Read(lease =>
            {
                var items = new List<T>();
                using var rows = query(lease, last);
                while (rows.Read()) items.Add(read(rows));
                return items;
            });
            foreach (var item in part) yield return item;
            if (part.Count < _partRows) yield break;

            last = part[^1];
        }
    }

    private Booking Add(SqliteTransaction transaction, BookedReceipt booked, Dictionary<EventId, long> counts, long receiptsPerEvent, ref long room)
    {
        var receipt = booked.Receipt.Receipt;
        var (hash, id, gate) = (receipt.Hash.Span.ToArray(), booked.Event.Span.ToArray(), receipt.Scope.Gate.Span.ToArray());
        var (signedEvent, previous) = (receipt.Scope.Event is { } signed ? signed.Span.ToArray() : [], receipt.Previous.Span.ToArray());
        var first = receipt is { Result: GateResult.Valid, Ticket: { } ticket } ? FirstOf(transaction, id, ticket, hash) : null;
        if (_known.Scalar(transaction, hash) is not null) return new Booking(BookingState.Known, first);

        if (room <= 0 || counts[booked.Event] >= receiptsPerEvent) return new Booking(BookingState.Full, null);

        var state = _fork.Scalar(transaction, gate, signedEvent, previous) is not null ? BookingState.Fork
            : receipt.Previous != Hash256.Zero && _link.Scalar(transaction, previous, gate, signedEvent) is null ? BookingState.Gap
            : BookingState.Accepted;
        _insert.Execute(
            transaction, hash, id, gate, signedEvent, previous, receipt.Ticket?.Span.ToArray(), receipt.At, (long)receipt.Result, booked.Flag, receipt.Code,
            booked.Receipt.ToJson().Find("signature")!.ToString());
        counts[booked.Event]++;
        room--;
        return new Booking(state, first);
    }

    // Counted once and then kept: counting a large event must not hold up the one writer.
    private long CountOf(EventId id) =>
        _counts.TryGetValue(id, out var count) ? count : (long)_database.Read(lease => lease.Prepare("SELECT count(*) FROM gate_receipt WHERE event_id = $1").Scalar(null, id.Span.ToArray()))!;

    private BookedAdmission? FirstOf(SqliteTransaction transaction, byte[] id, TicketId ticket, byte[] hash)
    {
        using var row = _first.Query(transaction, id, ticket.Span.ToArray(), hash);
        return row.Read() ? new BookedAdmission(ticket, new Address((byte[])row[0]), row.GetInt64(1), new Hash256((byte[])row[2])) : null;
    }
}
