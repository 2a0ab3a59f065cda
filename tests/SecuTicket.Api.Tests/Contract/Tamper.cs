using Microsoft.Data.Sqlite;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>Changes what a running node has on its disk, as someone with access to its files could.</summary>
internal static class Tamper
{
    /// <summary>Changes the last byte of a stored header: its nonce.</summary>
    public static void WithBlock(string folder, long index)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "ledger.db")};Pooling=False");
        connection.Open();
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT header FROM block WHERE block_index = $1";
        read.Parameters.AddWithValue("$1", index);
        var header = (byte[])read.ExecuteScalar()!;
        header[^1] ^= 1;
        using var write = connection.CreateCommand();
        write.CommandText = "UPDATE block SET header = $2 WHERE block_index = $1";
        write.Parameters.AddWithValue("$1", index);
        write.Parameters.AddWithValue("$2", header);
        write.ExecuteNonQuery().Should().Be(1);
    }
}
