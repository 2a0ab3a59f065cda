using System.Text;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Tests.Custody;

public sealed class IdentityVaultTests : IDisposable
{
    private static readonly Address Holder = new([.. Enumerable.Repeat((byte)7, Address.Size)]);
    private static readonly JsonValue Ada = Json("""{"name":"Ada","born":"1815-12-10"}""");

    private readonly InMemoryCustodyStore _store = new();
    private readonly MasterKey _key = new(new byte[MasterKey.Size]);
    private readonly KeptAccounts _accounts;

    public IdentityVaultTests() => _accounts = new KeptAccounts(_store, _key, new KeptAccountsOptions { Identities = new IdentityLimits(2, 1_000) }, new Random(1).NextBytes);

    private IdentityVault Vault => _accounts.Identities;

    public void Dispose()
    {
        _accounts.Dispose();
        _key.Dispose();
    }

    [Fact] // S1.2
    public void What_is_put_is_found_and_its_commitment_opens_with_its_salt()
    {
        var opening = Vault.Put(Holder, Ada).Value;

        Vault.Find(Holder).Value.Should().Be(Ada);
        opening.Commitment.Should().Be(IdentityCommitment.Of(opening.Salt, CanonicalJson.Write(Ada)));
        _accounts.IsKept(Holder).Should().BeFalse("a vault is no account");
    }

    [Fact] // S1.8
    public void Every_put_has_a_salt_of_its_own_so_that_equal_identities_can_not_be_linked()
    {
        var first = Vault.Put(Holder, Ada).Value;
        var again = Vault.Put(Holder, Ada).Value;
        var other = Vault.Put(default, Ada).Value;

        new[] { first.Salt, again.Salt, other.Salt }.Should().OnlyHaveUniqueItems();
        new[] { first.Commitment, again.Commitment, other.Commitment }.Should().OnlyHaveUniqueItems();
    }

    [Fact] // S1.8
    public void After_erasing_nothing_is_known_and_erasing_again_finds_nothing()
    {
        var opening = Vault.Put(Holder, Ada).Value;

        Vault.Erase(Holder).Value.Should().Be(opening.Commitment);

        Vault.Find(Holder).Refusal!.Code.Should().Be("not_found");
        Vault.Erase(Holder).Refusal!.Code.Should().Be("not_found");
        _store.FindErasure(Holder).Should().BeNull();
    }

    [Fact] // S1.8
    public void An_erasure_that_was_cut_short_is_finished_by_asking_again()
    {
        var opening = Vault.Put(Holder, Ada).Value;
        _store.BeginErasure(Holder, opening.Commitment);

        Vault.Find(Holder).Refusal!.Code.Should().Be("not_found");
        Vault.Erase(Holder).Value.Should().Be(opening.Commitment);
        Vault.Erase(Holder).Refusal!.Code.Should().Be("not_found");
    }

    [Fact]
    public void A_profile_given_at_creation_is_the_accounts_identity()
    {
        var created = _accounts.Create(Ada).Value;

        Vault.Find(created.Address).Value.Should().Be(Ada);
        Vault.Erase(created.Address).IsAccepted.Should().BeTrue();
        _accounts.Create(Ada).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void An_identity_put_later_does_not_keep_others_from_the_same_and_frees_the_profile_it_replaces()
    {
        Vault.Put(Holder, Ada).IsAccepted.Should().BeTrue();

        var created = _accounts.Create(Ada).Value;
        _accounts.Create(Ada).Refusal!.Code.Should().Be("account_exists");
        Vault.Put(created.Address, Json("{}")).IsAccepted.Should().BeTrue();
        Vault.Erase(Holder);

        _accounts.Create(Ada).IsAccepted.Should().BeTrue();
        Vault.Find(created.Address).Value.Members.Should().BeEmpty();
    }

    [Fact]
    public void A_full_vault_says_so_and_keeps_what_it_has()
    {
        Vault.Put(Holder, Ada);
        _accounts.Create(Json("""{"name":"Bob"}""")).IsAccepted.Should().BeTrue();

        var refusal = Vault.Put(default, Ada).Refusal!;

        (refusal.Code, refusal.Kind).Should().Be(("vault_full", RefusalKind.Transient));
        _accounts.Create(Json("""{"name":"Eve"}""")).Refusal!.Code.Should().Be("vault_full");
        _accounts.Create(null).IsAccepted.Should().BeTrue("it needs no room in the vault");
        Vault.Put(Holder, Json($$"""{"name":"{{new string('a', 900)}}"}""")).IsAccepted.Should().BeTrue();
        Vault.Put(Holder, Json($$"""{"name":"{{new string('b', 960)}}"}""")).Refusal!.Code.Should().Be("vault_full");
        Vault.Find(Holder).Value.Find("name")!.Text.Should().StartWith("aaa");
    }

    [Fact]
    public void An_identity_is_an_object_of_16_KiB_at_the_most()
    {
        using var accounts = new KeptAccounts(new InMemoryCustodyStore(), _key);
        var room = IdentityCommitment.MaxIdentitySize - """{"a":""}""".Length;

        accounts.Identities.Put(Holder, Json($$"""{"a":"{{new string('x', room)}}"}""")).IsAccepted.Should().BeTrue();
        accounts.Identities.Put(Holder, Json($$"""{"a":"{{new string('x', room + 1)}}"}""")).Refusal!.Code.Should().Be("too_large");
        accounts.Identities.Put(Holder, Json("[]")).Refusal!.Code.Should().Be("invalid_field");
    }

    [Fact]
    public void A_record_moved_to_another_address_does_not_open()
    {
        Vault.Put(Holder, Ada);
        _store.PutIdentity(default, _store.FindIdentity(Holder)!, new IdentityLimits(9, 9_999));

        Vault.Invoking(vault => vault.Find(default)).Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Damaged);
    }

    private static JsonValue Json(string text) => CanonicalJson.Parse(Encoding.UTF8.GetBytes(text)).Value;
}
