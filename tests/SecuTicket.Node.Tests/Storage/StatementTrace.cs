using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using SecuTicket.Node.Storage;
using SQLitePCL;

namespace SecuTicket.Node.Tests.Storage;

/// <summary>The SQL of all that runs on a database from now on, one of each kind, with the values that it ran with.</summary>
internal sealed partial class StatementTrace
{
    private readonly ConcurrentDictionary<string, string> _statements = new(StringComparer.Ordinal);
    private readonly SqliteDatabase _database;

    public StatementTrace(SqliteDatabase database, int readers)
    {
        _database = database;
        database.Write((connection, _) => Hear(connection));
        ReadLease[] leases = [database.Read(ofWriter: true), .. Enumerable.Range(0, readers).Select(_ => database.Read())];
        foreach (var lease in leases)
        {
            Hear(lease.Connection);
            lease.Dispose();
        }
    }

    /// <summary>Those that look for something by what it is, not for all of a table.</summary>
    public IReadOnlyList<string> Keyed => [.. _statements.Values.Where(static sql => sql.Contains("WHERE", StringComparison.OrdinalIgnoreCase) && !sql.StartsWith("CREATE", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>How SQLite goes about one of them.</summary>
    public IReadOnlyList<string> PlanOf(string statement) => _database.Read(lease =>
    {
        using var explained = new PreparedStatement(lease.Connection, $"EXPLAIN QUERY PLAN {statement}");
        using var rows = explained.Query(null);
        var steps = new List<string>();
        while (rows.Read()) steps.Add(rows.GetString(3));
        return steps;
    });

    private void Hear(SqliteConnection connection) => raw.sqlite3_trace(connection.Handle, (_, sql) => _statements.TryAdd(Values().Replace(sql, "?"), sql), null);

    [GeneratedRegex(@"(?i)x?'(?:[^']|'')*'|\b[0-9]+\b|\bNULL\b")]
    private static partial Regex Values();
}
