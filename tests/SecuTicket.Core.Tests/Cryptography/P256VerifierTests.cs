using System.Numerics;
using System.Security.Cryptography;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Tests.Vectors;

namespace SecuTicket.Core.Tests.Cryptography;

public class P256VerifierTests
{
    [Theory]
    [ClassData(typeof(P256LibraryNames))]
    public void Accepts_the_signatures_of_the_independent_implementation(string library)
    {
        using var verifier = New(library);
        for (var i = 0; i < 3; i++)
        {
            var sample = TestVectors.At("transactions", i, "signature_sample");
            var key = Convert.FromHexString(sample.GetProperty("public_key").GetString()![2..]);
            var digest = Convert.FromHexString(TestVectors.Text("transactions", i, "transaction_id"));
            var signature = Convert.FromHexString(sample.GetProperty("signature").GetString()!);

            verifier.Verify(key, digest, signature).Should().BeTrue("when the key is new");
            verifier.Verify(key, digest, signature).Should().BeTrue("when it was seen");
        }
    }

    [Theory]
    [ClassData(typeof(P256LibraryNames))]
    public void Answers_as_Project_Wycheproof_does_but_for_high_s(string library)
    {
        using var verifier = New(library);
        var (right, high, wrong) = (0, 0, 0);
        foreach (var vector in TestVectors.Wycheproof)
        {
            byte[] Bytes(string name) => Convert.FromHexString(vector.GetProperty(name).GetString()!);
            var (key, digest, signature, valid) = (Bytes("key"), Bytes("digest"), Bytes("signature"), vector.GetProperty("valid").GetBoolean());
            var because = $"of vector {vector.GetProperty("id")}: {vector.GetProperty("comment")}";
            if (valid && !P256Signature.IsLowS(signature))
            {
                verifier.Verify(key, digest, signature).Should().BeFalse(because);
                verifier.Verify(key, digest, TestCurve.Flip(signature)).Should().BeTrue(because);
                high++;
                continue;
            }

            verifier.Verify(key, digest, signature).Should().Be(valid, because);
            _ = valid ? right++ : wrong++;
        }

        (right, high, wrong).Should().Be((103, 70, 68));
    }

    [Theory]
    [ClassData(typeof(P256LibraryNames))]
    public void Refuses_the_other_s_which_the_platform_would_accept(string library)
    {
        using var signer = new P256Signer();
        using var verifier = New(library);
        var high = TestCurve.Flip(signer.Signature);

        using var platform = signer.Import();
        platform.VerifyHash(signer.Digest, high).Should().BeTrue();
        verifier.Verify(signer.PublicKey, signer.Digest, high).Should().BeFalse();
    }

    [Theory]
    [ClassData(typeof(P256LibraryNames))]
    public void Refuses_changed_keys_digests_and_signatures_and_still_knows_the_right_one(string library)
    {
        using var signer = new P256Signer();
        using var verifier = New(library);
        for (var i = 0; i < 64; i++)
        {
            verifier.Verify(Changed(signer.PublicKey, i), signer.Digest, signer.Signature).Should().BeFalse();
            verifier.Verify(signer.PublicKey, Changed(signer.Digest, i % 32), signer.Signature).Should().BeFalse();
            verifier.Verify(signer.PublicKey, signer.Digest, Changed(signer.Signature, i)).Should().BeFalse();
        }

        signer.IsAcceptedBy(verifier).Should().BeTrue();
    }

    [Theory]
    [ClassData(typeof(P256LibraryNames))]
    public void Refuses_what_has_the_wrong_form_without_asking_the_curve(string library)
    {
        using var signer = new P256Signer();
        using var verifier = New(library);
        var order = TestCurve.Bytes(TestCurve.Order);

        verifier.Verify([], signer.Digest, signer.Signature).Should().BeFalse();
        verifier.Verify([0x04, .. signer.PublicKey], signer.Digest, signer.Signature).Should().BeFalse();
        verifier.Verify(signer.PublicKey, [], signer.Signature).Should().BeFalse();
        verifier.Verify(signer.PublicKey, [.. signer.Digest, 0], signer.Signature).Should().BeFalse();
        verifier.Verify(signer.PublicKey, signer.Digest, []).Should().BeFalse();
        verifier.Verify(signer.PublicKey, signer.Digest, [.. signer.Signature, 0]).Should().BeFalse();
        verifier.Verify(signer.PublicKey, signer.Digest, TestCurve.Flip(signer.Signature)).Should().BeFalse();
        foreach (var scalar in new[] { new byte[32], order, Enumerable.Repeat((byte)0xff, 32).ToArray() })
        {
            verifier.Verify(signer.PublicKey, signer.Digest, [.. scalar, .. signer.Signature[32..]]).Should().BeFalse();
            verifier.Verify(signer.PublicKey, signer.Digest, [.. signer.Signature[..32], .. scalar]).Should().BeFalse();
        }

        verifier.Checks.Should().Be(0);
        signer.IsAcceptedBy(verifier).Should().BeTrue();
        verifier.Checks.Should().Be(1);
    }

    [Theory]
    [ClassData(typeof(P256LibraryNames))]
    public void Refuses_keys_that_are_no_point_without_an_exception(string library)
    {
        using var signer = new P256Signer();
        using var verifier = New(library);
        var offCurve = Changed(signer.PublicKey, 63);
        TestCurve.IsOnCurve(offCurve).Should().BeFalse();

        foreach (var key in new[] { new byte[64], Enumerable.Repeat((byte)0xff, 64).ToArray(), offCurve })
        {
            verifier.Verify(key, signer.Digest, signer.Signature).Should().BeFalse();
        }

        signer.IsAcceptedBy(verifier).Should().BeTrue();
    }

    [Theory]
    [ClassData(typeof(P256LibraryNames))]
    public void Refuses_a_coordinate_that_is_not_below_the_prime_though_it_names_a_point(string library)
    {
        // Of a point whose x is small, x + p fits in 32 bytes too. A signature for such a key, whose secret nobody knows: with R = G + Q, digest and s are r.
        using var verifier = New(library);
        Span<byte> key = stackalloc byte[64];
        var x = BigInteger.Zero;
        while (!P256Point.TryDecompress([0x02, .. TestCurve.Bytes(x)], key)) x++;
        var r = TestCurve.Bytes(TestCurve.SumWithGenerator(key) % TestCurve.Order);
        byte[] signature = [.. r, .. r];
        if (!P256Signature.IsLowS(signature)) signature = TestCurve.Flip(signature);

        verifier.Verify(key, r, signature).Should().BeTrue();
        verifier.Verify([.. TestCurve.Bytes(x + TestCurve.P), .. key[32..]], r, signature).Should().BeFalse();
    }

    [Theory]
    [ClassData(typeof(P256LibraryNames))]
    public void Refuses_a_signature_that_leads_to_the_point_at_infinity(string library)
    {
        // Whoever knows the secret d may choose r = −e/d: then e/s·G + r/s·Q is no point.
        using var key = P256PrivateKey.FromScalar(TestCurve.Bytes(7));
        using var verifier = New(library);
        var (publicKey, digest) = (new byte[64], SHA256.HashData("message"u8));
        key.CopyPublicKey(publicKey);
        var e = new BigInteger(digest, isUnsigned: true, isBigEndian: true);
        var r = (TestCurve.Order - (e * BigInteger.ModPow(7, TestCurve.Order - 2, TestCurve.Order) % TestCurve.Order)) % TestCurve.Order;

        verifier.Verify(publicKey, digest, [.. TestCurve.Bytes(r), .. TestCurve.Bytes(3)]).Should().BeFalse();
        verifier.Checks.Should().Be(1);
    }

    [Theory]
    [ClassData(typeof(P256LibraryNames))]
    public void Threads_that_share_it_get_right_answers(string library)
    {
        using var verifier = New(library);
        var signers = Enumerable.Range(0, 8).Select(static _ => new P256Signer()).ToList();
        var wrong = 0;

        Parallel.For(0, 2_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            // Half of the calls are under one hot key; every third is a forgery.
            var signer = signers[i % 2 == 0 ? 0 : i / 2 % signers.Count];
            var forged = i % 3 == 0;
            var digest = forged ? Changed(signer.Digest, i % 32) : signer.Digest;
            if (verifier.Verify(signer.PublicKey, digest, signer.Signature) == forged) Interlocked.Increment(ref wrong);
        });

        foreach (var signer in signers) signer.Dispose();
        wrong.Should().Be(0);
        verifier.Checks.Should().Be(2_000);
    }

    [Theory]
    [ClassData(typeof(P256LibraryNames))]
    public void A_disposed_one_says_so(string library)
    {
        using var signer = new P256Signer();
        var verifier = New(library);
        signer.IsAcceptedBy(verifier);
        verifier.Dispose();
        verifier.Dispose();

        ((Func<bool>)(() => signer.IsAcceptedBy(verifier))).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void A_capacity_below_one_throws()
    {
        var make = static () => new P256Verifier(0);

        make.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static P256Verifier New(string library) => new(P256Libraries.New(library));

    private static byte[] Changed(byte[] bytes, int index)
    {
        var changed = (byte[])bytes.Clone();
        changed[index] ^= 1;
        return changed;
    }
}
