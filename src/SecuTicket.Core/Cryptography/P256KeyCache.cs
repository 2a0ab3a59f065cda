using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace SecuTicket.Core.Cryptography;

/// <summary>Verifies ECDSA P-256 signatures by the platform as .NET wraps it, keeping a bounded number of imported public keys. Safe to use from several threads.</summary>
/// <remarks>
/// For Windows, macOS and every machine where <see cref="LibcryptoP256"/> can not be used. Importing a key costs more than verifying with it, and a platform key object is safe for one thread at a time. So key objects are
/// rented and returned: one that is out belongs to its thread alone, and a key used by several threads at once gets an object for each.
/// Idle objects wait in order of their last use; the one unused longest leaves first. Every step under the lock is O(1).
/// Only a key that has just verified a signature is kept, so that made-up keys and made-up signatures push nothing out: that takes
/// a private key and a signature each time. What is cached never changes an answer, only its cost.
/// </remarks>
internal sealed class P256KeyCache : IP256Library
{
    /// <summary>Idle objects kept of any one key: one a thread that verifies under it at the same time.</summary>
    public const int MaxIdlePerKey = 8;

    private const int CoordinateSize = 32;

    private readonly int _capacity;
    private readonly Dictionary<KeyBytes, List<LinkedListNode<Idle>>> _idleByKey;
    private readonly LinkedList<Idle> _leastRecentFirst = new();
    private readonly Lock _gate = new();
    private bool _disposed;

    /// <summary>Keeps at most <paramref name="capacity"/> idle key objects (about 5 KiB each, most of it the platform's).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1.</exception>
    public P256KeyCache(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
        _idleByKey = [];
    }

    /// <summary>Key objects waiting for use: never more than the capacity.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _leastRecentFirst.Count;
        }
    }

    /// <inheritdoc/>
    public bool Verify(ReadOnlySpan<byte> xy64, ReadOnlySpan<byte> digest32, ReadOnlySpan<byte> signature64)
    {
        var bytes = new KeyBytes(xy64);
        var wasKept = TryRent(bytes, out var key);
        if (!wasKept && !TryImport(xy64, out key)) return false;

        var valid = false;
        try
        {
            valid = key!.VerifyHash(digest32, signature64, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        finally
        {
            if (valid || wasKept) Return(bytes, key!);
            else key!.Dispose();
        }

        return valid;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (var idle in _leastRecentFirst) idle.Key.Dispose();
            _leastRecentFirst.Clear();
            _idleByKey.Clear();
        }
    }

    /// <summary>Key objects waiting for use under one key.</summary>
    internal int KeptFor(ReadOnlySpan<byte> xy64)
    {
        var bytes = new KeyBytes(xy64);
        lock (_gate) return _idleByKey.TryGetValue(bytes, out var idle) ? idle.Count : 0;
    }

    private bool TryRent(in KeyBytes bytes, [NotNullWhen(true)] out ECDsa? key)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            key = null;
            if (!_idleByKey.TryGetValue(bytes, out var idle)) return false;

            key = Take(bytes, idle, idle.Count - 1).Key;
            return true;
        }
    }

    internal void Return(in KeyBytes bytes, ECDsa key)
    {
        ECDsa? evicted = null;
        lock (_gate)
        {
            var known = _idleByKey.TryGetValue(bytes, out var idle);
            if (_disposed || idle?.Count == MaxIdlePerKey)
            {
                evicted = key;
            }
            else
            {
                if (!known) _idleByKey.Add(bytes, idle = new List<LinkedListNode<Idle>>(1));
                idle!.Add(_leastRecentFirst.AddLast(new Idle(bytes, key)));
                if (_leastRecentFirst.Count > _capacity)
                {
                    // Of one key's objects the first in its list was returned first, so it is the one at the front here.
                    var oldest = _leastRecentFirst.First!.Value.Bytes;
                    evicted = Take(oldest, _idleByKey[oldest], 0).Key;
                }
            }
        }

        evicted?.Dispose();
    }

    private Idle Take(in KeyBytes bytes, List<LinkedListNode<Idle>> idle, int index)
    {
        var node = idle[index];
        idle.RemoveAt(index);
        if (idle.Count == 0) _idleByKey.Remove(bytes);
        _leastRecentFirst.Remove(node);
        return node.Value;
    }

    private static bool TryImport(ReadOnlySpan<byte> xy64, [NotNullWhen(true)] out ECDsa? key)
    {
        var point = new ECPoint { X = xy64[..CoordinateSize].ToArray(), Y = xy64[CoordinateSize..].ToArray() };
        try
        {
            key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
            return true;
        }
        catch (CryptographicException)
        {
            // The platform's only way to say that the point is not on the curve.
            key = null;
            return false;
        }
    }

    private readonly record struct Idle(KeyBytes Bytes, ECDsa Key);

    internal readonly struct KeyBytes : IEquatable<KeyBytes>
    {
        private readonly Buffer _bytes;

        public KeyBytes(ReadOnlySpan<byte> xy64) => xy64.CopyTo(_bytes);

        public bool Equals(KeyBytes other) => ((ReadOnlySpan<byte>)_bytes).SequenceEqual(other._bytes);

        public override bool Equals(object? obj) => obj is KeyBytes other && Equals(other);

        public override int GetHashCode()
        {
            // Strangers choose their keys; HashCode is seeded a process, so they can not aim at one bucket.
            var hash = new HashCode();
            hash.AddBytes(_bytes);
            return hash.ToHashCode();
        }
    }

    [InlineArray(2 * CoordinateSize)]
    internal struct Buffer
    {
        private byte _first;
    }
}
