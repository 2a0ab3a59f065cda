using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Storage;

/// <summary>Kept accounts in memory, for tests and simulations: gone with the process.</summary>
public sealed class InMemoryCustodyStore : ICustodyStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Address, KeptAccountRecord> _accounts = [];
    private readonly Dictionary<string, Address> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<Address, KeptProfileRecord> _profiles = [];
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
    public CustodyAddition Add(KeptAccountRecord account, KeptProfileRecord? profile)
    {
        ArgumentNullException.ThrowIfNull(account);
        lock (_gate)
        {
            if (_accounts.ContainsKey(account.Address)) return CustodyAddition.AddressTaken;
            if (account.Label is { } taken && _labels.ContainsKey(taken)) return CustodyAddition.LabelTaken;
            if (profile is not null && !_fingerprints.Add(Key(profile.Fingerprint))) return CustodyAddition.FingerprintTaken;

            _accounts.Add(account.Address, account);
            if (account.Label is { } label) _labels.Add(label, account.Address);
            if (profile is not null) _profiles.Add(account.Address, profile);
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
    public bool ProfileFingerprintExists(ReadOnlySpan<byte> fingerprint)
    {
        lock (_gate) return _fingerprints.Contains(Key(fingerprint));
    }

    /// <inheritdoc/>
    public KeptProfileRecord? FindProfile(Address address)
    {
        lock (_gate) return _profiles.GetValueOrDefault(address);
    }

    /// <inheritdoc/>
    public bool EraseProfile(Address address)
    {
        lock (_gate) return _profiles.Remove(address, out var profile) && _fingerprints.Remove(Key(profile.Fingerprint));
    }

    private static string Key(ReadOnlySpan<byte> fingerprint) => Convert.ToHexStringLower(fingerprint);
}
