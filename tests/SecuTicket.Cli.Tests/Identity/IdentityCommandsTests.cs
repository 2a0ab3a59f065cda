using System.Security.Cryptography;
using System.Text;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Cli.Tests.Identity;

/// <summary>What is sent for what is no transaction, against a node that answers as the contract says.</summary>
public sealed class IdentityCommandsTests : IDisposable
{
    private const string Event = "cdcffcaebca8f2f326d4a89a09fe0f61";
    private readonly Machine _machine = new();

    private string Address { get; set; } = string.Empty;

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task An_identity_goes_to_the_node_as_it_is_written_and_its_commitment_comes_back()
    {
        using var node = await NodeAsync("""{"commitment":"c0","salt":"5a"}""");
        var set = await _machine.DoAsync("identity", "set", _machine.Write("me.json", """{ "name": "A B" }"""));

        (set["commitment"], set["salt"]).Should().Be(("c0", "5a"));
        var request = node.Requests.Last();
        (request.Method, request.Path, request.Text).Should().Be(("PUT", $"/accounts/{Address}/identity", """{ "name": "A B" }"""));
        request.Authorization.Should().StartWith("SecuTicket ");
        var large = await _machine.RunAsync("identity", "set", _machine.Write("large.json", new string(' ', 1_000_000)));
        large.ExitCode.Should().Be(ExitCode.File);
        large.Error.Should().Contain("1000000 bytes");
        if (OperatingSystem.IsLinux()) (await _machine.RunAsync("identity", "commit", "/dev/zero")).Error.Should().Contain("more than 65536 bytes", "it says that it has none, and never ends");
        node.Requests.Should().HaveCount(2, "nothing of it is sent");
    }

    [Fact]
    public async Task A_commitment_is_computed_here_as_the_protocol_says()
    {
        _machine.Input = """{ "name": "A B", "born": "1990-01-01" }""";
        var made = await _machine.DoAsync("identity", "commit", "-");

        var salt = Convert.FromHexString(made["salt"]);
        salt.Should().HaveCount(32);
        var expected = SHA256.HashData([.. "SecuTicket identity"u8, .. salt, .. """{"born":"1990-01-01","name":"A B"}"""u8]);
        made["commitment"].Should().Be(Convert.ToHexStringLower(expected));
        (await _machine.DoAsync("identity", "commit", "-", "--salt", made["salt"]))["commitment"].Should().Be(made["commitment"]);
        (await _machine.DoAsync("identity", "commit", "-"))["salt"].Should().NotBe(made["salt"]);
    }

    [Theory]
    [InlineData("[]", "JSON object")]
    [InlineData("{", "not JSON")]
    [InlineData("""{"a":1e999}""", "1e999")]
    public async Task What_is_no_identity_has_no_commitment(string text, string fault)
    {
        _machine.Input = text;

        var refused = await _machine.RunAsync("identity", "commit", "-");

        refused.ExitCode.Should().Be(ExitCode.File);
        refused.Error.Should().Contain(fault);
    }

    [Fact]
    public async Task The_receipt_of_an_erasure_is_checked()
    {
        using var key = P256PrivateKey.Generate();
        using var nodes = new Wallet(key);
        var address = await _machine.OpenWalletAsync();
        var receipt = JsonValue.Object(new PayloadFields
        {
            { "type", "erasure_receipt" }, { "address", address }, { "commitment", new string('0', 64) }, { "erased_at", "2026-11-26T11:14:51.324Z" }, { "chain_id", "secuticket-dev" }, { "node", nodes.Address.ToString() },
        });
        var signed = receipt.With("signature", nodes.Sign(receipt)).ToString();

        using var honest = Script(signed);
        var erased = await _machine.DoAsync("identity", "erase");
        erased.Text.Should().Be(signed + "\n");
        erased.Error.Should().Contain("its signature is right");
        (honest.Requests.Last().Method, honest.Requests.Last().Path).Should().Be(("DELETE", $"/accounts/{address}/identity"));

        foreach (var forged in new[] { signed.Replace("11:14", "11:15"), signed.Replace(address, Wallets.Pem.Address), signed.Replace("erasure", "erosion"), receipt.ToString(), receipt.With("node", JsonValue.Of(address)).With("signature", nodes.Sign(receipt)).ToString() })
        {
            using var other = Script(forged);
            var refused = await _machine.RunAsync("identity", "erase");
            refused.ExitCode.Should().Be(ExitCode.NotVerified);
            refused.Error.Should().Contain("its receipt proves nothing");
        }
    }

    [Fact]
    public async Task Contact_is_opted_in_and_out_and_messages_are_written_and_read()
    {
        using var node = await NodeAsync("""{"items":[{"message_id":"m","event_id":"e","event_name":"Night","organiser":"0x","subject":"Doors","text":"At six.\nNot \u001b[1mseven.","at":"2026-11-26T11:14:51.324Z"}],"next":null}""");

        await _machine.DoAsync("contact", "on");
        await _machine.DoAsync("contact", "off");
        (await _machine.DoAsync("event", "message", Event, "--subject", "Doors", "--text", "At six.")).Text.Should().Be("The message is left for the holders who opted in.\n");
        (await _machine.DoAsync("messages", "--limit", "5")).Text.Should().Contain("subject\tDoors\nAt six.\nNot ?[1mseven.\n");

        node.Requests.Where(request => request.Path != "/info").Select(request => (request.Method, request.Path, request.Text)).Should().Equal(
            ("PUT", $"/accounts/{Address}/contact", """{"opt_in":true}"""),
            ("PUT", $"/accounts/{Address}/contact", """{"opt_in":false}"""),
            ("POST", $"/events/{Event}/messages", """{"subject":"Doors","text":"At six."}"""),
            ("GET", $"/accounts/{Address}/messages?limit=5", string.Empty));
    }

    [Fact]
    public async Task A_gate_report_names_the_tickets_that_came_in_twice()
    {
        using var node = await NodeAsync("""{"admitted":2,"refused":1,"conflicts":[{"ticket_id":"t1","admissions":[{"gate":"g1","at":1813082400,"receipt":"r1"},{"gate":"g2","at":1813082460,"receipt":"r2"}]}],"gates":[]}""");

        var report = await _machine.DoAsync("event", "report", Event);

        report["conflicts"].Should().Be("1");
        report.Text.Should().Contain("t1\tg1\t2027-06-15 18:00:00 UTC\tr1\nt1\tg2\t2027-06-15 18:01:00 UTC\tr2\n");
        node.Requests.Last().Path.Should().Be($"/events/{Event}/gate-report");
    }

    [Fact]
    public async Task A_certificates_key_signs_the_address_here()
    {
        using var node = await NodeAsync("""{"status":"verified","name":"Opera","issuer":"CA","not_after":"2028-01-01T00:00:00.000Z"}""");
        using var elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(1024);
        _machine.Write("chain.pem", "-----BEGIN CERTIFICATE-----\n");
        var text = Encoding.ASCII.GetBytes(Address);

        (await _machine.DoAsync("certificate", "set", "--chain", "chain.pem", "--key", _machine.Write("ec.pem", elliptic.ExportPkcs8PrivateKeyPem())))["status"].Should().Be("verified");
        elliptic.VerifyData(text, SignatureOf(node), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence).Should().BeTrue();
        await _machine.DoAsync("certificate", "set", "--chain", "chain.pem", "--key", _machine.Write("rsa.pem", rsa.ExportRSAPrivateKeyPem()));
        rsa.VerifyData(text, SignatureOf(node), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).Should().BeTrue();
        node.Requests.Last().Text.Should().NotContain("PRIVATE");
        File.WriteAllBytes(_machine.PathOf("signature"), [1, 2, 3]);
        await _machine.DoAsync("certificate", "set", "--chain", "chain.pem", "--signature", "signature");
        SignatureOf(node).Should().Equal(1, 2, 3);
        node.Requests.Last().Path.Should().Be($"/organisers/{Address}/certificate");

        (await _machine.RunAsync("certificate", "set", "--chain", "chain.pem")).ExitCode.Should().Be(ExitCode.Usage);
        (await _machine.RunAsync("certificate", "set", "--chain", "chain.pem", "--key", "chain.pem")).Error.Should().Contain("openssl dgst -sha256 -sign");
        (await _machine.RunAsync("certificate", "set", "--chain", "chain.pem", "--signature", "none")).ExitCode.Should().Be(ExitCode.File);
        (await _machine.DoAsync("certificate", "show", Wallets.Pem.Address))["name"].Should().Be("Opera");
        node.Requests.Last().Path.Should().Be($"/organisers/{Wallets.Pem.Address}/certificate");
    }

    private static byte[] SignatureOf(ScriptedNode node) => Convert.FromHexString(CanonicalJson.Parse(node.Requests.Last().Body).Value.Find("signature")!.Text);

    private async Task<ScriptedNode> NodeAsync(string json)
    {
        Address = await _machine.OpenWalletAsync();
        return Script(json);
    }

    private ScriptedNode Script(string json)
    {
        var node = new ScriptedNode(json);
        _machine.Network = node;
        return node;
    }
}
