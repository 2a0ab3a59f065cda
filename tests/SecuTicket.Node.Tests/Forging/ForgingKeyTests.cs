using System.Security.Cryptography;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Forging;

namespace SecuTicket.Node.Tests.Forging;

/// <summary>S4.1, S4.3: a validator's key is a PEM file, encrypted if the operator wishes.</summary>
public sealed class ForgingKeyTests : IDisposable
{
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1_000);

    private readonly string _folder = Directory.CreateTempSubdirectory("secuticket-forging-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_plain_and_an_encrypted_file_give_the_same_account_and_the_same_hash_chain()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var plain = ForgingKey.Open(Write("plain.pem", key.ExportPkcs8PrivateKeyPem()));
        using var sec1 = ForgingKey.Open(Write("sec1.pem", key.ExportECPrivateKeyPem()));
        using var encrypted = ForgingKey.Open(Write("encrypted.pem", key.ExportEncryptedPkcs8PrivateKeyPem("a good passphrase", Encryption)), "a good passphrase");

        new[] { sec1.Self.Account, encrypted.Self.Account }.Should().AllBeEquivalentTo(plain.Self.Account);
        encrypted.Self.Onion(1).Commitment.Should().Be(plain.Self.Onion(1).Commitment).And.NotBe(plain.Self.Onion(0).Commitment);
    }

    [Fact]
    public void A_wrong_passphrase_another_curve_no_key_and_a_missing_file_are_told_apart()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var encrypted = Write("encrypted.pem", key.ExportEncryptedPkcs8PrivateKeyPem("right", Encryption));

        Refused(() => ForgingKey.Open(encrypted, "wrong")).Should().Contain("does not open with the passphrase");
        Refused(() => ForgingKey.Open(encrypted)).Should().Contain("--Node:ForgingKeyPassphraseFile");
        Refused(() => ForgingKey.Open(Write("other.pem", other.ExportPkcs8PrivateKeyPem()))).Should().Contain("another curve");
        Refused(() => ForgingKey.Open(Write("public.pem", key.ExportSubjectPublicKeyInfoPem()))).Should().Contain("no private key");
        Refused(() => ForgingKey.Open(Write("garbage.pem", "garbage"))).Should().Contain("no private key");
        Refused(() => ForgingKey.Open(Write("long.pem", new string('x', ForgingKey.MaxFileSize + 1)))).Should().Contain("another file");
        Refused(() => ForgingKey.Open(Path.Combine(_folder, "missing.pem"))).Should().Contain("missing.pem");
    }

    [Fact]
    public void A_file_that_others_can_read_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Write("open.pem", key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Refused(() => ForgingKey.Open(file)).Should().Contain("chmod 600");
    }

    [Fact]
    public void A_passphrase_is_the_first_line_of_its_file() => ForgingKey.ReadPassphrase(Write("passphrase", "first line\nsecond\n")).Should().Be("first line");

    [Fact]
    public void A_mark_is_read_as_it_was_written_and_a_damaged_one_is_refused()
    {
        using var key = ForgingKey.Open(Write("key.pem", ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem()));
        var file = new ForgingMarkFile(_folder, key.Self.Account);
        file.Read().Should().BeNull();

        var mark = ForgingMark.None.WithBlock(7, Core.Primitives.Hash256.Sha256([7])).WithVote(3, 5, Core.Primitives.Hash256.Sha256([5]), 6);
        file.Write(ForgingMark.None);
        file.Write(mark);
        new ForgingMarkFile(_folder, key.Self.Account).Read().Should().Be(mark);

        File.WriteAllText(file.Path, """{"slot":7}""");
        Refused(() => file.Read()).Should().Contain(file.Path);
    }

    [Fact]
    public void A_mark_allows_later_slots_and_votes_that_go_up_only()
    {
        var mark = ForgingMark.None.WithBlock(7, default).WithVote(3, 5, default, 6);

        mark.AllowsBlock(7).Should().BeFalse();
        mark.AllowsBlock(8).Should().BeTrue();
        mark.AllowsVote(3, 6).Should().BeTrue();
        mark.AllowsVote(3, 5).Should().BeFalse("a second vote for one height contradicts the first");
        mark.AllowsVote(2, 6).Should().BeFalse("it would surround the first");
        mark.WithBlock(6, default).Should().Be(mark);
        mark.WithVote(2, 4, default, 6).Should().Be(mark);
    }

    private static string Refused(Action open) => open.Should().Throw<KeyFileException>().Which.Message;

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
