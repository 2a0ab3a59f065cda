using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace SecuTicket.Cli.Tests.Identity;

/// <summary>The same commands as in <see cref="IdentityCommandsTests"/>, against a node.</summary>
[Collection(WithNode.Name)]
public sealed class IdentityLifeTests(RunningNode node)
{
    [Fact]
    public async Task An_identity_is_kept_shown_at_the_gate_and_erased()
    {
        using var machine = new Machine(node.Url);
        await machine.OpenWalletAsync();
        await machine.DoAsync("top-up", "100000", "--no-wait");
        var identity = """{"name":"A B","born":"1990-01-01"}""";
        var file = machine.Write("me.json", identity);

        var kept = await machine.DoAsync("identity", "set", file);
        (await machine.DoAsync("identity", "commit", file, "--salt", kept["salt"]))["commitment"].Should().Be(kept["commitment"]);
        JsonElement.DeepEquals(JsonElement.Parse((await machine.DoAsync("identity", "show")).Output), JsonElement.Parse(identity)).Should().BeTrue();
        var ticket = node.NextTicket();
        await machine.DoAsync("ticket", "buy", ticket, "--identity-commitment", kept["commitment"]);
        (await machine.DoAsync("ticket", "show", ticket))["identity_commitment"].Should().Be(kept["commitment"]);
        using var gate = new Machine(node.Url);
        var shown = gate.Write("shown.json", identity);
        (await gate.DoAsync("identity", "check", ticket, shown, "--salt", kept["salt"]))["identity"].Should().Be("match");
        var another = await gate.RunAsync("identity", "check", ticket, gate.Write("other.json", """{"name":"C D"}"""), "--salt", kept["salt"]);
        (another.ExitCode, another["identity"]).Should().Be((ExitCode.NotVerified, "no_match"));
        (await gate.RunAsync("identity", "check", node.NextTicket(), shown, "--salt", kept["salt"]))["identity"].Should().Be("none");

        (await machine.DoAsync("identity", "erase")).Error.Should().Contain("its signature is right");
        (await machine.RunAsync("identity", "erase")).Error.Should().StartWith("not_found: ");
    }

    [Fact]
    public async Task A_holder_who_opted_in_reads_what_the_organiser_wrote()
    {
        using var machine = new Machine(node.Url);
        await machine.OpenWalletAsync();
        await machine.DoAsync("top-up", "100000", "--no-wait");
        await machine.DoAsync("ticket", "buy", node.NextTicket());
        await machine.DoAsync("contact", "on");

        (await node.Organiser.DoAsync("event", "message", node.EventId, "--subject", "Doors", "--text", "Open at six.")).Text.Should().Contain("left for the holders who opted in");

        (await machine.DoAsync("messages")).Text.Should().Contain("subject\tDoors\nOpen at six.\n");
        (await machine.RunAsync("event", "message", node.EventId, "--subject", "Doors", "--text", "Open at six.")).Error.Should().StartWith("not_organiser: ");
    }

    [Fact]
    public async Task A_certificate_is_bound_to_an_address_and_taken_off_again()
    {
        using var machine = new Machine(node.Url);
        var address = await machine.OpenWalletAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        using var certificate = new CertificateRequest("CN=Opera", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        var bound = await machine.DoAsync("certificate", "set", "--chain", machine.Write("chain.pem", certificate.ExportCertificatePem()), "--key", machine.Write("key.pem", key.ExportPkcs8PrivateKeyPem()));
        (bound["status"], bound["name"]).Should().Be(("untrusted", "Opera"));
        await machine.DoAsync("certificate", "remove");

        (await machine.DoAsync("certificate", "show", address))["status"].Should().Be("unverified");
        (await machine.RunAsync("certificate", "remove")).Error.Should().StartWith("not_found: ");
    }
}
