using Microsoft.Data.Sqlite;

namespace SecuTicket.Node.Storage;

/// <summary>A read-only connection borrowed from a <see cref="SqliteDatabase"/>; disposing gives it back. For one thread at a time.</summary>
/// <remarks>
/// Each statement sees the latest commit. For several statements that must see one and the same commit, put them in
/// <c>Connection.BeginTransaction(deferred: true)</c> and dispose that before the lease.
/// </remarks>
public sealed class ReadLease : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly SemaphoreSlim _place;
    private ReadConnection? _borrowed;

    internal ReadLease(SqliteDatabase database, ReadConnection borrowed, SemaphoreSlim place) => (_database, _borrowed, _place) = (database, borrowed, place);

    /// <summary>The connection. A write on it fails.</summary>
    /// <exception cref="ObjectDisposedException">The lease was given back.</exception>
    public SqliteConnection Connection => Borrowed.Connection;

    private ReadConnection Borrowed => _borrowed ?? throw new ObjectDisposedException(nameof(ReadLease));

    /// <summary>The statement for this SQL, compiled on first use and kept with the connection. The lease owns it.</summary>
    /// <param name="sql">A constant: statements are kept for as long as the connection lives.</param>
    public PreparedStatement Prepare(string sql) => Borrowed.Prepare(sql);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _borrowed, null) is { } connection) _database.GiveBack(connection, _place);
    }
}

/// <summary>A pooled read-only connection with the statements compiled on it.</summary>
internal sealed class ReadConnection(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, PreparedStatement> _statements = new(StringComparer.Ordinal);

    public SqliteConnection Connection { get; } = connection;

    public PreparedStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement)) _statements.Add(sql, statement = new PreparedStatement(Connection, sql));
        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        Connection.Dispose();
    }
}
