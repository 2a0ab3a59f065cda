using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Storage;

/// <summary>Kept accounts and identities in memory, for tests and simulations: gone with the process.</summary>
public sealed class InMemoryCustodyStore : ICustodyStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Address, KeptAccountRecord> _accounts = [];
    private readonly Dictionary<string, Address> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<Address, IdentityRecord> _identities = [];
    private readonly Dictionary<Address, Hash256> _erasures = [];
    private readonly HashSet<string> _fingerprints = new(StringComparer.Ordinal);
    private byte[]? _keyCheck;

    /// <inheritdoc/>
    public long Count
    {
        get
        {
            lock (_gate) return _accounts.Count;
        }
    }

    /// <inheritdoc/>
    public byte[]? KeyCheck
    {
        get
        {
            lock (_gate) return _keyCheck;
        }
    }

    /// <inheritdoc/>
    public void SetKeyCheck(byte[] box)
    {
        lock (_gate) _keyCheck = box;
    }

    /// <inheritdoc/>
    public CustodyAddition Add(KeptAccountRecord account, IdentityRecord? profile, IdentityLimits limits)
    {
        ArgumentNullException.ThrowIfNull(account);
        lock (_gate)
        {
            if (_accounts.ContainsKey(account.Address)) return CustodyAddition.AddressTaken;
            if (account.Label is { } taken && _labels.ContainsKey(taken)) return CustodyAddition.LabelTaken;
            if (profile?.Fingerprint is { } fingerprint && _fingerprints.Contains(Key(fingerprint))) return CustodyAddition.FingerprintTaken;
            if (profile is not null && !Fits(account.Address, profile, limits)) return CustodyAddition.VaultFull;

            _accounts.Add(account.Address, account);
            if (account.Label is { } label) _labels.Add(label, account.Address);
            if (profile is not null) Keep(account.Address, profile);
            return CustodyAddition.Added;
        }
    }

    /// <inheritdoc/>
    public KeptAccountRecord? Find(Address address)
    {
        lock (_gate) return _accounts.GetValueOrDefault(address);
    }

    /// <inheritdoc/>
    public bool Contains(Address address)
    {
        lock (_gate) return _accounts.ContainsKey(address);
    }

    /// <inheritdoc/>
    public Address? FindByLabel(string label)
    {
        lock (_gate) return _labels.TryGetValue(label, out var address) ? address : null;
    }

    /// <inheritdoc/>
    public bool FingerprintExists(ReadOnlySpan<byte> fingerprint)
    {
        lock (_gate) return _fingerprints.Contains(Key(fingerprint));
    }

    /// <inheritdoc/>
    public IdentityAddition PutIdentity(Address address, IdentityRecord record, IdentityLimits limits)
    {
        ArgumentNullException.ThrowIfNull(record);
        lock (_gate)
        {
            if (!Fits(address, record, limits)) return IdentityAddition.Full;

            var replaced = TakeOut(address);
            Keep(address, record);
            return replaced ? IdentityAddition.Replaced : IdentityAddition.Added;
        }
    }

    /// <inheritdoc/>
    public IdentityRecord? FindIdentity(Address address)
    {
        lock (_gate) return _identities.GetValueOrDefault(address);
    }

    /// <inheritdoc/>
    public void BeginErasure(Address address, Hash256 commitment)
    {
        lock (_gate)
        {
            if (TakeOut(address)) _erasures[address] = commitment;
        }
    }

    /// <inheritdoc/>
    public Hash256? FindErasure(Address address)
    {
        lock (_gate) return _erasures.TryGetValue(address, out var commitment) ? commitment : null;
    }

    /// <inheritdoc/>
    public void EndErasure(Address address, Hash256 commitment)
    {
        lock (_gate)
        {
            if (_erasures.TryGetValue(address, out var begun) && begun == commitment) _erasures.Remove(address);
        }
    }

    /// <inheritdoc/>
    public void Scrub()
    {
    }

    private bool Fits(Address address, IdentityRecord record, IdentityLimits limits)
    {
        var others = _identities.Where(entry => entry.Key != address).Select(entry => entry.Value.SealedIdentity.Length).ToArray();
        return others.Length < limits.Records && others.Sum(size => (long)size) + record.SealedIdentity.Length <= limits.Bytes;
    }

    private void Keep(Address address, IdentityRecord record)
    {
        _identities.Add(address, record);
        if (record.Fingerprint is { } fingerprint) _fingerprints.Add(Key(fingerprint));
    }

    private bool TakeOut(Address address)
    {
        if (!_identities.Remove(address, out var former)) return false;

        if (former.Fingerprint is { } fingerprint) _fingerprints.Remove(Key(fingerprint));
        return true;
    }

    private static string Key(ReadOnlySpan<byte> fingerprint) => Convert.ToHexStringLower(fingerprint);
}
