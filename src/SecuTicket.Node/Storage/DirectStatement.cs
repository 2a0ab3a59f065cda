using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SecuTicket.Node.Storage;

/// <summary>One SQL statement compiled once on SQLite's own interface: no command object, no boxing, bytes without a copy. Parameters and columns count from 0.</summary>
/// <remarks>
/// A block of a thousand transactions is some seven thousand statements, and a start reads every ticket: there the cost of the ADO.NET layer is
/// larger than that of SQLite. Elsewhere <see cref="PreparedStatement"/> reads better. Not thread-safe: it belongs to the connection it was made on.
/// </remarks>
internal sealed class DirectStatement : IDisposable
{
    private const int MaxStackText = 256;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <exception cref="SqliteException">SQLite does not understand it.</exception>
    public DirectStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>Gives a parameter an integer.</summary>
    public DirectStatement With(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, parameter + 1, value));
        return this;
    }

    /// <summary>Gives a parameter an integer, or nothing.</summary>
    public DirectStatement With(int parameter, long? value) => value is { } number ? With(parameter, number) : WithNull(parameter);

    /// <summary>Gives a parameter bytes, which are copied.</summary>
    public DirectStatement With(int parameter, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, parameter + 1, value));
        return this;
    }

    /// <summary>Gives a parameter a text.</summary>
    public DirectStatement WithText(int parameter, string value)
    {
        var size = Encoding.UTF8.GetMaxByteCount(value.Length);
        var utf8 = size <= MaxStackText ? stackalloc byte[size] : new byte[size];
        return WithText(parameter, utf8[..Encoding.UTF8.GetBytes(value, utf8)]);
    }

    /// <summary>Gives a parameter a text, which is copied.</summary>
    public DirectStatement WithText(int parameter, ReadOnlySpan<byte> utf8)
    {
        Check(raw.sqlite3_bind_text(_statement, parameter + 1, utf8));
        return this;
    }

    /// <summary>Gives a parameter nothing.</summary>
    public DirectStatement WithNull(int parameter)
    {
        Check(raw.sqlite3_bind_null(_statement, parameter + 1));
        return this;
    }

    /// <summary>Runs it to its end and makes it ready for the next run.</summary>
    /// <returns>Rows it changed.</returns>
    /// <exception cref="SqliteException">SQLite refused; <see cref="SqliteDatabase"/> turns it into a <see cref="StorageException"/>.</exception>
    public int Run()
    {
        try
        {
            while (Step())
            {
            }

            return raw.sqlite3_changes(_database);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Goes to the next row; false after the last one. Call <see cref="Reset"/> when done.</summary>
    /// <exception cref="SqliteException">SQLite refused.</exception>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW) return true;
        if (code != raw.SQLITE_DONE) Check(code);
        return false;
    }

    /// <summary>Makes it ready for the next run.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    /// <summary>Whether a column of this row has nothing.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <summary>An integer of this row.</summary>
    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>Bytes of this row, valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <summary>A text of this row.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
