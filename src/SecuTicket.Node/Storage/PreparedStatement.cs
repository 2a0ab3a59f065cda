using Microsoft.Data.Sqlite;

namespace SecuTicket.Node.Storage;

/// <summary>One SQL statement compiled once and run many times on one connection. Parameters are <c>$1</c>, <c>$2</c>, … in order.</summary>
/// <remarks>Compiling costs more than running a short insert. Not thread-safe: it belongs to the connection it was made on.</remarks>
public sealed class PreparedStatement : IDisposable
{
    private readonly SqliteCommand _command;

    internal PreparedStatement(SqliteConnection connection, string sql)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
    }

    /// <summary>Runs it with these values and tells how many rows it changed.</summary>
    /// <param name="transaction">The write under way, or null on a read connection outside a transaction.</param>
    /// <param name="values">One for each parameter: null, <see cref="long"/>, <see cref="int"/>, <see cref="string"/> or a byte array.</param>
    /// <exception cref="SqliteException">SQLite refused; <see cref="SqliteDatabase"/> turns it into a <see cref="StorageException"/>.</exception>
    public int Execute(SqliteTransaction? transaction, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Runs it with these values and returns the first column of the first row; null when there is no row or it is NULL.</summary>
    /// <inheritdoc cref="Execute"/>
    public object? Scalar(SqliteTransaction? transaction, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        return _command.ExecuteScalar() is var value && value is DBNull ? null : value;
    }

    /// <summary>Runs it with these values; dispose the reader before running it again.</summary>
    /// <inheritdoc cref="Execute"/>
    public SqliteDataReader Query(SqliteTransaction? transaction, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        return _command.ExecuteReader();
    }

    /// <inheritdoc/>
    public void Dispose() => _command.Dispose();

    private void Bind(SqliteTransaction? transaction, ReadOnlySpan<object?> values)
    {
        var parameters = _command.Parameters;
        while (parameters.Count < values.Length) parameters.Add(new SqliteParameter { ParameterName = $"${parameters.Count + 1}" });
        if (parameters.Count > values.Length)
            throw new ArgumentException($"{parameters.Count} values are needed, {values.Length} were given.", nameof(values));

        _command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++) parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
