using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Contact;

/// <summary>Who lets organisers write to them, and what organisers wrote. Durable when a method returns. Thread-safe.</summary>
/// <remarks>
/// Choices and messages stay on this node's disk and never go on the chain. Whoever opts out is forgotten with all they received. Every message is kept
/// alike, also one that nobody gets, so that neither answers nor limits depend on who opted in.
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
            """
            CREATE TABLE inbox (
                address BLOB NOT NULL, message INTEGER NOT NULL REFERENCES message (number) ON DELETE CASCADE, PRIMARY KEY (address, message)
            ) WITHOUT ROWID
            """,
            "CREATE INDEX inbox_by_message ON inbox (message)",
        ],
    ]);

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
            if (optIn && _optedIn.Count >= _limits.Contacts) return Full($"{_limits.Contacts} accounts can be written to");

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
    /// <returns>What the sender may know; <c>rate_limited</c> or <c>contacts_full</c>, both Transient, whoever opted in.</returns>
    public Verdict<SentMessage> Send(ContactMessage message, IEnumerable<Address> holders)
    {
        var id = new byte[16];
        _fillRandom(id);
        var at = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        lock (_changing)
        {
            var recipients = holders.Where(_optedIn.Contains).Distinct().Select(address => address.Span.ToArray()).ToArray();
            var refusal = _database.Write((_, transaction) =>
            {
                _statements.ForgetOld.Execute(transaction, at - (long)_limits.KeptFor.TotalMilliseconds);
                if (Refuse(transaction, message.EventId, at) is { } refused) return refused;

                Insert(transaction, id, at, message, recipients);
                return null;
            });
            return refusal is null ? new SentMessage(Convert.ToHexStringLower(id), at) : refusal;
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
            """).Query(null, address.Span.ToArray(), before ?? long.MaxValue, _clock.GetUtcNow().ToUnixTimeMilliseconds() - (long)_limits.KeptFor.TotalMilliseconds, limit);
        var received = new List<ReceivedMessage>();
        while (rows.Read())
        {
            var message = new ContactMessage(new EventId((byte[])rows[3]), rows.GetString(4), new Address((byte[])rows[5]), rows.GetString(6), rows.GetString(7));
            received.Add(new ReceivedMessage(rows.GetInt64(0), Convert.ToHexStringLower((byte[])rows[1]), rows.GetInt64(2), message));
        }

        return received;
    });

    private Refusal? Refuse(SqliteTransaction transaction, EventId eventId, long at)
    {
        if ((long)_statements.CountOfDay.Scalar(transaction, eventId.Span.ToArray(), at - Day)! >= _limits.MessagesPerEventPerDay)
            return new Refusal("rate_limited", $"{_limits.MessagesPerEventPerDay} messages about event {eventId} were sent within 24 hours, the most there may be. Try again later.", RefusalKind.Transient);

        return (long)_statements.Count.Scalar(transaction)! >= _limits.Messages ? Full($"{_limits.Messages} messages are kept") : null;
    }

    private void Insert(SqliteTransaction transaction, byte[] id, long at, ContactMessage message, byte[][] recipients)
    {
        var number = (long)_statements.Insert.Scalar(
            transaction, id, message.EventId.Span.ToArray(), message.EventName, message.Organiser.Span.ToArray(), message.Subject, message.Text, at)!;
        foreach (var recipient in recipients)
        {
            _statements.Deliver.Execute(transaction, recipient, number);
            _statements.Trim.Execute(transaction, recipient, (long)_limits.InboxMessages);
        }
    }

    private static Refusal Full(string what) =>
        new("contacts_full", $"{what} here, the most this node is set to. Try again later, or ask its operator.", RefusalKind.Transient);

    private sealed class Statements(SqliteDatabase database)
    {
        public PreparedStatement OptIn { get; } = database.Prepare("INSERT OR IGNORE INTO contact (address) VALUES ($1)");

        public PreparedStatement OptOut { get; } = database.Prepare("DELETE FROM contact WHERE address = $1");

        public PreparedStatement EmptyInbox { get; } = database.Prepare("DELETE FROM inbox WHERE address = $1");

        public PreparedStatement CountOfDay { get; } = database.Prepare("SELECT count(*) FROM message WHERE event_id = $1 AND at > $2");

        public PreparedStatement Count { get; } = database.Prepare("SELECT count(*) FROM message");

        // Numbers grow with time: the first one that is young enough ends the search.
        public PreparedStatement ForgetOld { get; } = database.Prepare("DELETE FROM message WHERE number < coalesce((SELECT number FROM message WHERE at >= $1 ORDER BY number LIMIT 1), 9223372036854775807)");

        public PreparedStatement Insert { get; } = database.Prepare(
            "INSERT INTO message (id, event_id, event_name, organiser, subject, text, at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING number");

        public PreparedStatement Deliver { get; } = database.Prepare("INSERT INTO inbox (address, message) VALUES ($1, $2)");

        public PreparedStatement Trim { get; } = database.Prepare(
            "DELETE FROM inbox WHERE address = $1 AND message <= (SELECT message FROM inbox WHERE address = $1 ORDER BY message DESC LIMIT 1 OFFSET $2)");
    }
}
