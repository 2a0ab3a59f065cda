using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger.Stakes;

/// <summary>What is at stake as bytes, for a node's own disk: as <see cref="LedgerEncoding"/>.</summary>
public static class StakeEncoding
{
    /// <summary>The bytes of a validator.</summary>
    public static byte[] Encode(Validator validator) => Bytes(validator, Write);

    /// <summary>Reads <see cref="Encode(Validator)"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a validator.</exception>
    public static Validator DecodeValidator(ReadOnlySpan<byte> bytes) => Decode(bytes, ReadValidator);

    /// <summary>The bytes of seed, votes and finality.</summary>
    public static byte[] Encode(StakeRound round) => Bytes(round, Write);

    /// <summary>Reads <see cref="Encode(StakeRound)"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are not that.</exception>
    public static StakeRound DecodeRound(ReadOnlySpan<byte> bytes) => Decode(bytes, ReadRound);

    /// <summary>The bytes of tables; tables that are one are written once.</summary>
    public static byte[] Encode(StakeTables tables) => Bytes(tables, Write);

    /// <summary>Reads <see cref="Encode(StakeTables)"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are not tables.</exception>
    public static StakeTables DecodeTables(ReadOnlySpan<byte> bytes) => Decode(bytes, ReadTables);

    internal static void Write(LedgerWriter writer, StakeDelta delta)
    {
        writer.List(delta.Validators, static (w, change) =>
        {
            w.Bytes(change.Key.Span);
            w.Optional(change.Before, Write);
            w.Optional(change.After, Write);
        });
        Write(writer, delta.Round.Before);
        Write(writer, delta.Round.After);
        writer.Optional(delta.Tables, static (w, change) =>
        {
            Write(w, change.Before);
            Write(w, change.After);
        });
    }

    internal static StakeDelta ReadDelta(ref LedgerReader reader) => new(
        reader.List(static (ref LedgerReader r) => new Change<Address, Validator>(r.Address(), r.Optional(ReadValidator), r.Optional(ReadValidator))),
        (ReadRound(ref reader), ReadRound(ref reader)),
        reader.Optional(static (ref LedgerReader r) => new TableChange(ReadTables(ref r), ReadTables(ref r))));

    private static byte[] Bytes<T>(T value, Action<LedgerWriter, T> write)
    {
        using var writer = new LedgerWriter();
        write(writer, value);
        return writer.Written.ToArray();
    }

    private static T Decode<T>(ReadOnlySpan<byte> bytes, LedgerReader.Read<T> read)
    {
        var reader = new LedgerReader(bytes);
        var value = read(ref reader);
        reader.End();
        return value;
    }

    private static void Write(LedgerWriter writer, Validator validator)
    {
        writer.Long(validator.Staked);
        writer.Bytes(validator.Onion.Span);
        writer.Optional(validator.Renewal, static (w, renewal) =>
        {
            w.Long(renewal.Index);
            w.Bytes(renewal.Commitment.Span);
        });
        writer.List(validator.Withdrawals, static (w, withdrawal) =>
        {
            w.Long(withdrawal.Index);
            w.Long(withdrawal.Amount);
        });
        writer.Long(validator.Forged);
        writer.Long(validator.Missed);
        writer.Long(validator.Slashed);
    }

    private static Validator ReadValidator(ref LedgerReader reader) => new(reader.Long(), reader.Hash())
    {
        Renewal = reader.Optional(static (ref LedgerReader r) => new NumberedCommitment(r.Long(), r.Hash())),
        Withdrawals = reader.List(static (ref LedgerReader r) => new Withdrawal(r.Long(), r.Long())),
        Forged = reader.Long(),
        Missed = reader.Long(),
        Slashed = reader.Long(),
    };

    private static void Write(LedgerWriter writer, StakeRound round)
    {
        writer.Long(round.Index);
        writer.Long(round.Slot);
        writer.Bytes(round.Seed.Span);
        Write(writer, round.Justified);
        Write(writer, round.Final);
        writer.List(round.Open, static (w, checkpoint) =>
        {
            Write(w, checkpoint.Block);
            Write(w, checkpoint.Source);
            w.Bool(checkpoint.IsJustified);
            w.List(checkpoint.Voters, static (each, voter) => each.Bytes(voter.Span));
        });
        writer.Long(round.RotatedAt);
    }

    private static StakeRound ReadRound(ref LedgerReader reader) => new(
        reader.Long(),
        reader.Long(),
        reader.Hash(),
        ReadMark(ref reader),
        ReadMark(ref reader),
        reader.List(static (ref LedgerReader r) => new Checkpoint(ReadMark(ref r), ReadMark(ref r), r.Bool(), r.List(static (ref LedgerReader each) => each.Address()))),
        reader.Long());

    private static void Write(LedgerWriter writer, BlockMark mark)
    {
        writer.Long(mark.Index);
        writer.Bytes(mark.Hash.Span);
        writer.Long(mark.Slot);
        writer.Bytes(mark.Seed.Span);
    }

    private static BlockMark ReadMark(ref LedgerReader reader) => new(reader.Long(), reader.Hash(), reader.Long(), reader.Hash());

    private static void Write(LedgerWriter writer, StakeTables tables)
    {
        Write(writer, tables.Next);
        WriteUnless(writer, tables.Present, tables.Next);
        WriteUnless(writer, tables.Previous, tables.Present);
    }

    private static StakeTables ReadTables(ref LedgerReader reader)
    {
        var next = ReadTable(ref reader);
        var present = reader.Optional(ReadTable) ?? next;
        return new StakeTables(reader.Optional(ReadTable) ?? present, present, next);
    }

    private static void WriteUnless(LedgerWriter writer, StakeTable table, StakeTable same) => writer.Optional(table.Equals(same) ? null : table, Write);

    private static void Write(LedgerWriter writer, StakeTable table)
    {
        writer.Long(table.Since);
        writer.Int(table.Count);
        for (var i = 0; i < table.Count; i++)
        {
            writer.Bytes(table.Accounts[i].Span);
            writer.Long(table.AmountAt(i));
        }
    }

    private static StakeTable ReadTable(ref LedgerReader reader)
    {
        var since = reader.Long();
        var stakes = reader.List(static (ref LedgerReader r) => KeyValuePair.Create(r.Address(), r.Long()));
        try
        {
            return new StakeTable(since, stakes);
        }
        catch (ArgumentException damage)
        {
            throw new InvalidDataException("A stored table of stakes is out of order.", damage);
        }
    }
}
