using System.Security.Cryptography;
using SecuTicket.Cli.Wallets;

namespace SecuTicket.Cli.Tests.Wallets;

public sealed class WalletPassphraseTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task A_passphrase_that_others_may_read_is_used_and_said_to_be()
    {
        if (OperatingSystem.IsWindows()) return;
        var file = _machine.Write("secret.txt", "opening night");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var open = await _machine.RunAsync("wallet", "new", "--passphrase-file", file);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var closed = await _machine.RunAsync("wallet", "show", "--passphrase-file", file);

        (open.ExitCode, closed.ExitCode).Should().Be((ExitCode.Done, ExitCode.Done));
        open.Error.Should().Contain("is open to others (OtherRead)");
        closed.Error.Should().NotContain("open to others");
    }

    [Fact]
    public async Task An_encrypted_wallet_opens_with_its_passphrase_alone()
    {
        var made = await _machine.DoAsync("wallet", "new", "--passphrase-file", _machine.Write("secret.txt", "opening night\nnot this line"));
        made["encrypted"].Should().Be("yes");
        File.ReadAllText(_machine.DefaultWallet).Should().StartWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");

        var unasked = await _machine.RunAsync("wallet", "show");
        unasked.ExitCode.Should().Be(ExitCode.Usage);
        unasked.Error.Should().Contain("--passphrase-file").And.Contain("SECUTICKET_PASSPHRASE").And.Contain("no terminal");

        _machine.Variables["SECUTICKET_PASSPHRASE"] = "opening nigth";
        var wrong = await _machine.RunAsync("wallet", "show");
        wrong.ExitCode.Should().Be(ExitCode.File);
        wrong.Error.Should().Contain("the passphrase is wrong");

        _machine.Variables["SECUTICKET_PASSPHRASE"] = "opening night";
        (await _machine.DoAsync("wallet", "show"))["address"].Should().Be(made["address"]);
    }

    [Fact]
    public async Task Trying_passphrases_costs_six_hundred_thousand_rounds_each()
    {
        _machine.PassphraseRounds = null;
        _machine.Variables["SECUTICKET_PASSPHRASE"] = "opening night";
        await _machine.DoAsync("wallet", "new");

        KeyAlgorithm.Rounds(DerOf(File.ReadAllText(_machine.DefaultWallet))).Should().BeGreaterThanOrEqualTo(600_000);
        Surroundings.OfProcess().PassphraseRounds.Should().Be(WalletPem.Rounds);
    }

    [Fact]
    public async Task A_person_is_told_what_a_plain_wallet_means_and_a_script_is_not()
    {
        (await _machine.DoAsync("wallet", "new")).Error.Should().BeEmpty();
        _machine.ErrorIsSeen = true;
        (await _machine.DoAsync("wallet", "new", "--force")).Error.Should().Contain("is not encrypted").And.Contain("wallet export --encrypt");
    }

    [Fact]
    public async Task An_export_stays_encrypted_until_plain_is_said()
    {
        _machine.Variables["SECUTICKET_PASSPHRASE"] = Pem.Passphrase;
        await _machine.DoAsync("wallet", "import", _machine.Write("key.pem", Pem.Good["pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256"]), "--plain");
        (await _machine.DoAsync("wallet", "show"))["encrypted"].Should().Be("no");

        await _machine.DoAsync("wallet", "export", "--encrypt", "--out", "backup.pem");
        File.ReadAllText(_machine.PathOf("backup.pem")).Should().StartWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");

        var kept = await _machine.DoAsync("wallet", "export", "--wallet", "backup.pem", "--new-passphrase-file", _machine.Write("new.txt", "another"));
        kept.Text.Should().StartWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        _machine.Write("again.pem", kept.Text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_machine.PathOf("again.pem"), UnixFileMode.UserRead);
        (await _machine.RunAsync("wallet", "show", "--wallet", "again.pem")).ExitCode.Should().Be(ExitCode.File);
        (await _machine.DoAsync("wallet", "show", "--wallet", "again.pem", "--passphrase-file", "new.txt"))["address"].Should().Be(Pem.Address);
    }

    [Fact]
    public async Task A_person_types_a_new_passphrase_twice()
    {
        _machine.Typing = new Queue<string>(["one", "other"]);
        var differing = await _machine.RunAsync("wallet", "new", "--encrypt");
        differing.ExitCode.Should().Be(ExitCode.Usage);
        differing.Error.Should().Contain("differ");
        File.Exists(_machine.DefaultWallet).Should().BeFalse();

        _machine.Typing = new Queue<string>(["one", "one", "one"]);
        var made = await _machine.DoAsync("wallet", "new", "--encrypt");
        (await _machine.DoAsync("wallet", "show"))["address"].Should().Be(made["address"]);
        _machine.Typing.Should().BeEmpty();
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\nsecond line", "is empty")]
    public async Task An_empty_passphrase_is_none(string text, string fault)
    {
        var refused = await _machine.RunAsync("wallet", "new", "--passphrase-file", _machine.Write("secret.txt", text));

        refused.ExitCode.Should().Be(ExitCode.Usage);
        refused.Error.Should().Contain(fault);
        File.Exists(_machine.DefaultWallet).Should().BeFalse();
    }

    [Fact]
    public async Task Encrypting_without_a_passphrase_asks_nobody_where_nobody_is()
    {
        var refused = await _machine.RunAsync("wallet", "new", "--encrypt");

        refused.ExitCode.Should().Be(ExitCode.Usage);
        refused.Error.Should().Contain("--new-passphrase-file");
        (await _machine.RunAsync("wallet", "new", "--encrypt", "--plain")).ExitCode.Should().Be(ExitCode.Usage);
        (await _machine.RunAsync("wallet", "new", "--passphrase-file", "none.txt")).ExitCode.Should().Be(ExitCode.File);
    }

    [Fact]
    public async Task More_rounds_than_anybody_waits_for_are_not_done()
    {
        var many = LockedWithRounds(int.MaxValue);
        _machine.Variables["SECUTICKET_PASSPHRASE"] = Pem.Passphrase;

        var refused = await _machine.RunAsync("wallet", "import", _machine.Write("key.pem", PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", many)));

        refused.ExitCode.Should().Be(ExitCode.File);
        refused.Error.Should().Contain("2147483647 rounds");
    }

    // PBES2 (RFC 8018) as far as its rounds.
    private static byte[] LockedWithRounds(int rounds)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.5.13");
                using (writer.PushSequence())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("1.2.840.113549.1.5.12");
                    using (writer.PushSequence())
                    {
                        writer.WriteOctetString(new byte[8]);
                        writer.WriteInteger(rounds);
                    }
                }
            }

            writer.WriteOctetString(new byte[16]);
        }

        return writer.Encode();
    }

    private static byte[] DerOf(string pem)
    {
        var fields = PemEncoding.Find(pem);
        return Convert.FromBase64String(pem[fields.Base64Data]);
    }
}
