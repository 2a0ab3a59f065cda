using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Tests.Storage;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>Issue 4, 5 and its case «a peer whose certificate name changed».</summary>
public sealed class PeerTrustTests : IDisposable
{
    private readonly Authority _ours = new("Ours");
    private readonly Authority _other = new("Other");

    [Fact]
    public async Task A_certificate_from_a_trusted_root_for_the_host_that_was_called_is_trusted()
    {
        await using var peer = Peer(_ours.Issue("peer.example"));
        using var calling = Trusting(_ours);

        (await calling.CallAsync(RawPeer.At($"https://peer.example:{peer.Port}"))).Value.Body.Length.Should().Be(3);
    }

    [Fact]
    public async Task An_ip_address_needs_a_certificate_for_it()
    {
        await using var peer = Peer(_ours.Issue("127.0.0.1"));
        await using var named = Peer(_ours.Issue("peer.example"));
        using var calling = Trusting(_ours);

        (await calling.CallAsync(RawPeer.At($"https://127.0.0.1:{peer.Port}"))).IsAccepted.Should().BeTrue();
        ShouldBeUntrusted(await calling.RefusedAsync(RawPeer.At($"https://127.0.0.1:{named.Port}")));
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused()
    {
        await using var peer = Peer(_ours.Issue("other.example"));
        using var calling = Trusting(_ours);

        ShouldBeUntrusted(await calling.RefusedAsync(RawPeer.At($"https://peer.example:{peer.Port}")));
        peer.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_certificate_from_another_root_is_refused()
    {
        await using var peer = Peer(_other.Issue("peer.example"));
        using var ours = Trusting(_ours);
        using var systems = new Calling();

        ShouldBeUntrusted(await ours.RefusedAsync(RawPeer.At($"https://peer.example:{peer.Port}")));
        ShouldBeUntrusted(await systems.RefusedAsync(RawPeer.At($"https://peer.example:{peer.Port}")));
        peer.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_certificate_that_is_over_or_not_for_servers_is_refused()
    {
        await using var over = Peer(_ours.Issue("peer.example", to: DateTimeOffset.UtcNow.AddDays(-1)));
        await using var client = Peer(_ours.Issue("peer.example", usage: "1.3.6.1.5.5.7.3.2"));
        using var calling = Trusting(_ours);

        ShouldBeUntrusted(await calling.RefusedAsync(RawPeer.At($"https://peer.example:{over.Port}")));
        ShouldBeUntrusted(await calling.RefusedAsync(RawPeer.At($"https://peer.example:{client.Port}")));
    }

    [Fact]
    public async Task Where_a_certificate_says_its_issuer_is_found_nobody_asks()
    {
        await using var elsewhere = RawPeer.Saying(RawPeer.Ok("abc"));
        await using var peer = Peer(_other.Issue("peer.example", elsewhere: $"http://127.0.0.1:{elsewhere.Port}/"));
        using var ours = Trusting(_ours);
        using var systems = new Calling();

        ShouldBeUntrusted(await ours.RefusedAsync(RawPeer.At($"https://peer.example:{peer.Port}")));
        ShouldBeUntrusted(await systems.RefusedAsync(RawPeer.At($"https://peer.example:{peer.Port}")));
        elsewhere.Connections.Should().Be(0);
    }

    [Fact]
    public async Task What_speaks_no_tls_is_unreachable_with_https()
    {
        await using var plain = new RawPeer(_ => Task.CompletedTask);
        using var calling = Trusting(_ours);

        var call = calling.RefusedAsync(RawPeer.At($"https://127.0.0.1:{plain.Port}"));
        await Calling.UntilAsync(() => plain.Connections == 1);
        plain.Stop();

        (await call).Code.Should().Be("unreachable");
    }

    [Fact]
    public async Task Http_2_is_offered_where_tls_negotiates_it()
    {
        await using var peer = new RawPeer(_ => Task.CompletedTask, Tls(_ours.Issue("peer.example"), SslApplicationProtocol.Http2, SslApplicationProtocol.Http11));
        using var calling = Trusting(_ours);
        using var stop = new CancellationTokenSource();

        var call = calling.CallAsync(RawPeer.At($"https://peer.example:{peer.Port}"), stop.Token);
        await Calling.UntilAsync(() => peer.Protocol == SslApplicationProtocol.Http2);
        await stop.CancelAsync();

        await call.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public void A_bundle_has_the_roots_that_the_operator_put_there()
    {
        using var folder = new TemporaryFolder();
        var file = folder["roots.pem"];
        File.WriteAllText(file, $"Our consortium\n{_ours.Pem}\n{_other.Pem}\n");

        PeerTrust.ReadRoots(file).Value.Select(root => root.Subject).Should().Equal("CN=Ours", "CN=Other");
    }

    [Fact]
    public void A_bundle_that_is_of_no_use_is_refused_with_the_reason()
    {
        using var folder = new TemporaryFolder();
        var file = folder["roots.pem"];

        RefusalOf(file).Should().Contain("can not be read");
        File.WriteAllText(file, "Our consortium");
        RefusalOf(file).Should().Contain("no certificate");
        File.WriteAllText(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        RefusalOf(file).Should().Contain("can not be read");
        File.WriteAllText(file, _ours.Pem + "\n" + _ours.Issue("peer.example").ExportCertificatePem());
        RefusalOf(file).Should().Contain("not every certificate in it is a root");
        File.WriteAllText(file, _ours.Pem + new string('\n', PeerTrust.MaxBundleBytes));
        RefusalOf(file).Should().Contain("at most 1048576");
    }

    public void Dispose()
    {
        _ours.Dispose();
        _other.Dispose();
    }

    private static string RefusalOf(string file)
    {
        var refusal = PeerTrust.ReadRoots(file).Refusal!;
        refusal.Code.Should().Be("invalid_trusted_roots");
        return refusal.Detail;
    }

    private static RawPeer Peer(X509Certificate2 certificate) => new(stream => RawPeer.WriteAsync(stream, RawPeer.Ok("abc")), Tls(certificate, SslApplicationProtocol.Http11));

    private static SslServerAuthenticationOptions Tls(X509Certificate2 certificate, params List<SslApplicationProtocol> protocols) =>
        new() { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true), ApplicationProtocols = protocols };

    private static Calling Trusting(Authority authority) => new(settings: Calling.Patient with { TrustedRoots = [authority.Root] });

    private static void ShouldBeUntrusted(Refusal refusal)
    {
        refusal.Code.Should().Be("unreachable");
        refusal.Kind.Should().Be(RefusalKind.Transient);
        refusal.Detail.Should().Contain("certificate").And.NotContain(".example").And.NotContain("Other");
    }

    /// <summary>A root and what it signs, in force now: TLS knows no clock but the machine's.</summary>
    private sealed class Authority : IDisposable
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public Authority(string name)
        {
            var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
            Root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(1));
        }

        public X509Certificate2 Root { get; }

        public string Pem => Root.ExportCertificatePem();

        public X509Certificate2 Issue(string host, DateTimeOffset? to = null, string usage = "1.3.6.1.5.5.7.3.1", string? elsewhere = null)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=Test", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
            else names.AddDnsName(host);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
            if (elsewhere is not null) request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([$"{elsewhere}ocsp"], [$"{elsewhere}issuer.cer"]));
            if (elsewhere is not null) request.CertificateExtensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([$"{elsewhere}list.crl"]));
            using var certificate = request.Create(Root, DateTimeOffset.UtcNow.AddMonths(-1), to ?? DateTimeOffset.UtcNow.AddMonths(1), RandomNumberGenerator.GetBytes(8));
            return certificate.CopyWithPrivateKey(key);
        }

        public void Dispose()
        {
            Root.Dispose();
            _key.Dispose();
        }
    }
}
