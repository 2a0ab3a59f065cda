namespace SecuTicket.Cli.Tests.Wallets;

public sealed class WalletCommandsTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task A_new_wallet_is_a_file_of_its_own_for_its_owner_alone()
    {
        var made = await _machine.DoAsync("wallet", "new");

        made["file"].Should().Be(_machine.DefaultWallet);
        made["encrypted"].Should().Be("no");
        File.ReadAllText(_machine.DefaultWallet).Should().StartWith("-----BEGIN PRIVATE KEY-----");
        Directory.GetFileSystemEntries(Path.GetDirectoryName(_machine.DefaultWallet)!).Should().Equal(_machine.DefaultWallet);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_machine.DefaultWallet).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.GetUnixFileMode(Path.GetDirectoryName(_machine.DefaultWallet)!).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var shown = await _machine.DoAsync("wallet", "show");
        shown["address"].Should().Be(made["address"]);
        var secret = File.ReadAllLines(_machine.DefaultWallet)[1];
        (made.Text + made.Error + shown.Text + shown.Error).Should().NotContain(secret);
    }

    [Fact]
    public async Task A_wallet_is_not_replaced_unasked()
    {
        var address = await _machine.OpenWalletAsync();
        var before = File.ReadAllBytes(_machine.DefaultWallet);

        foreach (var command in new[] { new[] { "wallet", "new" }, ["wallet", "import", _machine.Write("other.pem", Pem.Good["ecparam -genkey"])], ["wallet", "export", "--out", _machine.DefaultWallet] })
        {
            var refused = await _machine.RunAsync(command);
            refused.ExitCode.Should().Be(ExitCode.File);
            refused.Text.Should().BeEmpty();
            refused.Error.Should().Contain("exists and is not replaced");
        }

        File.ReadAllBytes(_machine.DefaultWallet).Should().Equal(before);
        (await _machine.DoAsync("wallet", "new", "--force"))["address"].Should().NotBe(address);
    }

    [Fact]
    public async Task The_wallets_place_is_the_option_else_the_variable_else_the_settings_folder()
    {
        (await _machine.DoAsync("wallet", "new"))["file"].Should().Be(_machine.DefaultWallet);
        _machine.Variables["XDG_CONFIG_HOME"] = "relative, so ignored";
        (await _machine.DoAsync("wallet", "show"))["file"].Should().Be(_machine.DefaultWallet);
        _machine.Variables["XDG_CONFIG_HOME"] = _machine.PathOf("settings");
        (await _machine.DoAsync("wallet", "new"))["file"].Should().Be(_machine.PathOf("settings/secuticket/wallet.pem"));
        _machine.Variables["SECUTICKET_WALLET"] = "variable.pem";
        (await _machine.DoAsync("wallet", "new"))["file"].Should().Be(_machine.PathOf("variable.pem"));
        (await _machine.DoAsync("wallet", "new", "--wallet", "option.pem"))["file"].Should().Be(_machine.PathOf("option.pem"));

        var missing = await _machine.RunAsync("wallet", "show", "--wallet", "none.pem");
        missing.ExitCode.Should().Be(ExitCode.File);
        missing.Error.Should().Contain("none.pem").And.Contain("secuticket wallet new");
    }

    [SkippableFact]
    public async Task A_wallet_that_others_can_read_is_not_used()
    {
        if (OperatingSystem.IsWindows()) throw new SkipException("Windows keeps no modes.");
        await _machine.OpenWalletAsync();
        File.SetUnixFileMode(_machine.DefaultWallet, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var refused = await _machine.RunAsync("wallet", "show");

        refused.ExitCode.Should().Be(ExitCode.File);
        refused.Error.Should().Contain("open to others (GroupRead)").And.Contain($"chmod 600 '{_machine.DefaultWallet}'");
    }

    [Fact]
    public async Task Export_gives_the_key_and_the_public_key_alone_on_request()
    {
        await _machine.OpenWalletAsync();

        (await _machine.DoAsync("wallet", "export")).Text.Should().Be(File.ReadAllText(_machine.DefaultWallet));
        var written = await _machine.DoAsync("wallet", "export", "--public", "--out", "public.pem");
        written.Text.Should().BeEmpty();
        File.ReadAllText(_machine.PathOf("public.pem")).Should().StartWith("-----BEGIN PUBLIC KEY-----").And.NotContain("PRIVATE");
        var refused = await _machine.RunAsync("wallet", "import", "public.pem", "--force");
        refused.ExitCode.Should().Be(ExitCode.File);
        refused.Error.Should().Contain("only a public key");
    }

    [Fact]
    public async Task With_json_the_wallet_is_one_object()
    {
        var address = await _machine.OpenWalletAsync();

        var json = System.Text.Json.JsonElement.Parse((await _machine.DoAsync("wallet", "show", "--json")).Output);

        json.GetProperty("address").GetString().Should().Be(address);
        json.GetProperty("encrypted").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task A_key_comes_in_by_standard_input_too()
    {
        _machine.Input = Pem.Good["ecparam -genkey"];

        (await _machine.DoAsync("wallet", "import", "-"))["address"].Should().Be(Pem.Address);
    }
}
