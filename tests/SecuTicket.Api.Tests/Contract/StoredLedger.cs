using Microsoft.Data.Sqlite;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>A node's database as somebody sees it who has the disk.</summary>
internal static class StoredLedger
{
    /// <summary>Changes what is stored behind the node's back; it must change exactly one row.</summary>
    public static void Overwrite(string folder, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, DataDirectory.LedgerName), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery().Should().Be(1, sql);
    }
}
