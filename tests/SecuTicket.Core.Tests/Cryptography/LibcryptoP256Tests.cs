using System.Numerics;
using System.Security.Cryptography;
using SecuTicket.Core.Cryptography;

namespace SecuTicket.Core.Tests.Cryptography;

public class LibcryptoP256Tests
{
    private const int Mutations = 20_000;

    [Fact]
    public void It_is_used_where_DotNet_uses_version_3_of_it()
    {
        var expected = OperatingSystem.IsLinux() && SafeEvpPKeyHandle.OpenSslVersion >> 28 == 3;

        LibcryptoP256.IsAvailable.Should().Be(expected);
    }

    [Fact]
    public void It_agrees_with_the_platform_about_whatever_is_made_of_right_signatures()
    {
        if (!LibcryptoP256.IsAvailable) return;

        using var direct = new LibcryptoP256();
        using var platform = new P256KeyCache(64);
        var signers = Enumerable.Range(0, 12).Select(i => new P256Signer(SHA256.HashData([(byte)i]))).ToList();
        signers.Add(new P256Signer(new byte[32]));
        signers.Add(new P256Signer(TestCurve.Bytes(TestCurve.Order)));
        signers.Add(new P256Signer(Enumerable.Repeat((byte)0xff, 32).ToArray()));
        var (accepted, different) = (0, new System.Collections.Concurrent.ConcurrentBag<int>());

        Parallel.For(0, Mutations, i =>
        {
            var (key, digest, signature) = Mutated(signers, new Random(i));
            var answer = direct.Verify(key, digest, signature);
            if (answer != platform.Verify(key, digest, signature)) different.Add(i);
            if (answer) Interlocked.Increment(ref accepted);
        });

        foreach (var signer in signers) signer.Dispose();
        different.Should().BeEmpty("these seeds make what the two judge differently");
        accepted.Should().BeInRange(Mutations / 10, Mutations / 4);
    }

    [Fact]
    public void It_keeps_a_workspace_a_thread_at_work_and_none_when_disposed_of()
    {
        if (!LibcryptoP256.IsAvailable) return;

        using var signer = new P256Signer();
        var library = new LibcryptoP256();
        for (var i = 0; i < 10; i++) signer.IsAcceptedBy(library).Should().BeTrue();
        library.Idle.Should().Be(1);

        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => signer.IsAcceptedBy(library));
        library.Idle.Should().BeInRange(1, 8);

        library.Dispose();
        library.Idle.Should().Be(0);
    }

    // A right signature with something wrong about it, or nothing.
    private static (byte[] Key, byte[] Digest, byte[] Signature) Mutated(List<P256Signer> signers, Random random)
    {
        var signer = signers[random.Next(signers.Count)];
        byte[] key = [.. signer.PublicKey], digest = [.. signer.Digest], signature = [.. signer.Signature];
        switch (random.Next(12))
        {
            case 0: break;
            case 1: Flip(key); break;
            case 2: Flip(digest); break;
            case 3: Flip(signature); break;
            case 4: Special().CopyTo(key, 0); break;
            case 5: Special().CopyTo(key, 32); break;
            case 6: Special().CopyTo(digest, 0); break;
            case 7: Special().CopyTo(signature, 0); break;
            case 8: Special().CopyTo(signature, 32); break;
            case 9: signature = TestCurve.Flip(signature); break;
            case 10: TestCurve.Bytes(TestCurve.P - new BigInteger(key.AsSpan(32), isUnsigned: true, isBigEndian: true)).CopyTo(key, 32); break;
            default: key = signers[random.Next(signers.Count)].PublicKey; break;
        }

        return (key, digest, signature);

        void Flip(byte[] bytes) => bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));

        byte[] Special()
        {
            BigInteger[] bases = [0, TestCurve.Order, TestCurve.Order / 2, TestCurve.P, BigInteger.One << 255, (BigInteger.One << 256) - 2];
            var value = bases[random.Next(bases.Length)] + random.Next(-1, 2);
            return TestCurve.Bytes(value.Sign < 0 ? 2 : value);
        }
    }
}
