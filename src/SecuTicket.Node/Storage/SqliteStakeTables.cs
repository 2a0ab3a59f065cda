using Microsoft.Data.Sqlite;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Node.Storage;

/// <summary>Writes and reads what is at stake: a row for each validator, and one for seed, votes, finality and tables. Empty on chains without stakes.</summary>
/// <remarks>As balances, the rows are those after block <c>head.settled</c>: see <see cref="SqliteBlockStoreWriter"/>.</remarks>
internal sealed class SqliteStakeTables(SqliteConnection connection) : IDisposable
{
    private readonly DirectStatement _set = new(connection, "INSERT INTO validator (account, entry) VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET entry = excluded.entry");
    private readonly DirectStatement _delete = new(connection, "DELETE FROM validator WHERE account = ?");
    private readonly DirectStatement _begin = new(connection, "INSERT INTO stake_round (id, round, tables) VALUES (1, ?, ?)");
    private readonly DirectStatement _setRound = new(connection, "UPDATE stake_round SET round = ? WHERE id = 1");
    private readonly DirectStatement _setTables = new(connection, "UPDATE stake_round SET tables = ? WHERE id = 1");

    /// <summary>The tables, version by version.</summary>
    public static SchemaPart Part { get; } = new("stakes",
    [
        [
            "CREATE TABLE validator (account BLOB PRIMARY KEY CHECK (length(account) = 20), entry BLOB NOT NULL) WITHOUT ROWID",
            "CREATE TABLE stake_round (id INTEGER PRIMARY KEY CHECK (id = 1), round BLOB NOT NULL, tables BLOB NOT NULL)",
        ],
    ]);

    /// <summary>Keeps what is at stake from genesis on.</summary>
    public void Begin(ChainSpec spec)
    {
        if (LedgerState.Genesis(spec).Stakes is not { } stakes) return;

        foreach (var (account, validator) in stakes.Validators) Set(account, validator);
        _begin.With(0, StakeEncoding.Encode(stakes.Round)).With(1, StakeEncoding.Encode(stakes.Tables)).Run();
    }

    /// <summary>Makes the stored values those after the changes.</summary>
    public void Write(StakeChanges changes)
    {
        foreach (var (account, validator) in changes.Validators) Set(account, validator);
        if (changes.Round is { } round) _setRound.With(0, StakeEncoding.Encode(round)).Run();
        if (changes.Tables is { } tables) _setTables.With(0, StakeEncoding.Encode(tables)).Run();
    }

    /// <summary>Makes the stored values those before a block.</summary>
    public void Undo(StakeDelta delta)
    {
        foreach (ref readonly var change in delta.Validators.Span) Set(change.Key, change.Before);
        _setRound.With(0, StakeEncoding.Encode(delta.Round.Before)).Run();
        if (delta.Tables is { } tables) _setTables.With(0, StakeEncoding.Encode(tables.Before)).Run();
    }

    /// <summary>What is at stake at the tip; null on chains without stakes.</summary>
    /// <param name="connection">In a read transaction of the caller's.</param>
    /// <param name="head">The store's head.</param>
    /// <exception cref="InvalidDataException">What is stored is damaged.</exception>
    public static StakeState? Load(SqliteConnection connection, StoreHead head)
    {
        using var row = new DirectStatement(connection, "SELECT round, tables FROM stake_round WHERE id = 1");
        if (!row.Step()) return null;

        var changes = new StakeChanges { Round = StakeEncoding.DecodeRound(row.Bytes(0)), Tables = StakeEncoding.DecodeTables(row.Bytes(1)) };
        using var stored = new DirectStatement(connection, "SELECT account, entry FROM validator");
        while (stored.Step()) changes.Validators[new Address(stored.Bytes(0))] = StakeEncoding.DecodeValidator(stored.Bytes(1));

        // A block without an undo record was found missing when the balances were read.
        using var undo = new DirectStatement(connection, "SELECT delta FROM undo WHERE block_index > ? ORDER BY block_index").With(0, head.Settled);
        while (undo.Step()) changes.Add(SqliteBlockTables.Unpack(undo.Bytes(0)).Stakes ?? throw new InvalidDataException("an undo record says nothing of the stakes"));

        return StakeState.Of(
            Trie<Address, Validator>.Of(changes.Validators.Where(static entry => entry.Value is not null).Select(static entry => KeyValuePair.Create(entry.Key, entry.Value!))), changes.Tables, changes.Round);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<DirectStatement>)[_set, _delete, _begin, _setRound, _setTables]) statement.Dispose();
    }

    private void Set(in Address account, Validator? validator)
    {
        if (validator is null) _delete.With(0, account.Span).Run();
        else _set.With(0, account.Span).With(1, StakeEncoding.Encode(validator)).Run();
    }
}

/// <summary>What several blocks in a row changed of the stakes: the last values.</summary>
internal sealed class StakeChanges
{
    /// <summary>Validators; null where there is none any more.</summary>
    public Dictionary<Address, Validator?> Validators { get; } = [];

    /// <summary>Seed, votes and finality; null when no block changed them.</summary>
    public StakeRound? Round { get; set; }

    /// <summary>The tables; null when no block changed them.</summary>
    public StakeTables? Tables { get; set; }

    /// <summary>Adds the next block.</summary>
    public void Add(StakeDelta delta)
    {
        foreach (ref readonly var change in delta.Validators.Span) Validators[change.Key] = change.After;
        Round = delta.Round.After;
        Tables = delta.Tables?.After ?? Tables;
    }
}
