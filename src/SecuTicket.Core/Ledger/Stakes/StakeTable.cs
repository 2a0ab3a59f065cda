using System.Buffers.Binary;
using System.Security.Cryptography;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger.Stakes;

/// <summary>Who had how much at stake after some block: sorted by address, with running sums; never changed.</summary>
/// <remarks>28 bytes a validator. A draw is one hash and a binary search, whatever the amounts are.</remarks>
public sealed class StakeTable : IEquatable<StakeTable>
{
    private readonly Address[] _accounts;

    // The sum of the stakes up to and with each.
    private readonly long[] _sums;

    /// <summary>The table of these stakes.</summary>
    /// <param name="since">Index of the block after which they were so.</param>
    /// <param name="stakes">Accounts in the order of their bytes, each once, with minor units from 1; one at least.</param>
    /// <exception cref="ArgumentException">They are not in order, or there is none.</exception>
    public StakeTable(long since, IReadOnlyCollection<KeyValuePair<Address, long>> stakes)
    {
        if (stakes.Count == 0) throw new ArgumentException("There is no stake.", nameof(stakes));

        (Since, _accounts, _sums) = (since, new Address[stakes.Count], new long[stakes.Count]);
        var (count, total) = (0, 0L);
        foreach (var (account, amount) in stakes)
        {
            if (amount < 1 || (count > 0 && _accounts[count - 1].CompareTo(account) >= 0)) throw new ArgumentException("Stakes are positive and in the order of their accounts.", nameof(stakes));

            (_accounts[count], _sums[count]) = (account, total = checked(total + amount));
            count++;
        }
    }

    /// <summary>Index of the block after which stakes were as they are here.</summary>
    public long Since { get; }

    /// <summary>How many have stake.</summary>
    public int Count => _accounts.Length;

    /// <summary>All stake, in minor units.</summary>
    public long Total => _sums[^1];

    /// <summary>Who has stake, in the order of their bytes.</summary>
    public ReadOnlySpan<Address> Accounts => _accounts;

    /// <summary>Stake of <paramref name="account"/>, in minor units; 0 when it has none.</summary>
    public long AmountOf(in Address account) => Array.BinarySearch(_accounts, account) is var at and >= 0 ? AmountAt(at) : 0;

    /// <summary>Stake of the validator at a place, in minor units.</summary>
    public long AmountAt(int place) => place == 0 ? _sums[0] : _sums[place] - _sums[place - 1];

    /// <summary>Who makes the block of <paramref name="slot"/> on a branch whose seed is <paramref name="seed"/>: each as likely as its part of all stake.</summary>
    /// <remarks>
    /// The first 8 bytes of SHA-256(seed ‖ slot ‖ tries), of which the range that is no whole multiple of the total is thrown away and drawn again (less than once in
    /// 2,048 draws): a remainder alone would favour the first accounts.
    /// </remarks>
    public Address Draw(in Hash256 seed, long slot)
    {
        Span<byte> input = stackalloc byte[Hash256.Size + sizeof(long) + sizeof(int)];
        Span<byte> digest = stackalloc byte[Hash256.Size];
        seed.Span.CopyTo(input);
        BinaryPrimitives.WriteInt64BigEndian(input[Hash256.Size..], slot);
        var total = (ulong)Total;
        var surplus = ((ulong.MaxValue % total) + 1) % total;
        for (var tries = 0; ; tries++)
        {
            BinaryPrimitives.WriteInt32BigEndian(input[(Hash256.Size + sizeof(long))..], tries);
            SHA256.HashData(input, digest);
            var drawn = BinaryPrimitives.ReadUInt64BigEndian(digest);
            if (drawn <= ulong.MaxValue - surplus) return At((long)(drawn % total));
        }
    }

    /// <summary>Whose the minor unit is that has <paramref name="place"/> units before it, 0 to <see cref="Total"/> − 1.</summary>
    internal Address At(long place)
    {
        var (low, high) = (0, _sums.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_sums[middle] > place) high = middle;
            else low = middle + 1;
        }

        return _accounts[low];
    }

    /// <summary>Same stakes after the same block.</summary>
    public bool Equals(StakeTable? other) =>
        ReferenceEquals(this, other) || (other is not null && Since == other.Since && _accounts.AsSpan().SequenceEqual(other._accounts) && _sums.AsSpan().SequenceEqual(other._sums));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StakeTable);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Since, Count, Total);
}

/// <summary>The tables that count at some place of a branch.</summary>
/// <param name="Previous">Counts votes beside the present one.</param>
/// <param name="Present">Draws the forgers, and counts votes.</param>
/// <param name="Next">What the present one will be when the block it shows is final at the end of an epoch.</param>
public sealed record StakeTables(StakeTable Previous, StakeTable Present, StakeTable Next)
{
    /// <summary>Whether any of them counts <paramref name="account"/>.</summary>
    public bool Count(in Address account) => Previous.AmountOf(account) > 0 || Present.AmountOf(account) > 0 || Next.AmountOf(account) > 0;
}
