using SecuTicket.Core.Ledger;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Storage;

/// <summary>The tables of the block store.</summary>
/// <remarks>
/// <para>What is read by one key has that key as its B-tree; what is only ever read as a whole (transactions seen, references used) is one row a block. A block
/// of our branch has its index as key; one that is not has a table of its own, so that no row says whether it counts.</para>
/// <para>
/// <c>block.body</c> is the block's stored form less the header; <c>place</c> and <c>undecided</c> find a transaction by the first 8 bytes of its id: several
/// may share them, so whoever reads compares the whole id. <c>place.at</c> is an offset in the body; <c>undecided.at</c> a row of <c>rejected</c>. What waits is
/// in a file of its own (<see cref="SqlitePendingJournal"/>); <c>pending</c>, and in <c>undecided</c> what refers to it, is where versions before 3 kept it.
/// <c>ticket_page.number</c> is an event's ordinal × 2^28 + a ticket's / 16: see <see cref="PackedTickets"/>; <c>ticket</c> is where versions before 4 kept each in a row of its own.
/// </para>
/// <para>
/// <c>balance</c>, <c>event</c>, <c>tally</c> and <c>ticket_page</c> are the ledger after block <c>head.settled</c>, some blocks behind the tip: see
/// <see cref="SqliteBlockStoreWriter"/>.
/// </para>
/// </remarks>
internal static class SqliteBlockStoreSchema
{
    /// <summary>In <c>undecided.kind</c>: it waits.</summary>
    public const long PendingKind = 0;

    /// <summary>In <c>undecided.kind</c>: it was rejected.</summary>
    public const long RejectedKind = 1;

    /// <summary>In <c>ticket_change.holder_before</c> and <c>holder</c>: the transaction's sender.</summary>
    public const long SenderMark = 0;

    /// <summary>In <c>ticket_change.holder</c>: the same as before.</summary>
    public const long SameMark = 1;

    /// <summary>Fills <c>resale</c> from the histories of a store that was written before it had that table; what is needed of each ticket is in the temporary table <c>issued</c>.</summary>
    /// <remarks>Who buys a listed ticket buys it from its holder, and the change before that purchase is the listing.</remarks>
    public static string FillResales =>
        $"""
        INSERT INTO resale (event, block_index, position, at, price, face_price)
        SELECT t.event, c.block_index, c.position, c.at, c.price, t.face_price
        FROM (SELECT *, lag(type) OVER (PARTITION BY ticket ORDER BY block_index, position) AS type_before FROM ticket_change) c
        JOIN temp.issued t ON t.id = c.ticket
        WHERE c.type = {CodeOf(PurchaseTicket.TypeName)} AND c.type_before = {CodeOf(ListTicket.TypeName)}
        """;

    // The place in this list is what is stored: append, never reorder. A type that is not in it is stored as text.
    private static readonly string[] ChangeTypes =
    [
        IssueTickets.TypeName, SellTicket.TypeName, PurchaseTicket.TypeName, TransferTicket.TypeName, ListTicket.TypeName, UnlistTicket.TypeName,
        ReturnTicket.TypeName, RedeemTicket.TypeName, RevokeTicket.TypeName,
    ];

    /// <summary>The tables, version by version.</summary>
    public static SchemaPart Part { get; } = new("blocks",
    [
        [
            "CREATE TABLE block (block_index INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, weight BLOB NOT NULL, header BLOB NOT NULL, body BLOB NOT NULL)",
            """
            CREATE TABLE side_block (
                number INTEGER PRIMARY KEY, block_index INTEGER NOT NULL, hash BLOB NOT NULL UNIQUE, weight BLOB NOT NULL, header BLOB NOT NULL, body BLOB NOT NULL
            )
            """,
            "CREATE INDEX side_block_by_index ON side_block (block_index)",
            "CREATE TABLE undo (block_index INTEGER PRIMARY KEY, forgotten BLOB NOT NULL, accounts BLOB NOT NULL, delta BLOB NOT NULL)",
            """
            CREATE TABLE head (
                id INTEGER PRIMARY KEY CHECK (id = 1), spec BLOB NOT NULL, tip INTEGER NOT NULL, settled INTEGER NOT NULL, supply INTEGER NOT NULL,
                next_sequence INTEGER NOT NULL, forgotten BLOB NOT NULL
            )
            """,
            "CREATE TABLE place (prefix INTEGER NOT NULL, block_index INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (prefix, block_index, at)) WITHOUT ROWID",
            "CREATE TABLE undecided (prefix INTEGER NOT NULL, kind INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (prefix, kind, at)) WITHOUT ROWID",
            "CREATE TABLE pending (sequence INTEGER PRIMARY KEY, id BLOB NOT NULL, admitted_at INTEGER NOT NULL, bytes BLOB NOT NULL)",
            "CREATE TABLE rejected (number INTEGER PRIMARY KEY, id BLOB NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL, bytes BLOB NOT NULL)",
            "CREATE TABLE balance (account BLOB PRIMARY KEY, amount INTEGER NOT NULL) WITHOUT ROWID",
            "CREATE TABLE event (ordinal INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, terms BLOB NOT NULL)",
            "CREATE TABLE tally (event BLOB PRIMARY KEY, counts BLOB NOT NULL) WITHOUT ROWID",
            """
            CREATE TABLE ticket (
                place INTEGER PRIMARY KEY, id BLOB NOT NULL, session INTEGER NOT NULL, seat TEXT NOT NULL, status INTEGER NOT NULL, owner BLOB NOT NULL,
                face_price INTEGER NOT NULL, paid_on_chain INTEGER NOT NULL, resales INTEGER NOT NULL, issued_in INTEGER NOT NULL, changed_in INTEGER NOT NULL,
                identity BLOB, listing_price INTEGER, listing_buyer BLOB, gate BLOB, redeemed_at INTEGER, redeemed_by BLOB
            )
            """,
            "CREATE TABLE used_reference (block_index INTEGER PRIMARY KEY, entries BLOB NOT NULL)",
            "CREATE TABLE seen (block_index INTEGER PRIMARY KEY, last BLOB NOT NULL, entries BLOB NOT NULL)",
            """
            CREATE TABLE ticket_change (
                ticket BLOB NOT NULL, block_index INTEGER NOT NULL, position INTEGER NOT NULL, at INTEGER NOT NULL, type NOT NULL, status INTEGER NOT NULL,
                holder_before, holder NOT NULL, price INTEGER, PRIMARY KEY (ticket, block_index, position)
            ) WITHOUT ROWID
            """,
            "CREATE TABLE account_transaction (account BLOB NOT NULL, block_index INTEGER NOT NULL, entries BLOB NOT NULL, PRIMARY KEY (account, block_index)) WITHOUT ROWID",
            "CREATE TABLE attendance (event BLOB NOT NULL, block_index INTEGER NOT NULL, redeemed INTEGER NOT NULL, PRIMARY KEY (event, block_index)) WITHOUT ROWID",
        ],
        [
            """
            CREATE TABLE resale (
                event BLOB NOT NULL, block_index INTEGER NOT NULL, position INTEGER NOT NULL, at INTEGER NOT NULL, price INTEGER NOT NULL, face_price INTEGER NOT NULL,
                PRIMARY KEY (event, block_index, position)
            ) WITHOUT ROWID
            """,
            "ALTER TABLE head ADD COLUMN has_resales INTEGER NOT NULL DEFAULT 0",
        ],
        [
            "ALTER TABLE head ADD COLUMN commits INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE rejected ADD COLUMN in_commit INTEGER NOT NULL DEFAULT 0",
        ],
        [
            "CREATE TABLE ticket_page (number INTEGER PRIMARY KEY, tickets BLOB NOT NULL)",
        ],
    ]);

    /// <summary>The stored number of a type of change, or -1 when it has none.</summary>
    public static int CodeOf(string type) => Array.IndexOf(ChangeTypes, type);

    /// <summary>The type of change that a stored number stands for.</summary>
    /// <exception cref="InvalidDataException">It stands for none.</exception>
    public static string TypeOf(long code) =>
        code >= 0 && code < ChangeTypes.Length ? ChangeTypes[code] : throw new InvalidDataException($"{code} is no type of change.");
}
