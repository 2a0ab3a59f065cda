using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Gate;

/// <summary>Writes a roster in its one canonical form and signs it, in pieces: no tree of its entries is built.</summary>
/// <remarks>
/// What is signed is SHA-256 of the canonical form (RFC 8785) of the object without its member <c>signature</c>. As the bytes are canonical already, a reader
/// gets the signed ones by cutting that member out. Its name sorts among the others, so entries are written and hashed before it and the short rest is made ahead.
/// </remarks>
public static class RosterWriter
{
    /// <summary>The object's <c>type</c>, so that what is signed for a roster can never be taken for anything else.</summary>
    public const string TypeName = "gate_roster";

    /// <summary>Entries of a roster at most: about 200 MB.</summary>
    public const int MaxEntries = 1_000_000;

    private const int PieceSize = 64 * 1024;

    /// <summary>Writes and signs a roster.</summary>
    /// <param name="output">Takes the bytes.</param>
    /// <param name="head">What it says beside its entries.</param>
    /// <param name="entries">Its entries, each ticket once, <see cref="MaxEntries"/> at most.</param>
    /// <param name="sign">Signs a digest with the key of the head's node.</param>
    public static void Write(IBufferWriter<byte> output, RosterHead head, IEnumerable<RosterEntry> entries, Func<Hash256, TransactionSignature> sign)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var text = new JsonWriter(PieceSize + 1024);
        text.Append("{\"chain_id\":"u8);
        text.WriteText(head.ChainId);
        text.Append(",\"entries\":["u8);
        var isFirst = true;
        foreach (var entry in entries)
        {
            if (!isFirst) text.Append(","u8);
            isFirst = false;
            WriteEntry(text, entry);
            if (text.Written.Length >= PieceSize) Pass(text, digest, output);
        }

        text.Append("],\"event\":"u8);
        WriteEvent(text, head.Event);
        Member(text, "event_id"u8, head.Event.Id.ToString());
        text.Append(head.IsFull ? ",\"full\":true"u8 : ",\"full\":false"u8);
        Member(text, "height"u8, head.At.Version);
        Member(text, "node"u8, head.Node.ToString());
        Pass(text, digest, output);

        if (head.Since is { } since)
        {
            Member(text, "since"u8, since.Version);
            Member(text, "since_tip"u8, since.Tip.ToString());
        }

        Member(text, "tip"u8, head.At.Tip.ToString());
        Member(text, "type"u8, TypeName);
        Member(text, "version"u8, head.At.Version);
        text.Append("}"u8);
        digest.AppendData(text.Written);
        WriteSignature(output, sign(new Hash256(digest.GetHashAndReset())));
        output.Write(text.Written);
    }

    private static void Pass(JsonWriter text, IncrementalHash digest, IBufferWriter<byte> output)
    {
        digest.AppendData(text.Written);
        output.Write(text.Written);
        text.Clear();
    }

    private static void WriteEntry(JsonWriter text, in RosterEntry entry)
    {
        text.Append("{\"owner\":\""u8);
        text.AppendUtf8(entry.Owner.ToString());
        text.Append("\""u8);
        if (entry.RedeemedAt is { } at) Member(text, "redeemed_at"u8, RosterTime.Write(at));
        Member(text, "seat"u8, entry.Seat);
        Member(text, "session"u8, entry.Session);
        Member(text, "status"u8, TicketStatusWords.Of(entry.Status));
        Member(text, "ticket_id"u8, entry.Ticket.ToString());
        text.Append("}"u8);
    }

    private static void WriteEvent(JsonWriter text, RosterEvent of)
    {
        text.Append(of.Cancelled ? "{\"cancelled\":true,\"gates\":["u8 : "{\"cancelled\":false,\"gates\":["u8);
        for (var i = 0; i < of.Gates.Count; i++)
        {
            if (i > 0) text.Append(","u8);
            text.WriteText(of.Gates[i].ToString());
        }

        text.Append("]"u8);
        Member(text, "name"u8, of.Name);
        text.Append(",\"sessions\":["u8);
        for (var i = 0; i < of.Sessions.Count; i++)
        {
            if (i > 0) text.Append(","u8);
            text.Append("{\"date\":"u8);
            text.WriteText(of.Sessions[i].Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            Member(text, "time"u8, of.Sessions[i].Time.ToString("HH:mm", CultureInfo.InvariantCulture));
            text.Append("}"u8);
        }

        text.Append("]"u8);
        if (of.TimeZone is { } zone) Member(text, "time_zone"u8, zone);
        Member(text, "venue"u8, of.Venue);
        text.Append("}"u8);
    }

    private static void WriteSignature(IBufferWriter<byte> output, in TransactionSignature signature)
    {
        using var text = new JsonWriter(512);
        text.Append(",\"signature\":{\"public_key\":\""u8);
        text.AppendUtf8(signature.Key.ToString());
        text.Append("\",\"scheme\":\"p256\",\"signature\":\""u8);
        text.AppendUtf8(signature.Value.ToString());
        text.Append("\"}"u8);
        output.Write(text.Written);
    }

    private static void Member(JsonWriter text, ReadOnlySpan<byte> name, string value)
    {
        Name(text, name);
        text.WriteText(value);
    }

    private static void Member(JsonWriter text, ReadOnlySpan<byte> name, long value)
    {
        Name(text, name);
        text.WriteInteger(value);
    }

    private static void Name(JsonWriter text, ReadOnlySpan<byte> name)
    {
        text.Append(",\""u8);
        text.Append(name);
        text.Append("\":"u8);
    }
}
