using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using static SecuTicket.Node.Storage.SqliteBlockStoreSchema;

namespace SecuTicket.Node.Storage;

/// <summary>A line of an account's history as stored: which transaction of the block, and where its bytes start in the stored body. 6 bytes.</summary>
/// <remarks>One row holds all lines an account has of one block: an organiser whose thousand tickets are bought in it costs one row, not a thousand.</remarks>
internal readonly record struct AccountEntry(int Position, int Offset)
{
    /// <summary>Bytes of one.</summary>
    public const int Size = 6;

    private const int Width = 3;

    /// <summary>Writes it: two numbers of 3 bytes, big-endian; the specification allows neither more transactions nor more bytes.</summary>
    public void Write(Span<byte> destination)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(number, Position);
        number[1..].CopyTo(destination);
        BinaryPrimitives.WriteInt32BigEndian(number, Offset);
        number[1..].CopyTo(destination[Width..]);
    }

    /// <summary>Reads one.</summary>
    public static AccountEntry Read(ReadOnlySpan<byte> source) => new((source[0] << 16) | (source[1] << 8) | source[2], (source[3] << 16) | (source[4] << 8) | source[5]);
}

/// <summary>Writes the histories of tickets, accounts, entrances and resales.</summary>
internal sealed class SqliteHistoryTables(SqliteConnection connection) : IDisposable
{
    private readonly DirectStatement _insertChange = new(connection,
        """
        INSERT INTO ticket_change (ticket, block_index, position, at, type, status, holder_before, holder, price) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """);
    private readonly DirectStatement _deleteChanges = new(connection, "DELETE FROM ticket_change WHERE ticket = ? AND block_index = ?");
    private readonly DirectStatement _insertAccount = new(connection, "INSERT INTO account_transaction (account, block_index, entries) VALUES (?, ?, ?)");
    private readonly DirectStatement _deleteAccount = new(connection, "DELETE FROM account_transaction WHERE account = ? AND block_index = ?");
    private readonly DirectStatement _insertAttendance = new(connection, "INSERT INTO attendance (event, block_index, redeemed) VALUES (?, ?, ?)");
    private readonly DirectStatement _deleteAttendance = new(connection, "DELETE FROM attendance WHERE event = ? AND block_index = ?");
    private readonly DirectStatement _insertResale = new(connection, "INSERT INTO resale (event, block_index, position, at, price, face_price) VALUES (?, ?, ?, ?, ?, ?)");
    private readonly DirectStatement _deleteResales = new(connection, "DELETE FROM resale WHERE event = ? AND block_index = ?");
    private readonly List<(Address Account, AccountEntry Entry)> _lines = [];
    private readonly ArrayBufferWriter<byte> _entries = new();
    private readonly ArrayBufferWriter<byte> _accounts = new();
    private readonly Dictionary<EventId, int> _redeemed = [];

    /// <summary>Writes the lines of a block.</summary>
    /// <returns>The accounts that got one, 20 bytes each, until the next block.</returns>
    public ReadOnlySpan<byte> Add(ConnectedBlock connected)
    {
        _lines.Clear();
        _redeemed.Clear();
        var index = connected.Block.Header.Index;
        var offset = SqliteTransactionTables.FirstOffset(connected.Block.Block);
        var position = 0;
        for (var i = 0; i < connected.Block.Transactions.Count; i++)
        {
            var transaction = connected.Block.Transactions[i];
            var effects = connected.Outcome.Effects[i];
            if (effects.Resale is { } resale)
                _insertResale.With(0, resale.Event.Span).With(1, index).With(2, position).With(3, offset).With(4, resale.Price).With(5, resale.FacePrice).Run();

            foreach (var change in effects.Changes.Span)
            {
                AddChange(change, transaction.Payload.Sender, index, position++, offset);
                if (change.Type == RedeemTicket.TypeName) CountRedeemed(connected.Outcome.State.Tickets.Find(change.Ticket)!.Event);
            }

            foreach (ref readonly var party in effects.Parties.Span) _lines.Add((party, new AccountEntry(i, offset)));
            offset += transaction.Transaction.Size;
        }

        foreach (var (id, count) in _redeemed) _insertAttendance.With(0, id.Span).With(1, index).With(2, count).Run();
        return AddAccounts(index);
    }

    /// <summary>Takes the lines of a block away.</summary>
    /// <param name="index">The block.</param>
    /// <param name="delta">What it changed.</param>
    /// <param name="accounts">What <see cref="Add"/> returned for it.</param>
    public void Remove(long index, LedgerDelta delta, ReadOnlySpan<byte> accounts)
    {
        _redeemed.Clear();
        foreach (ref readonly var change in delta.Tickets.Span)
        {
            _deleteChanges.With(0, change.Key.Span).With(1, index).Run();
            if (change.After is { Status: TicketStatus.Redeemed } redeemed) CountRedeemed(redeemed.Event);
        }

        foreach (var id in _redeemed.Keys) _deleteAttendance.With(0, id.Span).With(1, index).Run();
        foreach (ref readonly var change in delta.Tallies.Span)
            if (change.After?.Resales != change.Before?.Resales) _deleteResales.With(0, change.Key.Span).With(1, index).Run();

        for (; !accounts.IsEmpty; accounts = accounts[Address.Size..]) _deleteAccount.With(0, accounts[..Address.Size]).With(1, index).Run();
    }

    /// <summary>Whether resales are not kept yet, because an earlier version wrote the store.</summary>
    public bool LacksResales()
    {
        using var row = new DirectStatement(connection, "SELECT 1 FROM head WHERE has_resales = 0");
        return row.Step();
    }

    /// <summary>Keeps resales from now on, those before included.</summary>
    /// <param name="tickets">All tickets, settled up to the tip.</param>
    public void FillResales(IEnumerable<KeyValuePair<TicketId, Ticket>> tickets)
    {
        Run("CREATE TEMP TABLE issued (id BLOB PRIMARY KEY, event BLOB NOT NULL, face_price INTEGER NOT NULL) WITHOUT ROWID");
        using (var insert = new DirectStatement(connection, "INSERT INTO temp.issued VALUES (?, ?, ?)"))
        {
            foreach (var (id, ticket) in tickets) insert.With(0, id.Span).With(1, ticket.Event.Span).With(2, ticket.FacePrice).Run();
        }

        Run(SqliteBlockStoreSchema.FillResales);
        Run("UPDATE head SET has_resales = 1");
        Run("DROP TABLE temp.issued");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<DirectStatement>)[_insertChange, _deleteChanges, _insertAccount, _deleteAccount, _insertAttendance, _deleteAttendance, _insertResale, _deleteResales])
            statement.Dispose();
    }

    private void Run(string sql)
    {
        using var statement = new DirectStatement(connection, sql);
        statement.Run();
    }

    // The sender is in the transaction, which whoever reads the line reads anyway: most lines need one account or none beside it.
    private void AddChange(TicketChange change, in Address sender, long index, int position, int offset)
    {
        _insertChange.With(0, change.Ticket.Span).With(1, index).With(2, position).With(3, offset).With(5, (long)change.Status).With(8, change.Price);
        if (CodeOf(change.Type) is >= 0 and var code) _insertChange.With(4, code);
        else _insertChange.WithText(4, change.Type);

        if (change.From is not { } from) _insertChange.WithNull(6);
        else if (from == sender) _insertChange.With(6, SenderMark);
        else _insertChange.With(6, from.Span);

        if (change.To == sender) _insertChange.With(7, SenderMark);
        else if (change.To == change.From) _insertChange.With(7, SameMark);
        else _insertChange.With(7, change.To.Span);
        _insertChange.Run();
    }

    private void CountRedeemed(EventId id) => _redeemed[id] = _redeemed.GetValueOrDefault(id) + 1;

    private ReadOnlySpan<byte> AddAccounts(long index)
    {
        _lines.Sort(static (left, right) => left.Account.CompareTo(right.Account) is not 0 and var order ? order : left.Entry.Position.CompareTo(right.Entry.Position));
        _accounts.ResetWrittenCount();
        for (int start = 0, end; start < _lines.Count; start = end)
        {
            var account = _lines[start].Account;
            _entries.ResetWrittenCount();
            for (end = start; end < _lines.Count && _lines[end].Account == account; end++)
            {
                _lines[end].Entry.Write(_entries.GetSpan(AccountEntry.Size));
                _entries.Advance(AccountEntry.Size);
            }

            _insertAccount.With(0, account.Span).With(1, index).With(2, _entries.WrittenSpan).Run();
            _accounts.Write(account.Span);
        }

        return _accounts.WrittenSpan;
    }
}
