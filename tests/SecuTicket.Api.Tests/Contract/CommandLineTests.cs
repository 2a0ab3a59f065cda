using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecuTicket.Api.Composition;
using SecuTicket.Api.Hosting;
using SecuTicket.Api.Tests.Processes;

namespace SecuTicket.Api.Tests.Contract;

public sealed class CommandLineTests
{
    [Fact]
    public void Every_option_of_the_contract_is_known()
    {
        string[] contract =
        [
            "--urls", "http://127.0.0.1:5001", "--Node:DataDirectory=d", "--Node:KeyFile=k", "--Node:PublicUrl=http://a:1", "--Node:Peers:0=http://127.0.0.1:5000", "--Node:ChainSpec=chain.json",
            "--Mining:MinPending=5", "--Mining:MaxWait=00:10:00", "--Mining:Enabled=false", "--Node:AdminKey=a=b", "--Serilog:MinimumLevel:Default=Debug", "--demo", "--environment=Development",
        ];

        var read = CommandLine.Read(contract).Value;

        read.Should().Contain("--urls=http://127.0.0.1:5001").And.Contain("--demo=true").And.Contain("--Node:AdminKey=a=b");
        read.Should().OnlyContain(argument => argument.Contains('='), "the host takes what follows an option without value for its value");
    }

    [Theory]
    [InlineData("--help", "--help")]
    [InlineData("--Node:DataDirektory=d", "--Node:DataDirektory")]
    [InlineData("--Node:DataDirectory:0=d", "--Node:DataDirectory:0")]
    [InlineData("--Node:Peers=http://127.0.0.1:5000", "--Node:Peers")]
    [InlineData("--Node=d", "--Node")]
    [InlineData("--Minning:MaxWait=00:00:01", "--Minning:MaxWait")]
    [InlineData("--Mining:MaxWait", "--Mining:MaxWait")]
    [InlineData("--demo=maybe", "--demo")]
    [InlineData("demo", "'demo'")]
    [InlineData("-demo", "'-demo'")]
    [InlineData("--", "--")]
    [InlineData("--=1", "--")]
    public void A_mistake_is_named(string argument, string named)
    {
        var refusal = CommandLine.Read([argument]).Refusal!;

        refusal.Detail.Should().Contain(named).And.EndWith(".").And.NotContain("\n");
    }

    [Fact]
    public void What_follows_the_demo_option_is_not_its_value()
    {
        CommandLine.Read(["--demo", "--urls", "http://127.0.0.1:1"]).Value.Should().Equal("--demo=true", "--urls=http://127.0.0.1:1");
        CommandLine.Read(["--DEMO"]).Value.Should().Equal("--DEMO=true");
    }

    [Fact]
    public void A_file_or_an_address_that_is_set_to_nothing_is_not_set()
    {
        var names = typeof(NodeOptions).GetProperties().Where(static property => property.PropertyType == typeof(string)).ToArray();
        var options = new NodeOptions();
        foreach (var name in names) name.SetValue(options, " ");

        options.ForgetEmpty();

        names.Where(name => name.GetValue(options) is not null).Select(static name => name.Name).Should().Equal([nameof(NodeOptions.ForgingKeyPassphrase), nameof(NodeOptions.AdminKey)], "a secret is what it is");
    }

    [Theory]
    [Trait("Length", "longer")]
    [InlineData("--urls=http://127.0.0.1:99999", "http://127.0.0.1:99999")]
    [InlineData("--urls=https://127.0.0.1:1", "needs a certificate")]
    public async Task An_address_that_can_not_be_listened_on_is_one_sentence_and_exit_code_2(string option, string named)
    {
        var folder = Directory.CreateTempSubdirectory("secuticket-address-");
        try
        {
            var (exitCode, output) = await NodeUnderTest.RefusedAsync(folder.FullName, option);

            exitCode.Should().Be(2, "{0}", output);
            output.Should().Contain(named).And.NotContain("   at ").And.NotContain("\n");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [Trait("Length", "longer")]
    [InlineData("/no/such.pem", "/no/such.pem")]
    [InlineData("client.pem", "ertificate")]
    public async Task A_certificate_that_can_not_be_listened_with_is_one_sentence_and_exit_code_2(string file, string named)
    {
        var folder = Directory.CreateTempSubdirectory("secuticket-certificate-");
        try
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: true));
            using var client = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "client.pem"), client.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
            var path = Path.Combine(folder.FullName, file);

            var (exitCode, output) = await NodeUnderTest.RefusedAsync(
                Path.Combine(folder.FullName, "data"), "--urls=https://127.0.0.1:0", $"--Kestrel:Certificates:Default:Path={path}", $"--Kestrel:Certificates:Default:KeyPath={path}");

            exitCode.Should().Be(2, "{0}", output);
            output.Should().Contain("The certificate to listen on").And.Contain(named).And.NotContain("   at ");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [Trait("Length", "longer")]
    [InlineData("--Mining:MaxWait=abc", "Mining:MaxWait")]
    [InlineData("--Mining:MaxWait=-00:00:01", "MaxWait")]
    [InlineData("--Mining:MaxWait=5", "hours:minutes:seconds")]
    [InlineData("--Mining:MinPending=0", "MinPending")]
    [InlineData("--Mining:Threads=0", "Threads")]
    [InlineData("--Limits:BodyBytes=1", "BodyBytes")]
    [InlineData("--Gates:RosterBuilds=0", "RosterBuilds")]
    [InlineData("--Node:PublicUrl=ftp://x", "Node:PublicUrl")]
    [InlineData("--Node:Peers:0=http://a/b", "Node:Peers")]
    [InlineData("--Node:PeerCertificates=/no/such/file", "Node:PeerCertificates")]
    [InlineData("--Network:Requests=0", "Requests")]
    [InlineData("--Network:LookInterval=00:00:11", "LookInterval")]
    [InlineData("--Network:LookAfterRegistration=00:10:01", "LookAfterRegistration")]
    [InlineData("--Node:Nothing=1", "--Node:Nothing")]
    [InlineData("--Serilog:MinimumLevel:Default=Loud", "Loud")]
    public async Task A_wrong_option_is_one_sentence_and_exit_code_2_and_nothing_is_made(string option, string named)
    {
        var folder = Directory.CreateTempSubdirectory("secuticket-options-");
        try
        {
            var data = Path.Combine(folder.FullName, "data");
            var (exitCode, output) = await NodeUnderTest.RefusedAsync(data, option);

            exitCode.Should().Be(2, "{0}", output);
            output.Should().Contain(named).And.NotContain("   at ").And.NotContain("\n");
            Directory.Exists(data).Should().BeFalse();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
