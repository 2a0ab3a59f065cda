using System.Collections.Concurrent;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Certificates;

/// <summary>The certificates that bind names to organisers' accounts, and what each is worth now. Thread-safe.</summary>
/// <remarks>
/// What one is worth is found on the first read and kept until something in it begins or ends or the trust anchors change: a read is a look-up. Who may
/// replace what is in docs/decisions/012-x509.md. It is this node's own view and never goes on the chain.
/// </remarks>
public sealed class OrganiserCertificates
{
    /// <summary>Most accounts with a certificate that they confirmed; further ones displace the oldest of these that is not verified.</summary>
    public const int MaxConfirmed = 4_096;

    /// <summary>Most accounts with one that nobody confirmed; further ones displace the oldest of these that is not verified.</summary>
    public const int MaxUnconfirmed = 1_024;

    /// <summary>Code: the account confirmed its certificate, and only it may replace that.</summary>
    public const string ConfirmedCode = "certificate_confirmed";

    /// <summary>Code: as many certificates are kept as may be, and all of them are verified.</summary>
    public const string FullCode = "certificates_full";

    private static readonly SchemaPart Schema = new("certificate",
    [
        [
            "CREATE TABLE organiser_certificate (address BLOB PRIMARY KEY CHECK (length(address) = 20), chain BLOB NOT NULL, signature BLOB NOT NULL, confirmed INTEGER NOT NULL, "
            + "put_at INTEGER NOT NULL) WITHOUT ROWID",
        ],
    ]);

    private readonly SqliteDatabase _database;
    private readonly TrustFolder _folder;
    private readonly TimeProvider _clock;
    private readonly bool _requireLists;
    private readonly PreparedStatement _insert;
    private readonly PreparedStatement _delete;
    private readonly ConcurrentDictionary<Address, Entry> _entries = new();
    private readonly Lock _changing = new();

    /// <summary>Opens the certificates kept in a database, making its table when it is not there.</summary>
    /// <param name="database">The database.</param>
    /// <param name="folder">Whom to believe.</param>
    /// <param name="clock">Tells the time that certificates are judged at.</param>
    /// <param name="requireLists">Whether an issuer without a revocation list leaves its certificates unverified.</param>
    /// <exception cref="StorageException">The disk failed.</exception>
    public OrganiserCertificates(SqliteDatabase database, TrustFolder folder, TimeProvider clock, bool requireLists)
    {
        _database = database;
        _folder = folder;
        _clock = clock;
        _requireLists = requireLists;
        database.Ensure(Schema);
        _insert = database.Prepare("INSERT OR REPLACE INTO organiser_certificate (address, chain, signature, confirmed, put_at) VALUES ($1, $2, $3, $4, $5)");
        _delete = database.Prepare("DELETE FROM organiser_certificate WHERE address = $1");
        database.Read(lease =>
        {
            using var rows = lease.Prepare("SELECT address, chain, confirmed, put_at FROM organiser_certificate").Query(null);
            while (rows.Read())
                _entries[new Address(rows.GetFieldValue<byte[]>(0))] = new Entry(CertificateBundle.Restore(rows.GetFieldValue<byte[]>(1)), rows.GetInt64(2) != 0, rows.GetInt64(3));
            return true;
        });
    }

    /// <summary>What an account's certificate is worth now.</summary>
    public CertificateStanding StandingOf(in Address account) => _entries.TryGetValue(account, out var entry) ? StandingOf(entry) : CertificateStanding.None;

    /// <summary>Keeps a certificate whose key signed the account's address; durable when this returns.</summary>
    /// <param name="account">The account.</param>
    /// <param name="bundle">The certificate.</param>
    /// <param name="signature">The leaf key's signature of the address, see <see cref="LeafKey.HasSigned"/>.</param>
    /// <param name="confirmed">Whether the account itself asked for it.</param>
    /// <returns>Accepted; or <c>signature_invalid</c>, <see cref="ConfirmedCode"/>, <see cref="FullCode"/> (Transient).</returns>
    /// <exception cref="StorageException">The disk failed; everything is as it was.</exception>
    public Verdict Put(Address account, CertificateBundle bundle, byte[] signature, bool confirmed)
    {
        using (var leaf = bundle.LoadLeaf())
        {
            if (!LeafKey.HasSigned(leaf, account, signature))
                return new Refusal(RefusalCodes.SignatureInvalid, $"signature: it is not one of {account}, as that text without a line feed, by the key of the first certificate.", Field: "signature");
        }

        lock (_changing)
        {
            if (!confirmed && _entries.TryGetValue(account, out var present) && present.Confirmed)
                return new Refusal(ConfirmedCode, $"{account} confirmed its certificate: only a request signed by that account replaces it.");
            if (!MakeRoom(account, confirmed).TryGet(out var displaced, out var full)) return full;

            var entry = new Entry(bundle, confirmed, _clock.GetUtcNow().ToUnixTimeMilliseconds());
            _database.Write((_, transaction) =>
            {
                foreach (var other in displaced) _delete.Execute(transaction, other.Span.ToArray());
                _insert.Execute(transaction, account.Span.ToArray(), bundle.Encode(), signature, confirmed ? 1 : 0, entry.PutAt);
            });
            foreach (var other in displaced) _entries.TryRemove(other, out _);
            _entries[account] = entry;
            return Verdict.Accepted;
        }
    }

    /// <summary>Forgets an account's certificate; durable when this returns.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="StorageException">The disk failed; everything is as it was.</exception>
    public bool Remove(Address account)
    {
        lock (_changing)
        {
            if (!_entries.ContainsKey(account)) return false;

            _database.Write((_, transaction) => _delete.Execute(transaction, account.Span.ToArray()));
            return _entries.TryRemove(account, out _);
        }
    }

    // Accounts are free and anyone can sign a certificate for themselves, so confirming alone earns no place: whoever floods with names that nobody believes displaces only such.
    private Verdict<IReadOnlyList<Address>> MakeRoom(Address account, bool confirmed)
    {
        var others = _entries.Where(entry => entry.Key != account && entry.Value.Confirmed == confirmed).ToArray();
        if (others.Length < (confirmed ? MaxConfirmed : MaxUnconfirmed)) return Array.Empty<Address>();

        return others.OrderBy(entry => entry.Value.PutAt).FirstOrDefault(entry => StandingOf(entry.Value).Status != CertificateStatus.Verified) is { Value: not null } oldest
            ? new[] { oldest.Key }
            : new Refusal(FullCode, $"This node keeps {others.Length} certificates of this kind, the most it takes, and all are verified: {(confirmed ? "ask its operator" : "confirm yours with a signed request, or ask its operator")}.", RefusalKind.Transient);
    }

    private CertificateStanding StandingOf(Entry entry)
    {
        var anchors = _folder.Current();
        var now = _clock.GetUtcNow();
        if (entry.Last is { } last && last.Anchors == anchors && last.Judgement.From <= now && now < last.Judgement.Until) return last.Judgement.Standing;

        var judgement = ChainJudge.Judge(entry.Bundle, anchors, now, _requireLists);
        judgement = judgement with { Standing = judgement.Standing with { Confirmed = entry.Confirmed } };
        entry.Last = new Known(anchors, judgement);
        return judgement.Standing;
    }

    private sealed record Known(TrustAnchors Anchors, Judgement Judgement);

    private sealed class Entry(CertificateBundle bundle, bool confirmed, long putAt)
    {
        private Known? _last;

        public CertificateBundle Bundle { get; } = bundle;

        public bool Confirmed { get; } = confirmed;

        public long PutAt { get; } = putAt;

        /// <summary>Two readers may judge at once: both find the same.</summary>
        public Known? Last
        {
            get => Volatile.Read(ref _last);
            set => Volatile.Write(ref _last, value);
        }
    }
}
