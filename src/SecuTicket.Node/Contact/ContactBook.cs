using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Contact;

/// <summary>Who lets organisers write to them, and what organisers wrote. Durable when a method returns. Thread-safe.</summary>
/// <remarks>
/// Choices and messages stay on this node's disk and never go on the chain. Whoever opts out is forgotten with all they received. Every message is kept
/// alike, also one that nobody gets, so that neither answers nor limits depend on who opted in. Delivering to many takes long, and the database has one
/// writer: a message is kept with the list of those who get it, and delivered in parts between which others write. What a crash leaves is delivered at the
/// next opening.
/// </remarks>
public sealed class ContactBook
{
    private static readonly SchemaPart Schema = new("contact",
    [
        [
            "CREATE TABLE contact (address BLOB PRIMARY KEY CHECK (length(address) = 20)) WITHOUT ROWID",
            """
            CREATE TABLE message (
                number INTEGER PRIMARY KEY, id BLOB NOT NULL, event_id BLOB NOT NULL, event_name TEXT NOT NULL, organiser BLOB NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL
            )
            """,
            "CREATE INDEX message_by_event ON message (event_id, at)",
            "CREATE INDEX message_by_organiser ON message (organiser)",
            """
            CREATE TABLE inbox (
                address BLOB NOT NULL, message INTEGER NOT NULL REFERENCES message (number) ON DELETE CASCADE, sender BLOB NOT NULL, PRIMARY KEY (address, message)
            ) WITHOUT ROWID
            """,
            "CREATE INDEX inbox_by_message ON inbox (message)",
            "CREATE TABLE delivery (part INTEGER PRIMARY KEY, message INTEGER NOT NULL REFERENCES message (number) ON DELETE CASCADE, recipients BLOB NOT NULL)",
        ],
    ]);

    /// <summary>Holders to whom a message is delivered in one write, and inboxes from which one is taken.</summary>
    public const int PartSize = 500;

    private const long Day = 24 * 60 * 60 * 1000;

    private readonly SqliteDatabase _database;
    private readonly ContactLimits _limits;
    private readonly TimeProvider _clock;
    private readonly FillRandom _fillRandom;
    private readonly Statements _statements;

    // A message goes to those who had opted in when it was sent: no choice changes in between.
    private readonly Lock _changing = new();
    private readonly HashSet<Address> _optedIn = [];

    /// <summary>Opens what a database keeps, making the tables when they are not there.</summary>
    /// <param name="database">Stays the caller's; it must outlive this.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="limits">Limits; the defaults when null.</param>
    /// <param name="fillRandom">Where ids come from; the platform's generator when null.</param>
    /// <exception cref="StorageException">The disk failed.</exception>
    public ContactBook(SqliteDatabase database, TimeProvider clock, ContactLimits? limits = null, FillRandom? fillRandom = null)
    {
        _database = database;
        _clock = clock;
        _limits = limits ?? new ContactLimits();
        _fillRandom = fillRandom ?? RandomNumberGenerator.Fill;
        database.Ensure(Schema);
        _statements = new Statements(database);
        ForgetOld(Now());
        Deliver();
        database.Read(lease =>
        {
            using var rows = lease.Prepare("SELECT address FROM contact").Query(null);
            while (rows.Read()) _optedIn.Add(new Address(rows.GetFieldValue<byte[]>(0)));
            return true;
        });
    }

    /// <summary>Keeps an account's choice. Opting out erases the choice and all messages received.</summary>
    /// <returns>Accepted, or <c>contacts_full</c>.</returns>
    /// <exception cref="StorageException">The disk failed; after <see cref="StorageFault.Busy"/> the choice is kept, its traces may be in the log until the next start.</exception>
    public Verdict Choose(Address address, bool optIn)
    {
        var key = address.Span.ToArray();
        lock (_changing)
        {
            if (_optedIn.Contains(address) == optIn) return Verdict.Accepted;
            if (optIn && _optedIn.Count >= _limits.Contacts)
                return new Refusal("contacts_full", $"{_limits.Contacts} accounts can be written to here, the most this node is set to. Try again later, or ask its operator.", RefusalKind.Transient);

            if (!optIn) Deliver();
            _database.Write((_, transaction) =>
            {
                (optIn ? _statements.OptIn : _statements.OptOut).Execute(transaction, key);
                if (!optIn) _statements.EmptyInbox.Execute(transaction, key);
            });
            if (optIn) _optedIn.Add(address);
            else _optedIn.Remove(address);
        }

        if (!optIn) _database.Checkpoint();
        return Verdict.Accepted;
    }

    /// <summary>Sends a message to those of the holders who opted in.</summary>
    /// <param name="message">What is said.</param>
    /// <param name="holders">Who holds a ticket of the event; one may stand there several times.</param>
    /// <returns>What the sender may know; or <c>rate_limited</c> (Transient), whoever opted in.</returns>
    /// <exception cref="StorageException">The disk failed. When the message was kept before that, delivery goes on with the next message, or at the next opening.</exception>
    public Verdict<SentMessage> Send(ContactMessage message, IEnumerable<Address> holders)
    {
        var id = new byte[16];
        _fillRandom(id);
        var at = Now();
        lock (_changing)
        {
            ForgetOld(at);
            if (RefuseMany(message.EventId, at) is { } refusal) return refusal;

            // By holders, also where none of them opted in: the number of writes can be timed.
            var parts = holders.Distinct().Chunk(PartSize).Select(part => part.Where(_optedIn.Contains).SelectMany(address => address.Span.ToArray()).ToArray()).ToArray();
            var displaced = EmptyDisplaced();
            _database.Write((_, transaction) =>
            {
                if (displaced is { } number) _statements.Forget.Execute(transaction, number);
                Insert(transaction, id, at, message, parts);
            });
            Deliver();
            return new SentMessage(Convert.ToHexStringLower(id), at);
        }
    }

    /// <summary>What an account received, newest first.</summary>
    /// <param name="address">The account.</param>
    /// <param name="before">Only messages before this number; null for the newest.</param>
    /// <param name="limit">The most messages.</param>
    public IReadOnlyList<ReceivedMessage> Received(Address address, long? before, int limit) => _database.Read(lease =>
    {
        using var rows = lease.Prepare(
            """
            SELECT number, id, at, event_id, event_name, organiser, subject, text FROM inbox JOIN message ON number = message
            WHERE address = $1 AND message < $2 AND at >= $3 ORDER BY message DESC LIMIT $4
            """).Query(null, address.Span.ToArray(), before ?? long.MaxValue, Oldest(Now()), limit);
        var received = new List<ReceivedMessage>();
        while (rows.Read())
        {
            var message = new ContactMessage(new EventId((byte[])rows[3]), rows.GetString(4), new Address((byte[])rows[5]), rows.GetString(6), rows.GetString(7));
            received.Add(new ReceivedMessage(rows.GetInt64(0), Convert.ToHexStringLower((byte[])rows[1]), rows.GetInt64(2), message));
        }

        return received;
    });

    private long Now() => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    private long Oldest(long now) => now - (long)_limits.KeptFor.TotalMilliseconds;

    private Refusal? RefuseMany(EventId eventId, long at)
    {
        var sent = (long)_database.Read(lease => lease.Prepare("SELECT count(*) FROM message WHERE event_id = $1 AND at > $2").Scalar(null, eventId.Span.ToArray(), at - Day))!;
        return sent < _limits.MessagesPerEventPerDay
            ? null
            : new Refusal("rate_limited", $"{_limits.MessagesPerEventPerDay} messages about event {eventId} were sent within 24 hours, the most there may be. Try again later.", RefusalKind.Transient);
    }

    private void ForgetOld(long now)
    {
        while (_database.Write((_, transaction) => ForgetPart(transaction, Oldest(now))))
        {
        }
    }

    private bool ForgetPart(SqliteTransaction transaction, long oldest)
    {
        for (var left = PartSize; left > 0;)
        {
            if (_statements.FirstBefore.Scalar(transaction, oldest) is not long number) return false;

            var taken = _statements.TakeBack.Execute(transaction, number, (long)left);
            if (taken < left) _statements.Forget.Execute(transaction, number);
            left -= taken + 1;
        }

        return true;
    }

    // When there is no room: the oldest message of the organiser who has the most here, after it was taken from every inbox. Who floods loses their own, where a refusal would end
    // contact for all. Who got which does not matter: it would show who opted in. One for one: a limit set lower is reached when messages are over.
    private long? EmptyDisplaced()
    {
        var number = _database.Read(lease => (long)lease.Prepare("SELECT count(*) FROM message").Scalar(null)! < _limits.Messages
            ? null
            : lease.Prepare("SELECT min(number) FROM message GROUP BY organiser ORDER BY count(*) DESC, min(number) LIMIT 1").Scalar(null) as long?);
        if (number is null) return null;

        while (_database.Write((_, transaction) => _statements.TakeBack.Execute(transaction, number, (long)PartSize)) == PartSize)
        {
        }

        return number;
    }

    private void Insert(SqliteTransaction transaction, byte[] id, long at, ContactMessage message, byte[][] parts)
    {
        var number = (long)_statements.Insert.Scalar(
            transaction, id, message.EventId.Span.ToArray(), message.EventName, message.Organiser.Span.ToArray(), message.Subject, message.Text, at)!;
        foreach (var part in parts) _statements.InsertPart.Execute(transaction, number, part);
    }

    private void Deliver()
    {
        while (_database.Write((_, transaction) => DeliverPart(transaction)))
        {
        }
    }

    private bool DeliverPart(SqliteTransaction transaction)
    {
        long part, number;
        byte[] organiser, recipients;
        using (var next = _statements.NextPart.Query(transaction))
        {
            if (!next.Read()) return false;
            (part, number, organiser, recipients) = (next.GetInt64(0), next.GetInt64(1), (byte[])next[2], (byte[])next[3]);
        }

        foreach (var recipient in recipients.Chunk(Address.Size))
        {
            _statements.Deliver.Execute(transaction, recipient, number, organiser);
            _statements.TrimOrganiser.Execute(transaction, recipient, organiser, (long)_limits.InboxMessagesOfOne);
            _statements.Trim.Execute(transaction, recipient, (long)_limits.InboxMessages);
        }

        _statements.EndPart.Execute(transaction, part);
        return true;
    }

    private sealed class Statements(SqliteDatabase database)
    {
        public PreparedStatement OptIn { get; } = database.Prepare("INSERT OR IGNORE INTO contact (address) VALUES ($1)");

        public PreparedStatement OptOut { get; } = database.Prepare("DELETE FROM contact WHERE address = $1");

        public PreparedStatement EmptyInbox { get; } = database.Prepare("DELETE FROM inbox WHERE address = $1");

        // Numbers grow with time: the first one that is young enough ends the search.
        public PreparedStatement FirstBefore { get; } = database.Prepare("SELECT number FROM message WHERE number = (SELECT min(number) FROM message) AND at < $1");

        public PreparedStatement TakeBack { get; } = database.Prepare("DELETE FROM inbox WHERE message = $1 AND address IN (SELECT address FROM inbox WHERE message = $1 LIMIT $2)");

        public PreparedStatement Forget { get; } = database.Prepare("DELETE FROM message WHERE number = $1");

        public PreparedStatement Insert { get; } = database.Prepare(
            "INSERT INTO message (id, event_id, event_name, organiser, subject, text, at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING number");

        public PreparedStatement InsertPart { get; } = database.Prepare("INSERT INTO delivery (message, recipients) VALUES ($1, $2)");

        public PreparedStatement NextPart { get; } = database.Prepare("SELECT part, message, organiser, recipients FROM delivery JOIN message ON number = message ORDER BY part LIMIT 1");

        public PreparedStatement EndPart { get; } = database.Prepare("DELETE FROM delivery WHERE part = $1");

        public PreparedStatement Deliver { get; } = database.Prepare("INSERT INTO inbox (address, message, sender) VALUES ($1, $2, $3)");

        public PreparedStatement TrimOrganiser { get; } = database.Prepare(
            """
            DELETE FROM inbox WHERE address = $1 AND sender = $2
            AND message <= (SELECT message FROM inbox WHERE address = $1 AND sender = $2 ORDER BY message DESC LIMIT 1 OFFSET $3)
            """);

        public PreparedStatement Trim { get; } = database.Prepare(
            "DELETE FROM inbox WHERE address = $1 AND message <= (SELECT message FROM inbox WHERE address = $1 ORDER BY message DESC LIMIT 1 OFFSET $2)");
    }
}
