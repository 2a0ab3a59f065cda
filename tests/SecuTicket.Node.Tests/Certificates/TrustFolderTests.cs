using System.Security.Cryptography;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Node.Certificates;
using SecuTicket.Node.Tests.Storage;

namespace SecuTicket.Node.Tests.Certificates;

public sealed class TrustFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Issuer _root = Issuer.Root("Root");
    private readonly TestClock _clock = new();
    private readonly List<string> _warnings = [];

    [Fact]
    public void Certificates_and_lists_are_read_in_PEM_and_in_DER_and_several_in_one_file()
    {
        using var other = Issuer.Root("Other");
        using var third = Issuer.Root("Third");
        Write("a.pem", $"# two roots\n{_root.Pem}\n{other.Pem}");
        File.WriteAllBytes(_folder["b.CER"], third.Der);
        File.WriteAllBytes(_folder["c.crl"], _root.Revoke([]));
        Write("d.crl", PemEncoding.WriteString("X509 CRL", other.Revoke([])));
        Write("readme.txt", "not looked at");

        var anchors = Folder().Current();

        anchors.Roots.Select(root => root.Subject).Should().Equal("O=Test, CN=Root", "O=Test, CN=Other", "O=Test, CN=Third");
        anchors.ListsFor(_root.Certificate).Should().ContainSingle();
        anchors.ListsFor(other.Certificate).Should().ContainSingle();
        anchors.UnreadableLists.Should().BeEmpty();
        _warnings.Should().BeEmpty();
    }

    [Fact]
    public void A_missing_folder_trusts_nobody_and_one_that_appears_is_read_when_it_is_looked_at_again()
    {
        var folder = Folder("later");
        folder.Current().Roots.Should().BeEmpty();
        Directory.CreateDirectory(_folder["later"]);
        Write(Path.Combine("later", "root.pem"), _root.Pem);

        folder.Current().Roots.Should().BeEmpty("it was looked at this second");
        _clock.Advance(TrustFolder.LookEvery);
        var found = folder.Current();
        found.Roots.Should().ContainSingle();
        _clock.Advance(TrustFolder.LookEvery);
        folder.Current().Should().BeSameAs(found, "nothing changed, so nothing is read again");
        Directory.Delete(_folder["later"], recursive: true);
        _clock.Advance(-TimeSpan.FromDays(1));
        folder.Current().Roots.Should().BeEmpty("the clock was set back, and the folder is gone");
        _warnings.Should().BeEmpty();
    }

    [Fact]
    public void A_broken_file_is_named_once_and_the_others_count()
    {
        using var intermediate = _root.Authority("Intermediate");
        Write("a-empty.pem", "");
        Write("b-broken.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----");
        File.WriteAllBytes(_folder["c-cut.cer"], _root.Der[..40]);
        Write("d-intermediate.pem", intermediate.Pem);
        Write("e-broken.crl", "no list");
        File.WriteAllBytes(_folder["f-root.crl"], _root.Der);
        Write("g-root.pem", _root.Pem);
        using (var large = File.Create(_folder["h-large.crl"])) large.SetLength(TrustFolder.MaxFileBytes + 1);
        var folder = Folder();

        var anchors = folder.Current();
        _clock.Advance(TrustFolder.LookEvery);
        folder.Current();

        anchors.Roots.Should().ContainSingle();
        anchors.UnreadableLists.Should().Equal("e-broken.crl", "f-root.crl", "h-large.crl");
        _warnings.Should().HaveCount(7).And.OnlyHaveUniqueItems();
        foreach (var name in new[] { "a-empty.pem", "b-broken.crt", "c-cut.cer", "d-intermediate.pem", "e-broken.crl", "f-root.crl", "h-large.crl" })
            _warnings.Should().ContainSingle(warning => warning.Contains(_folder[name]));
    }

    [Fact]
    public void What_a_link_leads_to_counts_and_one_that_leads_nowhere_is_named()
    {
        using var other = Issuer.Root("Other");
        Directory.CreateDirectory(_folder["now"]);
        Write(Path.Combine("now", "root"), _root.Pem);
        File.CreateSymbolicLink(_folder["root.pem"], Path.Combine("now", "root"));
        File.CreateSymbolicLink(_folder["lost.crl"], "nowhere");
        var folder = Folder();
        folder.Current().Should().Match<TrustAnchors>(anchors => anchors.Roots.Single().Subject == "O=Test, CN=Root" && anchors.UnreadableLists.Single() == "lost.crl");
        _warnings.Should().ContainSingle().Which.Should().Contain("lost.crl");

        Write(Path.Combine("now", "root"), other.Pem);
        File.SetLastWriteTimeUtc(_folder[Path.Combine("now", "root")], _clock.Now.UtcDateTime);
        _clock.Advance(TrustFolder.LookEvery);

        folder.Current().Roots.Single().Subject.Should().Be("O=Test, CN=Other");
    }

    [Fact]
    public void No_more_files_and_bytes_are_read_than_the_limits()
    {
        for (var i = 0; i < TrustFolder.MaxFiles; i++) Write($"{i:D3}.pem", _root.Pem);
        Write("999.crl", "one too many");
        Folder().Current().Should().Match<TrustAnchors>(anchors => anchors.Roots.Count == TrustFolder.MaxFiles && anchors.UnreadableLists.Count == 1);
        _warnings.Should().ContainSingle().Which.Should().Contain("999.crl").And.Contain("256");

        foreach (var file in Directory.GetFiles(_folder.Path)) File.Delete(file);
        for (var i = 0; i < TrustFolder.MaxBytes / TrustFolder.MaxFileBytes; i++)
        {
            using var hollow = File.Create(_folder[$"{i}.crl"]);
            hollow.SetLength(TrustFolder.MaxFileBytes);
        }

        _warnings.Clear();
        Write("z.pem", _root.Pem);
        Folder().Current().Roots.Should().BeEmpty();
        _warnings.Last().Should().Contain("z.pem").And.Contain("more than 67108864 bytes");
    }

    public void Dispose()
    {
        _root.Dispose();
        _folder.Dispose();
    }

    private TrustFolder Folder(string name = "") => new(_folder[name], _clock, _warnings.Add);

    private void Write(string name, string text) => File.WriteAllText(_folder[name], text);
}
