using SecuTicket.Api.Tests.Contract;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Certificates;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Storage;

namespace SecuTicket.Node.Tests.Certificates;

// S2.6, and docs/decisions/012-x509.md: who may replace what.
public sealed class OrganiserCertificatesTests : IDisposable
{
    private static readonly Address Account = new(Enumerable.Repeat((byte)0xab, Address.Size).ToArray());

    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();
    private readonly Issuer _root = Issuer.Root("Root");
    private readonly Issuer _hall;
    private SqliteDatabase _database;
    private OrganiserCertificates _certificates;

    public OrganiserCertificatesTests()
    {
        _hall = _root.Issue("Hall");
        File.WriteAllText(_folder["root.pem"], _root.Pem);
        (_database, _certificates) = Open();
    }

    [Fact]
    public void What_was_put_is_there_after_a_restart_and_what_was_removed_is_not()
    {
        _certificates.StandingOf(Account).Should().Be(CertificateStanding.None);
        Put(_hall, confirmed: true).IsAccepted.Should().BeTrue();
        Restart();
        _certificates.StandingOf(Account).Should().Match<CertificateStanding>(found => found.Status == CertificateStatus.Verified && found.Name == "Hall" && found.Confirmed);

        _certificates.Remove(Account).Should().BeTrue();
        _certificates.Remove(Account).Should().BeFalse();
        _certificates.StandingOf(Account).Should().Be(CertificateStanding.None);
        Restart();
        _certificates.StandingOf(Account).Should().Be(CertificateStanding.None);
    }

    [Fact]
    public void A_certificate_for_another_key_or_another_account_changes_nothing()
    {
        using var other = _root.Issue("Other");
        Put(_hall, confirmed: false).IsAccepted.Should().BeTrue();

        _certificates.Put(Account, ChainJudgeTests.Bundle(other.Pem), _hall.Sign($"{Account}"), confirmed: true).Refusal!.Code.Should().Be("signature_invalid");
        _certificates.Put(default, ChainJudgeTests.Bundle(_hall.Pem), _hall.Sign($"{Account}"), confirmed: true).Refusal!.Code.Should().Be("signature_invalid");

        _certificates.StandingOf(Account).Name.Should().Be("Hall");
        _certificates.StandingOf(default).Should().Be(CertificateStanding.None);
    }

    [Fact]
    public void What_the_account_confirmed_only_the_account_replaces()
    {
        using var other = _root.Issue("Other");
        Put(_hall, confirmed: false).IsAccepted.Should().BeTrue();
        Put(other, confirmed: false).IsAccepted.Should().BeTrue("nobody vouched for the first");
        _certificates.StandingOf(Account).Should().Match<CertificateStanding>(found => found.Name == "Other" && !found.Confirmed);

        Put(_hall, confirmed: true).IsAccepted.Should().BeTrue();
        Put(other, confirmed: false).Refusal!.Code.Should().Be("certificate_confirmed");
        Restart();
        Put(other, confirmed: false).Refusal!.Code.Should().Be("certificate_confirmed");
        _certificates.StandingOf(Account).Name.Should().Be("Hall");
        Put(other, confirmed: true).IsAccepted.Should().BeTrue();
        _certificates.StandingOf(Account).Name.Should().Be("Other");
    }

    [Fact]
    public void Time_and_a_changed_folder_change_what_a_certificate_is_worth()
    {
        Put(_hall, confirmed: false).IsAccepted.Should().BeTrue();
        var first = _certificates.StandingOf(Account);
        _certificates.StandingOf(Account).Should().BeSameAs(first, "it is looked up, not judged again");

        File.WriteAllBytes(_folder["root.crl"], _root.Revoke([_hall]));
        _clock.Advance(TrustFolder.LookEvery);
        _certificates.StandingOf(Account).Status.Should().Be(CertificateStatus.Revoked);
        File.Delete(_folder["root.crl"]);
        File.Delete(_folder["root.pem"]);
        _clock.Advance(TrustFolder.LookEvery);
        _certificates.StandingOf(Account).Status.Should().Be(CertificateStatus.Untrusted);
        File.WriteAllText(_folder["root.pem"], _root.Pem);
        _clock.Advance(TimeSpan.FromDays(365));
        _certificates.StandingOf(Account).Status.Should().Be(CertificateStatus.Verified, "it ends a year from now, and the year is a leap year");
        _clock.Advance(TimeSpan.FromDays(2));
        _certificates.StandingOf(Account).Status.Should().Be(CertificateStatus.Expired);
        _clock.Advance(-TimeSpan.FromDays(2));
        _certificates.StandingOf(Account).Status.Should().Be(CertificateStatus.Verified, "a clock may be set back");
    }

    [Fact]
    public void A_disk_that_fails_leaves_everything_as_it_was()
    {
        Put(_hall, confirmed: false).IsAccepted.Should().BeTrue();
        using var other = _root.Issue("Other");
        using (var locked = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder["ledger.db"]};Pooling=False"))
        {
            locked.Open();
            using var command = locked.CreateCommand();
            command.CommandText = "DROP TABLE organiser_certificate";
            command.ExecuteNonQuery();
        }

        ((Action)(() => Put(other, confirmed: true))).Should().Throw<StorageException>();
        ((Action)(() => _certificates.Remove(Account))).Should().Throw<StorageException>();
        _certificates.StandingOf(Account).Name.Should().Be("Hall");
    }

    [Theory]
    [InlineData(false, OrganiserCertificates.MaxUnconfirmed)]
    [InlineData(true, OrganiserCertificates.MaxConfirmed)]
    public void Strangers_names_displace_one_another_but_neither_a_verified_one_nor_one_of_the_other_kind(bool confirmed, int most)
    {
        using var stranger = Issuer.Root("Stranger");
        Put(stranger, !confirmed, Numbered(9_003)).IsAccepted.Should().BeTrue();
        Fill(most - 2, stranger.Pem, confirmed ? 1 : 0);
        Restart();
        Put(_hall, confirmed).IsAccepted.Should().BeTrue();
        Put(_hall, !confirmed, Numbered(9_000)).IsAccepted.Should().BeTrue();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Put(stranger, confirmed, Numbered(9_001)).IsAccepted.Should().BeTrue();
        _certificates.StandingOf(Numbered(0)).Name.Should().Be("Stranger", "there was room");

        Put(stranger, confirmed, Numbered(9_002)).IsAccepted.Should().BeTrue();
        Put(stranger, confirmed, Numbered(9_002)).IsAccepted.Should().BeTrue("it replaces itself");

        _certificates.StandingOf(Numbered(0)).Should().Be(CertificateStanding.None);
        _certificates.StandingOf(Numbered(1)).Name.Should().Be("Stranger");
        _certificates.StandingOf(Account).Status.Should().Be(CertificateStatus.Verified);
        _certificates.StandingOf(Numbered(9_000)).Status.Should().Be(CertificateStatus.Verified);
        _certificates.StandingOf(Numbered(9_003)).Name.Should().Be("Stranger", "it is of the other kind");
        Restart();
        _certificates.StandingOf(Numbered(0)).Should().Be(CertificateStanding.None);
    }

    [Theory]
    [InlineData(false, OrganiserCertificates.MaxUnconfirmed)]
    [InlineData(true, OrganiserCertificates.MaxConfirmed)]
    public void No_more_are_kept_than_the_limit(bool confirmed, int most)
    {
        Fill(most, _hall.Pem, confirmed ? 1 : 0);
        Restart();

        Put(_hall, confirmed).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "certificates_full" && refusal.Kind == RefusalKind.Transient);
        Put(_hall, !confirmed).IsAccepted.Should().BeTrue("it is of the other kind");
        Put(_hall, confirmed, Numbered(most - 1)).IsAccepted.Should().BeTrue("it replaces one");
    }

    public void Dispose()
    {
        _database.Dispose();
        _hall.Dispose();
        _root.Dispose();
        _folder.Dispose();
    }

    private static Address Numbered(int number)
    {
        var bytes = new byte[Address.Size];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, number + 1);
        return new Address(bytes);
    }

    private Verdict Put(Issuer leaf, bool confirmed, Address? account = null) =>
        _certificates.Put(account ?? Account, ChainJudgeTests.Bundle(leaf.Pem), leaf.Sign($"{account ?? Account}"), confirmed);

    // As Put would, thousands of times.
    private void Fill(int count, string pem, int confirmed) => _database.Write((connection, transaction) =>
    {
        using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "INSERT INTO organiser_certificate VALUES ($address, $chain, x'00', $confirmed, $at)";
        insert.Parameters.AddWithValue("$chain", System.Text.Encoding.ASCII.GetBytes(pem));
        insert.Parameters.AddWithValue("$confirmed", confirmed);
        var (address, at) = (insert.Parameters.AddWithValue("$address", DBNull.Value), insert.Parameters.AddWithValue("$at", 0));
        for (var i = 0; i < count; i++)
        {
            (address.Value, at.Value) = (Numbered(i).Span.ToArray(), _clock.Now.ToUnixTimeMilliseconds() - count + i);
            insert.ExecuteNonQuery();
        }
    });

    private void Restart()
    {
        _database.Dispose();
        (_database, _certificates) = Open();
    }

    private (SqliteDatabase Database, OrganiserCertificates Certificates) Open()
    {
        var database = SqliteDatabase.Open(_folder["ledger.db"]);
        return (database, new OrganiserCertificates(database, new TrustFolder(_folder.Path, _clock, _ => { }), _clock, requireLists: false));
    }
}
