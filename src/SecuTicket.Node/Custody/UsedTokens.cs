using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Custody;

/// <summary>Remembers the tokens that signed requests made writes with, for as long as they could be shown again, also over a restart. Thread-safe.</summary>
/// <remarks>
/// Kept on disk, because a token that counted as new after a restart would undo what its sender did since: an erased identity would come back. When the memory is full
/// new ones are refused: forgetting an old one early would let it be used again.
/// </remarks>
public sealed class UsedTokens
{
    /// <summary>Tokens remembered when nothing else is said: more than 800 writes a second.</summary>
    public const int DefaultCapacity = 100_000;

    private static readonly SchemaPart Schema = new("tokens", [["CREATE TABLE used_token (token BLOB PRIMARY KEY CHECK (length(token) = 32), at INTEGER NOT NULL) WITHOUT ROWID"]]);

    private readonly SqliteDatabase _database;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _kept;
    private readonly int _capacity;
    private readonly PreparedStatement _insert;
    private readonly PreparedStatement _delete;
    private readonly Lock _changing = new();
    private readonly HashSet<Hash256> _used = [];
    private readonly Queue<(Hash256 Token, DateTimeOffset At)> _oldestFirst = new();

    /// <summary>Opens the tokens kept in a database, making its table when it is not there.</summary>
    /// <param name="database">Stays the caller's.</param>
    /// <param name="clock">Tells the time: the clock that tokens are judged by, so that both take its steps together.</param>
    /// <param name="kept">How long a token is remembered: at least as long as it is good.</param>
    /// <param name="capacity">Tokens remembered at the most, about 150 bytes each in memory.</param>
    /// <exception cref="StorageException">The disk failed.</exception>
    public UsedTokens(SqliteDatabase database, TimeProvider clock, TimeSpan kept, int capacity = DefaultCapacity)
    {
        (_database, _clock, _kept, _capacity) = (database, clock, kept, capacity);
        database.Ensure(Schema);
        _insert = database.Prepare("INSERT INTO used_token (token, at) VALUES ($1, $2)");
        _delete = database.Prepare("DELETE FROM used_token WHERE token = $1");
        foreach (var (token, at) in database.Read(Kept)) Remember(token, at);
    }

    /// <summary>Tokens remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_changing) return _used.Count;
        }
    }

    /// <summary>Uses a token that was found right; durable when this returns.</summary>
    /// <returns>Accepted once; then <c>token_used</c>, or <c>not_ready</c> (Transient) when no more can be remembered.</returns>
    /// <exception cref="StorageException">The disk failed; the token is not used.</exception>
    public Verdict Use(Hash256 token)
    {
        lock (_changing)
        {
            // As it is kept: what is older on the disk than in memory would be forgotten at another moment after a restart.
            var now = DateTimeOffset.FromUnixTimeMilliseconds(_clock.GetUtcNow().ToUnixTimeMilliseconds());
            var over = Over(now);
            if (_used.Contains(token) && !over.Contains(token))
                return new Refusal("token_used", "This token was used for a write already: make a new one, with the present time in `at` or another `nonce`, for each request.");
            if (_used.Count - over.Count >= _capacity)
                return new Refusal("not_ready", $"{_capacity} signed requests came within {_kept.TotalSeconds} s, the most that are remembered: try again later.", RefusalKind.Transient);

            _database.Write((_, transaction) =>
            {
                foreach (var old in over) _delete.Execute(transaction, old.Span.ToArray());
                _insert.Execute(transaction, token.Span.ToArray(), now.ToUnixTimeMilliseconds());
            });
            foreach (var old in over)
            {
                _oldestFirst.Dequeue();
                _used.Remove(old);
            }

            Remember(token, now);
            return Verdict.Accepted;
        }
    }

    private static List<(Hash256 Token, DateTimeOffset At)> Kept(ReadLease lease)
    {
        using var rows = lease.Prepare("SELECT token, at FROM used_token ORDER BY at").Query(null);
        var kept = new List<(Hash256, DateTimeOffset)>();
        while (rows.Read()) kept.Add((new Hash256(rows.GetFieldValue<byte[]>(0)), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(1))));
        return kept;
    }

    private List<Hash256> Over(DateTimeOffset now) => [.. _oldestFirst.TakeWhile(one => now - one.At >= _kept).Select(static one => one.Token)];

    private void Remember(Hash256 token, DateTimeOffset at)
    {
        _used.Add(token);
        _oldestFirst.Enqueue((token, at));
    }
}
