using System.Runtime.InteropServices;
using System.Security.Cryptography;

// The system's library, never one that somebody put beside ours.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace SecuTicket.Core.Cryptography;

/// <summary>ECDSA P-256 by direct calls of OpenSSL's libcrypto 3, the library that .NET itself calls on Linux. Safe to use from several threads.</summary>
/// <remarks>
/// .NET imports a key with EC_KEY_check_key, which multiplies the point by the group's order: that costs more than a verification. P-256 has the cofactor 1, so a point
/// with coordinates below p that is on the curve and not at infinity has the right order already (SP 800-56A revision 3, section 5.6.2.3.4; SEC 1, version 2.0, section 3.2.2.1),
/// and that much EC_KEY_oct2key checks, for one hundredth of a verification. So no key is kept here: every thread at work borrows a workspace and loads it with the key in question.
/// A signature goes in as its two numbers instead of as the DER that .NET writes and libcrypto reads again, and nothing is allocated on .NET's heap.
/// </remarks>
internal sealed class LibcryptoP256 : IP256Library
{
    /// <summary>Workspaces kept between calls, about 4 KiB each: one a thread that verifies at the same time. More threads than that make one for each call.</summary>
    public const int MaxIdle = 64;

    private const int CoordinateSize = 32;

    private readonly Workspace?[] _idle = new Workspace?[MaxIdle];
    private volatile bool _disposed;

    /// <summary>True when .NET itself uses OpenSSL 3 here, and every function that is called is there and works.</summary>
    public static bool IsAvailable { get; } = (OperatingSystem.IsLinux() || OperatingSystem.IsFreeBSD()) && SafeEvpPKeyHandle.OpenSslVersion >> 28 == 3 && Works();

    /// <summary>Workspaces that wait for use.</summary>
    internal int Idle => _idle.Count(static workspace => workspace is not null);

    /// <inheritdoc/>
    public bool Verify(ReadOnlySpan<byte> xy64, ReadOnlySpan<byte> digest32, ReadOnlySpan<byte> signature64)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var workspace = Borrow();
        try
        {
            return workspace.Verify(xy64, digest32, signature64);
        }
        finally
        {
            Return(workspace);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        for (var i = 0; i < _idle.Length; i++) Interlocked.Exchange(ref _idle[i], null)?.Dispose();
    }

    private Workspace Borrow()
    {
        for (var i = 0; i < _idle.Length; i++)
            if (_idle[i] is not null && Interlocked.Exchange(ref _idle[i], null) is { } workspace) return workspace;

        return new Workspace();
    }

    private void Return(Workspace workspace)
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (_idle[i] is not null || Interlocked.CompareExchange(ref _idle[i], workspace, null) is not null) continue;

            // Dispose may have passed this place just before.
            if (_disposed) Interlocked.Exchange(ref _idle[i], null)?.Dispose();
            return;
        }

        workspace.Dispose();
    }

    // The key of RFC 6979, appendix A.2.5, signs and verifies. These calls are of every function that may be missing.
    private static bool Works()
    {
        try
        {
            using var key = new SigningKey(Convert.FromHexString("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"));
            using var workspace = new Workspace();
            Span<byte> digest = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];
            Span<byte> signature = stackalloc byte[2 * CoordinateSize];
            key.Sign(digest, signature);
            return workspace.Verify(
                Convert.FromHexString("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"), digest, signature);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or CryptographicException)
        {
            return false;
        }
    }

    private static nint Made(nint pointer) => pointer != 0 ? pointer : throw new CryptographicException("libcrypto has no P-256 or no memory for it.");

    /// <summary>A private key. Several threads may sign with it at once: that only reads it.</summary>
    internal sealed class SigningKey : SafeHandle
    {
        /// <summary>The key of a scalar: 32 bytes, big-endian, 1 to n−1.</summary>
        /// <exception cref="CryptographicException">The library has no memory for it.</exception>
        public SigningKey(ReadOnlySpan<byte> d32)
            : base(0, ownsHandle: true)
        {
            var scalar = Made(Native.BN_bin2bn(in d32[0], d32.Length, 0));
            try
            {
                SetHandle(Made(Native.EC_KEY_new_by_curve_name(Native.Prime256v1)));
                if (Native.EC_KEY_set_private_key(handle, scalar) != 1) throw new CryptographicException("libcrypto takes no such private key.");
            }
            finally
            {
                Native.BN_clear_free(scalar);
            }
        }

        public override bool IsInvalid => handle == 0;

        /// <summary>Writes a signature of the 32-byte digest: r ‖ s, 64 bytes, s low or high. The library draws the nonce.</summary>
        /// <exception cref="CryptographicException">The library made none.</exception>
        /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
        public void Sign(ReadOnlySpan<byte> digest32, Span<byte> signature64)
        {
            var isHeld = false;
            nint signature = 0;
            try
            {
                DangerousAddRef(ref isHeld);
                signature = Native.ECDSA_do_sign(in digest32[0], digest32.Length, handle);
                if (signature != 0
                    && Native.BN_bn2binpad(Native.ECDSA_SIG_get0_r(signature), ref signature64[0], CoordinateSize) == CoordinateSize
                    && Native.BN_bn2binpad(Native.ECDSA_SIG_get0_s(signature), ref signature64[CoordinateSize], CoordinateSize) == CoordinateSize) return;

                Native.ERR_clear_error();
                throw new CryptographicException("libcrypto made no signature.");
            }
            finally
            {
                Native.ECDSA_SIG_free(signature);
                if (isHeld) DangerousRelease();
            }
        }

        protected override bool ReleaseHandle()
        {
            Native.EC_KEY_free(handle);
            return true;
        }
    }

    // What one verification needs of libcrypto, made once and used by one thread at a time. The handle is the EC_KEY.
    private sealed class Workspace : SafeHandle
    {
        private const int UncompressedSize = 1 + (2 * CoordinateSize);

        private readonly nint _numbers;
        private readonly nint _signature;
        private readonly nint _r;
        private readonly nint _s;

        public Workspace()
            : base(0, ownsHandle: true)
        {
            SetHandle(Made(Native.EC_KEY_new_by_curve_name(Native.Prime256v1)));
            _numbers = Made(Native.BN_CTX_new());
            _signature = Made(Native.ECDSA_SIG_new());
            (_r, _s) = (Native.BN_new(), Native.BN_new());
            if (_r != 0 && _s != 0 && Native.ECDSA_SIG_set0(_signature, _r, _s) == 1) return;

            Native.BN_free(_r);
            Native.BN_free(_s);
            throw new CryptographicException("libcrypto has no memory for a signature.");
        }

        public override bool IsInvalid => handle == 0;

        public bool Verify(ReadOnlySpan<byte> xy64, ReadOnlySpan<byte> digest32, ReadOnlySpan<byte> signature64)
        {
            Span<byte> point = stackalloc byte[UncompressedSize];
            point[0] = 0x04;
            xy64.CopyTo(point[1..]);

            var isHeld = false;
            try
            {
                DangerousAddRef(ref isHeld);
                var isRight = Native.EC_KEY_oct2key(handle, in point[0], UncompressedSize, _numbers) == 1
                    && Native.BN_bin2bn(in signature64[0], CoordinateSize, _r) == _r
                    && Native.BN_bin2bn(in signature64[CoordinateSize], CoordinateSize, _s) == _s
                    && Native.ECDSA_do_verify(in digest32[0], digest32.Length, _signature, handle) == 1;

                // Why not is in a queue of this thread that others read too.
                if (!isRight) Native.ERR_clear_error();
                return isRight;
            }
            finally
            {
                if (isHeld) DangerousRelease();
            }
        }

        protected override bool ReleaseHandle()
        {
            Native.ECDSA_SIG_free(_signature);
            Native.BN_CTX_free(_numbers);
            Native.EC_KEY_free(handle);
            return true;
        }
    }

    // openssl/ec.h, openssl/ecdsa.h, openssl/bn.h, openssl/err.h of version 3. The name carries the version, so a library of another one is never called.
    private static class Native
    {
        // NID_X9_62_prime256v1 of openssl/obj_mac.h.
        public const int Prime256v1 = 415;

        private const string Library = "libcrypto.so.3";

        [DllImport(Library)]
        public static extern nint EC_KEY_new_by_curve_name(int nid);

        [DllImport(Library)]
        public static extern void EC_KEY_free(nint key);

        [DllImport(Library)]
        public static extern int EC_KEY_oct2key(nint key, in byte octets, nint length, nint numbers);

        [DllImport(Library)]
        public static extern int EC_KEY_set_private_key(nint key, nint scalar);

        [DllImport(Library)]
        public static extern nint ECDSA_SIG_new();

        [DllImport(Library)]
        public static extern void ECDSA_SIG_free(nint signature);

        [DllImport(Library)]
        public static extern int ECDSA_SIG_set0(nint signature, nint r, nint s);

        [DllImport(Library)]
        public static extern nint ECDSA_SIG_get0_r(nint signature);

        [DllImport(Library)]
        public static extern nint ECDSA_SIG_get0_s(nint signature);

        [DllImport(Library)]
        public static extern nint ECDSA_do_sign(in byte digest, int length, nint key);

        [DllImport(Library)]
        public static extern int ECDSA_do_verify(in byte digest, int length, nint signature, nint key);

        [DllImport(Library)]
        public static extern nint BN_new();

        [DllImport(Library)]
        public static extern void BN_free(nint number);

        [DllImport(Library)]
        public static extern void BN_clear_free(nint number);

        [DllImport(Library)]
        public static extern int BN_bn2binpad(nint number, ref byte bytes, int length);

        [DllImport(Library)]
        public static extern nint BN_bin2bn(in byte bytes, int length, nint number);

        [DllImport(Library)]
        public static extern nint BN_CTX_new();

        [DllImport(Library)]
        public static extern void BN_CTX_free(nint numbers);

        [DllImport(Library)]
        public static extern void ERR_clear_error();
    }
}
