using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecuTicket.Node.Certificates;
using static SecuTicket.Node.Tests.Certificates.Issuer;

namespace SecuTicket.Node.Tests.Certificates;

// S2.6: certificates bind a key to a name; issuer, validity, revocation.
public sealed class ChainJudgeTests : IClassFixture<ChainJudgeTests.World>
{
    private readonly World _world;

    public ChainJudgeTests(World world) => _world = world;

    public static TheoryData<string, CertificateStatus, string?> Cases => new()
    {
        { "valid", CertificateStatus.Verified, null },
        { "valid, PEM backwards", CertificateStatus.Verified, null },
        { "valid, root in the PEM too", CertificateStatus.Verified, null },
        { "valid, straight from the root", CertificateStatus.Verified, null },
        { "RSA", CertificateStatus.Verified, null },
        { "P-384", CertificateStatus.Verified, null },
        { "no key usage", CertificateStatus.Verified, null },
        { "expired", CertificateStatus.Expired, "was valid until" },
        { "not yet valid", CertificateStatus.Expired, "not valid before" },
        { "expired intermediate", CertificateStatus.Expired, "«Old intermediate»" },
        { "self-signed", CertificateStatus.Untrusted, "self-signed" },
        { "expired and self-signed", CertificateStatus.Untrusted, "self-signed" },
        { "unknown root", CertificateStatus.Untrusted, "«Stranger's root» is no trust anchor" },
        { "unknown root of the same name", CertificateStatus.Untrusted, null },
        { "missing intermediate", CertificateStatus.Untrusted, "«Intermediate» is missing" },
        { "issued by no authority", CertificateStatus.Untrusted, "rule of X.509" },
        { "issued by who may not issue", CertificateStatus.Untrusted, "rule of X.509" },
        { "not for signing", CertificateStatus.Untrusted, "not for signing" },
        { "signed with SHA-1", CertificateStatus.Untrusted, null },
        { "PSS with SHA-256", CertificateStatus.Verified, null },
        { "PSS with SHA-1", CertificateStatus.Untrusted, "signed with an algorithm that is not believed" },
        { "issued by a short RSA key", CertificateStatus.Untrusted, "The key of «Short intermediate» is too short" },
        { "revoked", CertificateStatus.Revoked, "«Intermediate» revoked" },
        { "revoked and expired", CertificateStatus.Revoked, "«Intermediate» revoked" },
        { "revoked intermediate", CertificateStatus.Revoked, "«Root» revoked the certificate of «Revoked intermediate»" },
        { "revoked by a stale list", CertificateStatus.Revoked, null },
        { "revoked by RSA", CertificateStatus.Revoked, null },
        { "revoked by RSA with PSS", CertificateStatus.Revoked, null },
        { "stale list", CertificateStatus.Unverified, "out of date" },
        { "list from the future", CertificateStatus.Unverified, "out of date" },
        { "list signed by someone else", CertificateStatus.Unverified, "not signed by it" },
        { "list by an issuer that may sign none", CertificateStatus.Unverified, "not signed by it" },
        { "stale list beside a good one", CertificateStatus.Verified, null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_chain_is_shown_as_what_it_is(string what, CertificateStatus status, string? detail)
    {
        var (chain, name) = _world.Chains[what];

        var standing = ChainJudge.Judge(Bundle(chain), _world.Anchors, Now, requireLists: false).Standing;

        standing.Status.Should().Be(status, "{0}", standing.Detail);
        standing.Name.Should().Be(name);
        if (status == CertificateStatus.Verified) standing.Detail.Should().BeNull();
        else standing.Detail.Should().Contain(detail ?? " ").And.EndWith(".");
    }

    [Fact]
    public void A_finding_has_name_issuer_end_and_serial()
    {
        using var leaf = _world.Root.Issue("Hall", new Terms(To: Now.AddDays(3)));

        ChainJudge.Judge(Bundle(leaf.Pem), _world.Anchors, Now, false).Standing
            .Should().Be(new CertificateStanding(CertificateStatus.Verified, "Hall", "Root", Now.AddDays(3), leaf.Certificate.SerialNumber, null, false));
    }

    [Fact]
    public void A_finding_holds_until_something_in_it_begins_or_ends_to_the_second()
    {
        using var root = Root("Timed root");
        using var leaf = root.Issue("Hall", new Terms(From: Now.AddHours(-1), To: Now.AddHours(1)));
        var list = RevocationList.Parse(root.Revoke([], Now.AddMinutes(-10), Now.AddMinutes(10)))!;
        var anchors = new TrustAnchors([root.Certificate], [list], []);

        var now = At(Now);
        (now.Standing.Status, now.From, now.Until).Should().Be((CertificateStatus.Verified, Now.AddMinutes(-10), Now.AddMinutes(10).AddSeconds(1)));
        At(now.Until.AddTicks(-1)).Standing.Status.Should().Be(CertificateStatus.Verified, "the last second is still good");
        var stale = At(now.Until);
        (stale.Standing.Status, stale.From, stale.Until).Should().Be((CertificateStatus.Unverified, now.Until, Now.AddHours(1).AddSeconds(1)));
        At(stale.Until.AddTicks(-1)).Standing.Status.Should().Be(CertificateStatus.Unverified);
        At(stale.Until).Standing.Status.Should().Be(CertificateStatus.Expired);
        At(Now.AddHours(-1)).Standing.Status.Should().Be(CertificateStatus.Unverified, "its first second, before the list");
        At(Now.AddHours(-1).AddTicks(-1)).Standing.Status.Should().Be(CertificateStatus.Expired);

        Judgement At(DateTimeOffset moment) => ChainJudge.Judge(Bundle(leaf.Pem), anchors, moment, false);
    }

    [Fact]
    public void An_issuer_without_a_list_is_believed_unless_lists_are_required_or_one_can_not_be_read()
    {
        using var root = Root("Silent root");
        using var leaf = root.Issue("Hall");

        Judge([], requireLists: false).Status.Should().Be(CertificateStatus.Verified);
        Judge([], requireLists: true).Should().Match<CertificateStanding>(found => found.Status == CertificateStatus.Unverified && found.Detail!.Contains("demands one"));
        Judge(["broken.crl"], requireLists: false).Should().Match<CertificateStanding>(found => found.Status == CertificateStatus.Unverified && found.Detail!.Contains("«broken.crl»"));

        CertificateStanding Judge(string[] unreadable, bool requireLists) => ChainJudge.Judge(Bundle(leaf.Pem), new TrustAnchors([root.Certificate], [], unreadable), Now, requireLists).Standing;
    }

    [Fact]
    public void Without_anchors_nothing_is_trusted() =>
        ChainJudge.Judge(Bundle(_world.Chains["valid"].Pem), TrustAnchors.None, Now, false).Standing.Status.Should().Be(CertificateStatus.Untrusted);

    [Fact]
    public void Nobody_is_asked_where_a_certificate_says_its_issuer_and_its_lists_can_be_had()
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        using var intermediate = _world.Root.Authority("Intermediate elsewhere");
        using var leaf = intermediate.Issue("Hall", new Terms { Elsewhere = $"http://{elsewhere.LocalEndpoint}/" });

        ChainJudge.Judge(Bundle(leaf.Pem), _world.Anchors, Now, requireLists: true).Standing.Status.Should().Be(CertificateStatus.Untrusted);
        ChainJudge.Judge(Bundle(leaf.Pem + intermediate.Pem), _world.Anchors, Now, requireLists: true).Standing.Status.Should().Be(CertificateStatus.Unverified);

        elsewhere.Pending().Should().BeFalse();
    }

    // A list of some certificates only, or of changes only, says so in a critical extension.
    [Fact]
    public void A_list_with_a_critical_extension_that_is_not_understood_decides_nothing()
    {
        using var root = Root("Partial root");
        using var leaf = root.Issue("Hall");
        var list = RevocationList.Parse(CriticalList.Of(root, leaf))!;
        list.Unknown.Should().Be("a critical extension 2.5.29.28");

        var standing = ChainJudge.Judge(Bundle(leaf.Pem), new TrustAnchors([root.Certificate], [list], []), Now, false).Standing;

        standing.Should().Match<CertificateStanding>(found => found.Status == CertificateStatus.Unverified && found.Detail!.Contains("2.5.29.28"));
    }

    [Fact]
    public void What_is_no_list_or_was_cut_or_extended_is_none()
    {
        var list = _world.Root.Revoke([_world.Root]);

        RevocationList.Parse(list).Should().NotBeNull();
        RevocationList.Parse(default).Should().BeNull();
        RevocationList.Parse(_world.Root.Der).Should().BeNull();
        RevocationList.Parse(new byte[] { 0x30, 0x00 }).Should().BeNull();
        RevocationList.Parse((byte[])[.. list, 0]).Should().BeNull();
        var otherOutside = list.ToArray();
        otherOutside[list.AsSpan().LastIndexOf<byte>([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]) + 7] = 0x03;
        RevocationList.Parse(otherOutside).Should().BeNull("the algorithm that is signed is another than the one beside the signature");
        for (var length = 0; length < list.Length; length += 7) RevocationList.Parse(list.AsMemory(0, length)).Should().BeNull();
    }

    internal static CertificateBundle Bundle(string pem) => CertificateBundle.Parse(pem).Value;

    /// <summary>An intermediate under a trusted root, its lists, and whatever can be wrong beside it.</summary>
    public sealed class World : IDisposable
    {
        private readonly List<Issuer> _made = [];
        private readonly List<byte[]> _lists = [];

        public World()
        {
            Root = Made(Issuer.Root("Root"));
            var intermediate = Made(Root.Authority("Intermediate"));
            var hall = Made(intermediate.Issue("Hall"));
            Chains["valid"] = (hall.Pem + intermediate.Pem, "Hall");
            Chains["valid, PEM backwards"] = (Root.Pem + intermediate.Pem + hall.Pem, "Hall");
            Chains["valid, root in the PEM too"] = (hall.Pem + intermediate.Pem + Root.Pem, "Hall");
            AddLeaves(intermediate);
            AddStrangers(intermediate, hall);
            AddRevoked(intermediate);
            AddListed();
            Anchors = new TrustAnchors(_made.Where(one => one.Certificate.Issuer == one.Certificate.Subject && one.Certificate.Subject.Contains("oot") && !_untrusted.Contains(one)).Select(one => one.Certificate), _lists.Select(list => RevocationList.Parse(list)!), []);
        }

        public Dictionary<string, (string Pem, string Name)> Chains { get; } = [];

        internal Issuer Root { get; }

        public TrustAnchors Anchors { get; }

        private readonly List<Issuer> _untrusted = [];

        public void Dispose()
        {
            foreach (var one in _made) one.Dispose();
        }

        private Issuer Made(Issuer issuer)
        {
            _made.Add(issuer);
            return issuer;
        }

        private void Add(string what, Issuer leaf, params Issuer[] above) => Chains[what] = (Made(leaf).Pem + string.Concat(above.Select(one => one.Pem)), leaf.Certificate.GetNameInfo(X509NameType.SimpleName, false));

        private void AddLeaves(Issuer intermediate)
        {
            Add("valid, straight from the root", Root.Issue("Hall"));
            Add("RSA", intermediate.Issue("Hall", new Terms(Key: RSA.Create(2048))), intermediate);
            Add("P-384", intermediate.Issue("Hall", new Terms(Key: ECDsa.Create(ECCurve.NamedCurves.nistP384))), intermediate);
            Add("no key usage", intermediate.Issue("Hall", new Terms(Usage: X509KeyUsageFlags.None)), intermediate);
            Add("not for signing", intermediate.Issue("Hall", new Terms(Usage: X509KeyUsageFlags.KeyAgreement)), intermediate);
            Add("expired", intermediate.Issue("Hall", new Terms(To: Now.AddSeconds(-1))), intermediate);
            Add("not yet valid", intermediate.Issue("Hall", new Terms(From: Now.AddSeconds(1))), intermediate);
            Add("signed with SHA-1", intermediate.Issue("Hall", new Terms { IsWeak = true }), intermediate);
            var shortKey = Made(Root.Authority("Short intermediate", new Terms(IsAuthority: true, Key: RSA.Create(1024))));
            Add("issued by a short RSA key", shortKey.Issue("Hall"), shortKey);
            var old = Made(Root.Authority("Old intermediate", new Terms(To: Now.AddDays(-1), IsAuthority: true)));
            Add("expired intermediate", old.Issue("Hall"), old);
        }

        private void AddStrangers(Issuer intermediate, Issuer hall)
        {
            Chains["missing intermediate"] = (hall.Pem, "Hall");
            Add("self-signed", Issuer.Root("Hall", new Terms()));
            Add("expired and self-signed", Issuer.Root("Hall", new Terms(To: Now.AddDays(-1))));
            var stranger = Made(Issuer.Root("Stranger's root"));
            var same = Made(Issuer.Root("Root"));
            _untrusted.AddRange([stranger, same]);
            Add("unknown root", stranger.Issue("Hall"), stranger);
            Add("unknown root of the same name", same.Issue("Hall"), same);
            Add("issued by no authority", hall.Issue("Other hall"), hall, intermediate);
            var mayNot = Made(Root.Authority("Intermediate that may not", new Terms(IsAuthority: true, Usage: X509KeyUsageFlags.CrlSign)));
            Add("issued by who may not issue", mayNot.Issue("Hall"), mayNot);
        }

        private void AddRevoked(Issuer intermediate)
        {
            var revoked = intermediate.Issue("Hall");
            var over = intermediate.Issue("Hall", new Terms(To: Now.AddDays(-1)));
            Add("revoked", revoked, intermediate);
            Add("revoked and expired", over, intermediate);
            _lists.Add(intermediate.Revoke([revoked, over]));
            var above = Made(Root.Authority("Revoked intermediate"));
            Add("revoked intermediate", above.Issue("Hall"), above);
            _lists.Add(Root.Revoke([above]));
        }

        // Roots of their own, each with the list that the case is about.
        private void AddListed()
        {
            Listed("revoked by a stale list", (root, leaf) => [root.Revoke([leaf], Now.AddDays(-9), Now.AddDays(-2))]);
            Listed("revoked by RSA", (root, leaf) => [root.Revoke([leaf])], new Terms(IsAuthority: true, Key: RSA.Create(2048)));
            Listed("revoked by RSA with PSS", (root, leaf) => [root.Revoke([leaf])], new Terms(IsAuthority: true, Key: RSA.Create(2048), Padding: RSASignaturePadding.Pss));
            Listed("PSS with SHA-256", (_, _) => [], new Terms(IsAuthority: true, Key: RSA.Create(2048), Padding: RSASignaturePadding.Pss));
            Listed("PSS with SHA-1", (_, _) => [], new Terms(IsAuthority: true, Key: RSA.Create(2048)), new Terms { IsWeak = true });
            Listed("stale list", (root, _) => [root.Revoke([], Now.AddDays(-9), Now.AddSeconds(-1))]);
            Listed("list from the future", (root, _) => [root.Revoke([], Now.AddSeconds(1), Now.AddDays(1))]);
            Listed("list signed by someone else", (root, leaf) => [root.Revoke([leaf], signedBy: leaf)]);
            Listed("list by an issuer that may sign none", (root, leaf) => [root.Revoke([leaf])], new Terms(IsAuthority: true, Usage: X509KeyUsageFlags.KeyCertSign));
            Listed("stale list beside a good one", (root, _) => [root.Revoke([], Now.AddDays(-9), Now.AddDays(-2)), root.Revoke([])]);
        }

        private void Listed(string what, Func<Issuer, Issuer, byte[][]> lists, Terms? terms = null, Terms? ofLeaf = null)
        {
            var root = Made(Issuer.Root($"Root of {what}", terms));
            var leaf = root.Issue("Hall", ofLeaf);
            Add(what, leaf);
            _lists.AddRange(lists(root, leaf));
        }
    }
}
