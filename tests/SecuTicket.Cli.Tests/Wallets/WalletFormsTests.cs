using System.Diagnostics;

namespace SecuTicket.Cli.Tests.Wallets;

/// <summary>Keys that openssl made: those kept here as samples, and new ones where openssl is.</summary>
public sealed class WalletFormsTests : IDisposable
{
    private readonly Machine _machine = new();

    public static TheoryData<string> GoodForms => [.. Pem.Good.Keys];

    public static TheoryData<string> BadForms => [.. Pem.Bad.Keys];

    public void Dispose() => _machine.Dispose();

    [Theory]
    [MemberData(nameof(GoodForms))]
    public async Task A_key_that_openssl_wrote_is_read(string form)
    {
        _machine.Variables["SECUTICKET_PASSPHRASE"] = Pem.Passphrase;

        var imported = await _machine.DoAsync("wallet", "import", _machine.Write("key.pem", Pem.Good[form]), "--plain");

        imported["address"].Should().Be(Pem.Address);
        (await _machine.DoAsync("wallet", "show"))["address"].Should().Be(Pem.Address);
    }

    [Theory]
    [MemberData(nameof(BadForms))]
    public async Task What_is_no_wallet_is_called_what_it_is(string form)
    {
        _machine.Variables["SECUTICKET_PASSPHRASE"] = Pem.Passphrase;

        var refused = await _machine.RunAsync("wallet", "import", _machine.Write("key.pem", Pem.Bad[form].Pem));

        refused.ExitCode.Should().Be(ExitCode.File);
        refused.Error.Should().Contain(Pem.Bad[form].Fault).And.Contain("key.pem");
        File.Exists(_machine.DefaultWallet).Should().BeFalse();
    }

    [Fact]
    public async Task A_file_that_is_too_long_for_a_key_is_not_read()
    {
        var refused = await _machine.RunAsync("wallet", "import", _machine.Write("key.pem", new string('x', 70_000)));

        refused.ExitCode.Should().Be(ExitCode.File);
        refused.Error.Should().Contain("70000 bytes");
    }

    [SkippableTheory]
    [InlineData("ecparam -genkey -name prime256v1 -out new.pem", "")]
    [InlineData("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out new.pem", "")]
    [InlineData("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes-256-cbc -pass pass:concert -out new.pem", "concert")]
    public async Task A_key_that_openssl_makes_now_is_read_and_openssl_reads_it_back(string command, string passphrase)
    {
        OpenSsl(command);
        if (passphrase.Length > 0) _machine.Variables["SECUTICKET_PASSPHRASE"] = passphrase;

        await _machine.DoAsync("wallet", "import", "new.pem", "--plain");

        var publicKey = OpenSsl("pkey -in new.pem -pubout" + (passphrase.Length > 0 ? " -passin pass:concert" : string.Empty));
        (await _machine.DoAsync("wallet", "export", "--public")).Text.Should().Be(publicKey);
        OpenSsl($"pkey -in {_machine.DefaultWallet} -pubout").Should().Be(publicKey);
    }

    private string OpenSsl(string arguments)
    {
        try
        {
            var start = new ProcessStartInfo("openssl", arguments.Split(' ')) { WorkingDirectory = _machine.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
            using var openssl = Process.Start(start)!;
            openssl.StandardError.ReadToEndAsync();
            var output = openssl.StandardOutput.ReadToEnd();
            openssl.WaitForExit();
            openssl.ExitCode.Should().Be(0);
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new SkipException("openssl is not on this machine.");
        }
    }
}
