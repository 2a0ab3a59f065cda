using System.Security.Cryptography;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Tests.Vectors;

namespace SecuTicket.Core.Tests.Cryptography;

public class P256PrivateKeyTests
{
    private const string Order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    private const string OrderLessOne = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";

    public static IEnumerable<object[]> Keys =>
        TestVectors.At("keys").EnumerateArray().Select(static key => new object[] { key.GetProperty("private_key").GetString()!, key.GetProperty("public_key").GetString()! });

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_scalar_gives_the_public_key_of_the_independent_implementation(string scalar, string publicKey)
    {
        using var key = P256PrivateKey.FromScalar(Convert.FromHexString(scalar));

        PublicKeyOf(key).Should().Be(publicKey[2..]);
    }

    [Fact]
    public void The_key_of_RFC_6979_A_2_5_is_what_the_RFC_says()
    {
        using var key = P256PrivateKey.FromScalar(Convert.FromHexString("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"));

        PublicKeyOf(key).Should().Be("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
    }

    [Fact]
    public void The_largest_scalar_is_n_minus_1_and_its_point_mirrors_that_of_1()
    {
        using var one = P256PrivateKey.FromScalar(Convert.FromHexString($"{1:x64}"));
        using var last = P256PrivateKey.FromScalar(Convert.FromHexString(OrderLessOne));

        PublicKeyOf(last)[..64].Should().Be(PublicKeyOf(one)[..64]);
        PublicKeyOf(last)[64..].Should().NotBe(PublicKeyOf(one)[64..]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(Order)]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000001")]
    public void A_scalar_of_another_length_or_range_throws(string scalar)
    {
        var make = () => P256PrivateKey.FromScalar(Convert.FromHexString(scalar));

        make.Should().Throw<ArgumentException>();
    }

    [Theory]
    [ClassData(typeof(P256LibraryNames))]
    public void Every_signature_has_a_low_s_and_verifies(string library)
    {
        using var key = New(library);
        using var verifier = new P256Verifier(1);
        using var platform = ECDsa.Create();
        platform.ImportPkcs8PrivateKey(key.ExportPkcs8(), out _);
        var digest = SHA256.HashData("message"u8);
        var signatures = new HashSet<string>();
        for (var i = 0; i < 64; i++)
        {
            var signature = new byte[64];
            key.Sign(digest, signature);
            signatures.Add(Convert.ToHexString(signature));

            P256Signature.IsLowS(signature).Should().BeTrue();
            verifier.Verify(Convert.FromHexString(PublicKeyOf(key)), digest, signature).Should().BeTrue();
            platform.VerifyHash(digest, signature).Should().BeTrue();
        }

        signatures.Should().HaveCount(64, "every nonce is a new one");
    }

    [Theory]
    [ClassData(typeof(P256LibraryNames))]
    public void Several_threads_may_sign_with_one_key(string library)
    {
        using var key = New(library);
        using var verifier = new P256Verifier(4);
        var publicKey = Convert.FromHexString(PublicKeyOf(key));
        var wrong = 0;

        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var digest = SHA256.HashData(BitConverter.GetBytes(i));
            var signature = new byte[64];
            key.Sign(digest, signature);
            if (!verifier.Verify(publicKey, digest, signature)) Interlocked.Increment(ref wrong);
        });

        wrong.Should().Be(0);
    }

    [Theory]
    [ClassData(typeof(P256LibraryNames))]
    public void A_disposed_key_does_not_sign(string library)
    {
        var key = New(library);
        key.Dispose();
        key.Dispose();

        ((Action)(() => key.Sign(new byte[32], new byte[64]))).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void Pkcs8_keeps_the_key()
    {
        using var key = P256PrivateKey.Generate();
        using var copy = P256PrivateKey.FromPkcs8(key.ExportPkcs8());

        PublicKeyOf(copy).Should().Be(PublicKeyOf(key));
        copy.ExportPkcs8().Should().Equal(key.ExportPkcs8());
    }

    [Fact]
    public void Pkcs8_that_is_cut_off_followed_by_bytes_or_rubbish_throws()
    {
        using var key = P256PrivateKey.Generate();
        var pkcs8 = key.ExportPkcs8();
        foreach (var bytes in new byte[][] { [], [1, 2, 3], pkcs8[..^1], [.. pkcs8, 0] })
        {
            var import = () => P256PrivateKey.FromPkcs8(bytes);
            import.Should().Throw<CryptographicException>();
        }
    }

    [Fact]
    public void Keys_of_other_curves_and_algorithms_throw()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var koblitz = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10"));
        using var rsa = RSA.Create(2048);
        foreach (var key in new AsymmetricAlgorithm[] { p384, koblitz, rsa })
        {
            var import = () => P256PrivateKey.FromPkcs8(key.ExportPkcs8PrivateKey());
            import.Should().Throw<CryptographicException>();
        }
    }

    [Fact]
    public void Sizes_that_cannot_be_right_throw()
    {
        using var key = P256PrivateKey.Generate();
        ((Action)(() => key.Sign(new byte[31], new byte[64]))).Should().Throw<ArgumentException>();
        ((Action)(() => key.Sign(new byte[32], new byte[63]))).Should().Throw<ArgumentException>();
        ((Action)(() => key.CopyPublicKey(new byte[65]))).Should().Throw<ArgumentException>();
    }

    private static P256PrivateKey New(string library) => P256PrivateKey.FromScalar(SHA256.HashData("a key"u8), isDirect: library == nameof(LibcryptoP256));

    private static string PublicKeyOf(P256PrivateKey key)
    {
        Span<byte> publicKey = stackalloc byte[64];
        key.CopyPublicKey(publicKey);
        return Convert.ToHexStringLower(publicKey);
    }
}
