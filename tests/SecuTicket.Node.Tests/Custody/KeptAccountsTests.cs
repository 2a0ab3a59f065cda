using System.Security.Cryptography;
using System.Text;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Tests.Custody;

public sealed class KeptAccountsTests : IDisposable
{
    private static readonly Hash256 Digest = Hash256.Sha256("a transaction"u8);

    private readonly InMemoryCustodyStore _store = new();
    private readonly MasterKey _key = new(new byte[MasterKey.Size]);
    private readonly KeptAccounts _accounts;

    public KeptAccountsTests() => _accounts = new KeptAccounts(_store, _key, fillRandom: new Random(1).NextBytes);

    public void Dispose()
    {
        _accounts.Dispose();
        _key.Dispose();
    }

    [Fact] // S0.9
    public void A_new_account_has_an_address_and_a_secret_of_64_hex_digits()
    {
        var created = _accounts.Create(null).Value;

        created.Secret.Should().MatchRegex("^[0-9a-f]{64}$");
        _accounts.IsKept(created.Address).Should().BeTrue();
        _accounts.Count.Should().Be(1);
    }

    [Fact]
    public void A_key_that_is_held_open_signs_without_the_disk_and_after_the_cache_forgot_it()
    {
        using var accounts = new KeptAccounts(_store, _key, new KeptAccountsOptions { CacheCapacity = 1 }, new Random(2).NextBytes);
        var held = accounts.Create(null).Value.Address;
        using var key = accounts.Hold(held).Value;
        using (accounts.Hold(accounts.Create(null).Value.Address).Value)
        {
            // It takes the only place in the cache.
        }

        accounts.Dispose();

        Address.Of(key.PublicKey).Should().Be(held);
        new TransactionVerifier(new P256Verifier(4)).VerifyDigest(key.PublicKey, Digest, key.Sign(Digest)).Should().BeTrue();
        _accounts.Hold(TestChain.Alice.Address).Refusal!.Code.Should().Be("unknown_account");
    }

    [Fact]
    public void Two_accounts_share_nothing()
    {
        var first = _accounts.Create(null).Value;
        var second = _accounts.Create(null).Value;

        second.Address.Should().NotBe(first.Address);
        second.Secret.Should().NotBe(first.Secret);
    }

    [Fact]
    public void Without_a_source_passed_in_the_platforms_generator_is_used()
    {
        using var first = new KeptAccounts(new InMemoryCustodyStore(), _key);
        using var second = new KeptAccounts(new InMemoryCustodyStore(), _key);

        second.Create(null).Value.Should().NotBe(first.Create(null).Value);
    }

    [Fact]
    public void The_same_seed_makes_the_same_accounts()
    {
        using var again = new KeptAccounts(new InMemoryCustodyStore(), _key, fillRandom: new Random(1).NextBytes);

        again.Create(Profile("""{"name":"Ada"}""")).Value.Should().Be(_accounts.Create(Profile("""{"name":"Ada"}""")).Value);
    }

    [Fact]
    public void A_secret_is_not_printed_by_accident()
    {
        var created = _accounts.Create(null).Value;

        created.ToString().Should().Be(created.Address.ToString());
        $"{created}".Should().NotContain(created.Secret);
    }

    [Fact] // S0.7
    public void A_tag_made_with_the_secret_is_accepted()
    {
        var created = _accounts.Create(null).Value;

        _accounts.VerifyHmac(created.Address, "payload"u8, Tag(created, "payload")).IsAccepted.Should().BeTrue();
    }

    [Fact] // S0.7
    public void A_wrong_tag_is_refused()
    {
        var created = _accounts.Create(null).Value;
        var other = _accounts.Create(null).Value;
        var flipped = Tag(created, "payload");
        flipped[31] ^= 1;

        foreach (var tag in new[] { flipped, Tag(created, "another payload"), Tag(other, "payload"), [], new byte[32], [.. Tag(created, "payload"), 0] })
        {
            var refusal = _accounts.VerifyHmac(created.Address, "payload"u8, tag).Refusal!;
            refusal.Code.Should().Be("signature_invalid");
            refusal.Kind.Should().Be(RefusalKind.Invalid);
            refusal.Field.Should().Be("hmac");
        }
    }

    [Fact]
    public void A_right_tag_is_answered_with_the_accounts_signature_and_a_wrong_one_as_ever()
    {
        var created = _accounts.Create(null).Value;
        var other = _accounts.Create(null).Value;

        var signed = _accounts.Countersign(created.Address, "payload"u8, Tag(created, "payload"), Digest).Value;

        Address.Of(signed.PublicKey).Should().Be(created.Address);
        Verifies(signed).Should().BeTrue();
        foreach (var tag in new[] { Tag(other, "payload"), Tag(created, "another payload"), [], new byte[32] })
            _accounts.Countersign(created.Address, "payload"u8, tag, Digest).Refusal.Should().Be(_accounts.VerifyHmac(created.Address, "payload"u8, tag).Refusal);
    }

    [Fact]
    public void An_account_not_kept_here_is_unknown_to_every_question()
    {
        _accounts.Countersign(default, "payload"u8, new byte[32], Digest).Refusal!.Code.Should().Be("unknown_account");
        _accounts.VerifyHmac(default, "payload"u8, new byte[32]).Refusal!.Code.Should().Be("unknown_account");
        _accounts.Sign(default, Digest).Refusal!.Code.Should().Be("unknown_account");
        _accounts.IsKept(default).Should().BeFalse();
    }

    [Fact]
    public void A_signature_is_the_accounts_own_and_has_a_low_s()
    {
        var created = _accounts.Create(null).Value;

        for (var i = 0; i < 16; i++)
        {
            var signed = _accounts.Sign(created.Address, Digest).Value;
            Address.Of(signed.PublicKey).Should().Be(created.Address);
            signed.Signature.IsLowS.Should().BeTrue();
            Verifies(signed).Should().BeTrue();
        }
    }

    [Fact]
    public void How_digests_are_signed_can_be_passed_in()
    {
        using var accounts = new KeptAccounts(_store, _key, sign: (_, digest, signature) => digest.CopyTo(signature));
        var created = accounts.Create(null).Value;

        accounts.Sign(created.Address, Digest).Value.Signature.Span[..32].ToArray().Should().Equal(Digest.Span.ToArray());
    }

    [Fact]
    public void Accounts_outlive_the_process()
    {
        var created = _accounts.Create(null).Value;

        using var restarted = new KeptAccounts(_store, _key);

        restarted.VerifyHmac(created.Address, "payload"u8, Tag(created, "payload")).IsAccepted.Should().BeTrue();
        Address.Of(restarted.Sign(created.Address, Digest).Value.PublicKey).Should().Be(created.Address);
    }

    [Fact] // S0.9
    public void A_second_account_with_the_same_profile_is_refused_whatever_its_order_and_spacing()
    {
        _accounts.Create(Profile("""{"name":"Ada","born":"1990-01-01"}""")).IsAccepted.Should().BeTrue();

        var refusal = _accounts.Create(Profile("""{ "born" : "1990-01-01", "name" : "Ada" }""")).Refusal!;

        refusal.Code.Should().Be("account_exists");
        refusal.Field.Should().Be("profile");
        _accounts.Count.Should().Be(1);
    }

    [Fact]
    public void Accounts_with_other_profiles_none_or_an_empty_one_do_not_collide()
    {
        foreach (var profile in new[] { """{"name":"Ada"}""", """{"name":"ada"}""", "{}", "{}", null, null })
        {
            _accounts.Create(profile is null ? null : Profile(profile)).IsAccepted.Should().BeTrue();
        }

        _accounts.Count.Should().Be(6);
    }

    [Fact] // S0.9
    public void Of_many_with_one_profile_at_once_one_gets_an_account()
    {
        using var accounts = new KeptAccounts(_store, _key);
        var codes = new string[64];

        Parallel.For(0, codes.Length, i => codes[i] = accounts.Create(Profile("""{"name":"Ada"}""")).Refusal?.Code ?? "created");

        codes.Count(code => code == "created").Should().Be(1);
        codes.Count(code => code == "account_exists").Should().Be(63);
    }

    [Fact] // S0.9
    public void One_who_was_overtaken_by_the_same_profile_is_refused()
    {
        var profile = Profile("""{"name":"Ada"}""");
        var random = new Random(2);
        var overtaken = false;
        using var accounts = new KeptAccounts(_store, _key, fillRandom: span =>
        {
            random.NextBytes(span);
            if (overtaken || _store.KeyCheck is null) return;

            overtaken = true;
            _accounts.Create(profile).IsAccepted.Should().BeTrue();
        });

        accounts.Create(profile).Refusal!.Code.Should().Be("account_exists");

        overtaken.Should().BeTrue();
        accounts.Count.Should().Be(1);
    }

    [Fact]
    public void A_profile_of_16_KiB_is_kept_and_one_byte_more_is_refused()
    {
        var frame = """{"name":""}""".Length;
        var fits = $$"""{"name":"{{new string('a', IdentityCommitment.MaxIdentitySize - frame)}}"}""";
        var larger = $$"""{"name":"{{new string('a', IdentityCommitment.MaxIdentitySize - frame + 1)}}"}""";

        var created = _accounts.Create(Profile(fits)).Value;
        var refusal = _accounts.Create(Profile(larger)).Refusal!;

        _accounts.Identities.Find(created.Address).Value.ToString().Should().Be(fits);
        refusal.Code.Should().Be("invalid_field");
        refusal.Field.Should().Be("profile");
        refusal.Detail.Should().Contain("16385").And.Contain("16384");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"Ada\"")]
    [InlineData("null")]
    [InlineData("1")]
    public void A_profile_is_an_object(string json)
    {
        _accounts.Create(Profile(json)).Refusal!.Code.Should().Be("invalid_field");
        _accounts.Count.Should().Be(0);
    }

    [Fact]
    public void A_profile_as_deep_as_can_be_shown_is_kept_and_no_deeper_one()
    {
        var nested = JsonValue.Of(1);
        for (var depth = 0; depth < IdentityCommitment.MaxDepth; depth++) nested = JsonValue.Object([new JsonMember("a", nested)]);

        var created = _accounts.Create(nested).Value;

        _accounts.Identities.Find(created.Address).Value.Should().Be(nested);
        _accounts.Create(JsonValue.Object([new JsonMember("a", nested)])).Refusal!.Code.Should().Be("invalid_field");
    }

    [Fact] // S1.8
    public void An_erased_profile_is_gone_and_the_account_goes_on()
    {
        var created = _accounts.Create(Profile("""{"name":"Ada"}""")).Value;
        _accounts.Identities.Find(created.Address).Value.Find("name")!.Text.Should().Be("Ada");

        _accounts.Identities.Erase(created.Address).IsAccepted.Should().BeTrue();

        _accounts.Identities.Find(created.Address).Refusal!.Code.Should().Be("not_found");
        _accounts.Identities.Erase(created.Address).Refusal!.Code.Should().Be("not_found");
        _accounts.VerifyHmac(created.Address, "payload"u8, Tag(created, "payload")).IsAccepted.Should().BeTrue();
        _accounts.Create(Profile("""{"name":"Ada"}""")).IsAccepted.Should().BeTrue("the fingerprint is erased too");
    }

    [Fact]
    public void The_fingerprint_can_not_be_tried_out_without_the_key()
    {
        var created = _accounts.Create(Profile("""{"name":"Ada"}""")).Value;

        _store.FindIdentity(created.Address)!.Fingerprint.Should().NotEqual(SHA256.HashData("""{"name":"Ada"}"""u8));
        using var otherKey = new MasterKey(Enumerable.Repeat((byte)1, MasterKey.Size).ToArray());
        var otherStore = new InMemoryCustodyStore();
        using var other = new KeptAccounts(otherStore, otherKey);
        var elsewhere = other.Create(Profile("""{"name":"Ada"}""")).Value;
        otherStore.FindIdentity(elsewhere.Address)!.Fingerprint.Should().NotEqual(_store.FindIdentity(created.Address)!.Fingerprint);
    }

    [Fact]
    public void Another_key_file_is_noticed_at_start()
    {
        _accounts.Create(null);
        using var otherKey = new MasterKey(Enumerable.Repeat((byte)1, MasterKey.Size).ToArray());

        var open = () => new KeptAccounts(_store, otherKey);

        open.Should().Throw<KeyFileException>().WithMessage("*not the one the 1 kept accounts*--Node:KeyFile=*");
    }

    [Fact]
    public void Another_key_file_is_fine_while_nothing_was_sealed_with_the_first()
    {
        using var otherKey = new MasterKey(Enumerable.Repeat((byte)1, MasterKey.Size).ToArray());

        using (var accounts = new KeptAccounts(_store, otherKey)) accounts.Create(null);
        using var again = new KeptAccounts(_store, otherKey);

        again.Count.Should().Be(1);
    }

    [Fact]
    public void A_record_moved_to_another_account_is_a_damaged_disk_not_that_accounts_secret()
    {
        var victim = _accounts.Create(null).Value;
        var thief = _accounts.Create(null).Value;
        var store = new InMemoryCustodyStore();
        store.SetKeyCheck(_store.KeyCheck!);
        store.Add(_store.Find(thief.Address)! with { Address = victim.Address }, null, default);
        using var accounts = new KeptAccounts(store, _key);

        var verify = () => accounts.VerifyHmac(victim.Address, "payload"u8, Tag(thief, "payload"));

        verify.Should().Throw<StorageException>().WithMessage($"*{victim.Address}*changed on disk*").Which.Fault.Should().Be(StorageFault.Damaged);
    }

    [Fact]
    public void The_node_has_one_account_of_its_own_for_ever()
    {
        _accounts.FindByLabel(KeptAccounts.NodeLabel).Should().BeNull();

        var first = _accounts.NodeAccount();
        using var restarted = new KeptAccounts(_store, _key);

        restarted.NodeAccount().Should().Be(first);
        restarted.FindByLabel("node").Should().Be(first);
        restarted.Count.Should().Be(1);
        Verifies(restarted.Sign(first, Digest).Value).Should().BeTrue();
    }

    [Fact]
    public void Of_many_who_ask_for_the_nodes_account_at_once_all_get_the_same()
    {
        using var accounts = new KeptAccounts(_store, _key);
        var found = new Address[32];

        Parallel.For(0, found.Length, i => found[i] = accounts.NodeAccount());

        found.Distinct().Should().ContainSingle();
        accounts.Count.Should().Be(1);
    }

    [Fact] // S4.6
    public void An_imported_key_signs_as_itself_and_importing_it_again_changes_nothing()
    {
        using var authority = P256PrivateKey.Generate();

        var address = _accounts.Import("exchange", authority).Value;

        _accounts.Import("exchange", authority).Value.Should().Be(address);
        _accounts.Count.Should().Be(1);
        _accounts.FindByLabel("exchange").Should().Be(address);
        Address.Of(_accounts.Sign(address, Digest).Value.PublicKey).Should().Be(address);
        Verifies(_accounts.Sign(address, Digest).Value).Should().BeTrue();
    }

    [Fact]
    public void A_label_or_a_key_that_is_taken_is_refused()
    {
        using var first = P256PrivateKey.Generate();
        using var second = P256PrivateKey.Generate();
        _accounts.Import("exchange", first);

        _accounts.Import("exchange", second).Refusal!.Code.Should().Be("account_exists");
        _accounts.Import("another", first).Refusal!.Code.Should().Be("account_exists");
        _accounts.Count.Should().Be(1);
    }

    [Fact]
    public void A_label_takes_1_to_32_characters()
    {
        using var key = P256PrivateKey.Generate();

        _accounts.Import(new string('a', KeptAccounts.MaxLabel), key).IsAccepted.Should().BeTrue();
        _accounts.Invoking(accounts => accounts.Import(new string('a', KeptAccounts.MaxLabel + 1), key)).Should().Throw<ArgumentException>();
        _accounts.Invoking(accounts => accounts.Import("", key)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void More_accounts_than_the_limit_are_refused_for_now()
    {
        using var accounts = new KeptAccounts(_store, _key, new KeptAccountsOptions { MaxAccounts = 2 });
        accounts.NodeAccount();
        accounts.Create(null).IsAccepted.Should().BeTrue();

        var refusal = accounts.Create(null).Refusal!;

        refusal.Code.Should().Be("accounts_full");
        refusal.Kind.Should().Be(RefusalKind.Transient);
        accounts.Count.Should().Be(2);
    }

    [Fact]
    public void A_random_source_that_gives_no_scalar_is_reported_and_not_asked_for_ever()
    {
        foreach (var value in new byte[] { 0x00, 0xff })
        {
            using var accounts = new KeptAccounts(new InMemoryCustodyStore(), _key, fillRandom: span => span.Fill(value));
            accounts.Invoking(broken => broken.Create(null)).Should().Throw<InvalidOperationException>().WithMessage("*random source is broken*");
        }
    }

    [Fact]
    public void A_random_source_that_repeats_itself_is_reported()
    {
        using var accounts = new KeptAccounts(_store, _key, fillRandom: span => span.Fill(0x42));
        accounts.Create(null);

        accounts.Invoking(broken => broken.Create(null)).Should().Throw<InvalidOperationException>().WithMessage("*same key twice*");
        accounts.Invoking(broken => broken.NodeAccount()).Should().Throw<InvalidOperationException>().WithMessage("*same key twice*");
    }

    [Fact]
    public void Many_threads_prove_and_sign_while_accounts_are_dropped_from_memory()
    {
        using var accounts = new KeptAccounts(_store, _key, new KeptAccountsOptions { CacheCapacity = 2 });
        var created = Enumerable.Range(0, 5).Select(_ => accounts.Create(null).Value).ToArray();

        Parallel.For(0, 500, i =>
        {
            var account = created[i % created.Length];
            accounts.VerifyHmac(account.Address, "payload"u8, Tag(account, "payload")).IsAccepted.Should().BeTrue();
            Verifies(accounts.Sign(account.Address, Digest).Value).Should().BeTrue();
        });
    }

    private static JsonValue Profile(string json) => CanonicalJson.Parse(Encoding.UTF8.GetBytes(json)).Value;

    private static byte[] Tag(KeptAccountCreated account, string payload) =>
        HMACSHA256.HashData(Convert.FromHexString(account.Secret), Encoding.UTF8.GetBytes(payload));

    private static bool Verifies(KeptSignature signed)
    {
        var point = signed.PublicKey.Span;
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point[..32].ToArray(), Y = point[32..].ToArray() },
        });
        return key.VerifyHash(Digest.Span, signed.Signature.Span);
    }
}
