using System.Globalization;
using System.Security.Cryptography;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Gate;

/// <summary>Reads the bytes that <see cref="RosterWriter"/> writes, and no others.</summary>
internal ref struct RosterReader(ReadOnlySpan<byte> utf8)
{
    private const int MaxChainIdLength = 64;
    private const int MaxTimeZoneLength = 64;
    private const int LeastEntrySize = 130;
    private const int AddressLength = 2 + (2 * Address.Size);

    private readonly ReadOnlySpan<byte> _utf8 = utf8;
    private readonly Dictionary<TicketId, RosterEntry> _entries = new(utf8.Length / LeastEntrySize);
    private readonly char[] _characters = new char[2 * PublicKey.UncompressedSize];
    private RosterText _text = new(utf8);
    private ReadOnlySpan<byte> _lastOwnerText;
    private Address _lastOwner;
    private int _sessions;

    /// <summary>The roster, the key and signature it carries, and the digest that should be signed.</summary>
    public Verdict<GateRoster> Read(out TransactionSignature signature, out Hash256 digest)
    {
        _text.Take("{\"chain_id\":"u8);
        var chainId = _text.Text(MaxChainIdLength);
        ReadEntries();
        var of = ReadEvent();
        _text.Take(",\"full\":"u8);
        var full = _text.TryTake("true"u8);
        if (!full) _text.Take("false"u8);
        _text.Take(",\"height\":"u8);
        var version = _text.Integer();
        _text.Take(",\"node\":"u8);
        var node = Account();
        var cut = _text.At;
        signature = ReadSignature();
        var rest = _text.At;
        RosterPoint? since = full ? null : ReadSince(version);
        _text.Take(",\"tip\":"u8);
        var tip = Hash();
        _text.Take(",\"type\":\"gate_roster\",\"version\":"u8);
        if (_text.Integer() != version) _text.Fail();
        _text.Take("}"u8);
        if (!_text.IsWrong && !_text.IsAtEnd) _text.Fail();
        if (_sessions > of.Sessions.Count) _text.Fail();
        if (_text.IsWrong)
        {
            digest = default;
            return new Refusal(GateRefusals.RosterMalformed, $"These bytes are no roster in its canonical form, whole and unchanged: byte {_text.At} of {_utf8.Length} is not what was expected.");
        }

        digest = DigestWithout(cut, rest);
        return new GateRoster(new RosterHead(chainId, node, of, new RosterPoint(version, tip), since), _entries);
    }

    private readonly Hash256 DigestWithout(int cut, int rest)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_utf8[..cut]);
        hash.AppendData(_utf8[rest..]);
        return new Hash256(hash.GetHashAndReset());
    }

    private void ReadEntries()
    {
        _text.Take(",\"entries\":["u8);
        if (_text.TryTake("]"u8)) return;

        do
        {
            var entry = ReadEntry();
            if (!_text.IsWrong && (_entries.Count == RosterWriter.MaxEntries || !_entries.TryAdd(entry.Ticket, entry))) _text.Fail();
        }
        while (_text.TryTake(","u8));
        _text.Take("]"u8);
    }

    private RosterEntry ReadEntry()
    {
        _text.Take("{\"owner\":"u8);
        var owner = Owner();
        long? redeemedAt = _text.TryTake(",\"redeemed_at\":"u8) ? Moment() : null;
        _text.Take(",\"seat\":"u8);
        var seat = _text.Text(IssueTickets.MaxSeatLength);
        _text.Take(",\"session\":"u8);
        var session = (int)_text.Integer(CreateEvent.MaxSessions - 1);
        _sessions = Math.Max(_sessions, session + 1);
        _text.Take(",\"status\":\""u8);
        var status = Status();
        _text.Take("\",\"ticket_id\":"u8);
        var ticket = Ticket();
        _text.Take("}"u8);
        if (redeemedAt is null == (status == TicketStatus.Redeemed) || seat.AsSpan().ContainsAnyExceptInRange(' ', '~')) _text.Fail();
        return new RosterEntry(ticket, session, seat, owner, status, redeemedAt);
    }

    private TicketStatus Status()
    {
        if (_text.TryTake("sold"u8)) return TicketStatus.Sold;
        if (_text.TryTake("unsold"u8)) return TicketStatus.Unsold;
        if (_text.TryTake("listed"u8)) return TicketStatus.Listed;
        if (_text.TryTake("redeemed"u8)) return TicketStatus.Redeemed;

        _text.Take("revoked"u8);
        return TicketStatus.Revoked;
    }

    private RosterEvent ReadEvent()
    {
        _text.Take(",\"event\":{\"cancelled\":"u8);
        var cancelled = _text.TryTake("true"u8);
        if (!cancelled) _text.Take("false"u8);
        _text.Take(",\"gates\":["u8);
        var gates = new List<Address>();
        if (!_text.TryTake("]"u8))
        {
            do gates.Add(Account());
            while (gates.Count < CreateEvent.MaxAccounts && _text.TryTake(","u8));
            _text.Take("]"u8);
        }

        _text.Take(",\"name\":"u8);
        var name = _text.Text(CreateEvent.MaxNameLength);
        _text.Take(",\"sessions\":["u8);
        var sessions = new List<Session>();
        do sessions.Add(ReadSession());
        while (sessions.Count < CreateEvent.MaxSessions && _text.TryTake(","u8));
        _text.Take("]"u8);
        var zone = _text.TryTake(",\"time_zone\":"u8) ? _text.Text(MaxTimeZoneLength) : null;
        _text.Take(",\"venue\":"u8);
        var venue = _text.Text(CreateEvent.MaxNameLength);
        _text.Take("},\"event_id\":"u8);
        var id = EventIdentity();
        return new RosterEvent(id, name, venue, new EquatableArray<Session>([.. sessions]), zone, new EquatableArray<Address>([.. gates]), cancelled);
    }

    private Session ReadSession()
    {
        _text.Take("{\"date\":"u8);
        if (!DateOnly.TryParseExact(Characters(10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) _text.Fail();
        _text.Take(",\"time\":"u8);
        if (!TimeOnly.TryParseExact(Characters(5), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) _text.Fail();
        _text.Take("}"u8);
        return new Session(date, time);
    }

    private TransactionSignature ReadSignature()
    {
        _text.Take(",\"signature\":{\"public_key\":"u8);
        var keyText = Characters(2 * PublicKey.UncompressedSize);
        if (!PublicKey.TryParse(keyText, out var key) || keyText.ContainsAnyInRange('A', 'F')) _text.Fail();
        _text.Take(",\"scheme\":\"p256\",\"signature\":"u8);
        if (!Signature.TryParse(Characters(2 * Signature.Size), out var value)) _text.Fail();
        _text.Take("}"u8);
        return new TransactionSignature(SignatureScheme.P256, key, value);
    }

    private RosterPoint ReadSince(long version)
    {
        _text.Take(",\"since\":"u8);
        var since = _text.Integer(version);
        _text.Take(",\"since_tip\":"u8);
        return new RosterPoint(since, Hash());
    }

    // Most unsold tickets come one after the other, and have one owner; its checksum is a hash each time.
    private Address Owner()
    {
        var start = _text.At;
        if (_lastOwnerText.Length > 0 && _text.TryTake(_lastOwnerText)) return _lastOwner;

        _lastOwner = Account();
        if (!_text.IsWrong) _lastOwnerText = _utf8[start.._text.At];
        return _lastOwner;
    }

    // All lower case is an address too, and another text: only the one with the checksum is canonical.
    private Address Account()
    {
        var read = Characters(AddressLength);
        if (!Address.TryParse(read, out var address) || (!read.ContainsAnyInRange('A', 'F') && !read.SequenceEqual(address.ToString()))) _text.Fail();
        return address;
    }

    private TicketId Ticket()
    {
        if (!TicketId.TryParse(Characters(2 * TicketId.Size), out var id)) _text.Fail();
        return id;
    }

    private EventId EventIdentity()
    {
        if (!EventId.TryParse(Characters(2 * EventId.Size), out var id)) _text.Fail();
        return id;
    }

    private Hash256 Hash()
    {
        if (!Hash256.TryParse(Characters(2 * Hash256.Size), out var hash)) _text.Fail();
        return hash;
    }

    private long Moment()
    {
        if (!RosterTime.TryRead(Characters(RosterTime.Length), out var at)) _text.Fail();
        return at;
    }

    // Good until the next ones are read.
    private ReadOnlySpan<char> Characters(int length) =>
        System.Text.Ascii.ToUtf16(_text.Plain(length), _characters, out var written) == System.Buffers.OperationStatus.Done ? _characters.AsSpan(0, written) : [];
}
