using System.Text.Json.Nodes;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Transactions;

namespace SecuTicket.Core.Tests.Specification;

// S2.1: one fixed genesis for all nodes.
public class ChainSpecTests
{
    [Fact]
    public void The_development_chain_is_what_the_contract_says()
    {
        var spec = DevelopmentChain.Spec;

        (spec.ChainId, spec.Engine, spec.Currency, spec.Reward).Should().Be(("secuticket-dev", "proof-of-work", "EUR", 100));
        spec.Work.Difficulty.Should().Be(16);
        spec.Work.RetargetInterval.Should().Be(0);
        spec.Sealers.Should().BeNull();
        (spec.MaxFutureSeconds, spec.ReorganisationLimit).Should().Be((120, 1_000));
        Person authority = "secuticket-dev exchange authority";
        spec.ExchangeAuthorities.Should().Equal(authority.Address);
        using var key = P256PrivateKey.FromScalar(DevelopmentChain.ExchangeAuthorityScalar);
        var point = new byte[PublicKey.Size];
        key.CopyPublicKey(point);
        Address.Of(new PublicKey(point)).Should().Be(authority.Address);
    }

    [Fact]
    public void Genesis_commits_to_the_specification_and_holds_nothing()
    {
        var spec = DevelopmentChain.Spec;
        var genesis = spec.Genesis;

        genesis.Header.Should().Be(new BlockHeader(1, spec.ChainHash, 0, spec.Hash, MerkleTree.Root([]), default, 1_767_225_600_000, 0, default, 0));
        genesis.Transactions.Should().BeEmpty();
        genesis.Seal.Should().BeNull();
        spec.Genesis.Hash.Should().Be(genesis.Hash);
    }

    [Fact]
    public void The_order_and_spacing_of_the_file_do_not_matter_and_every_value_does()
    {
        var spec = Parse(Valid()).Value;
        var reversed = new JsonObject(Valid().Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));

        ChainSpec.Parse(System.Text.Encoding.UTF8.GetBytes("\n" + reversed.ToJsonString() + " ")).Value.Should().Be(spec);
        foreach (var (name, value) in new (string, JsonNode)[] { ("chain_id", "other"), ("genesis_time", 2), ("currency", "USD"), ("reward", 2), ("max_future_seconds", 60) })
        {
            var other = Valid();
            other[name] = value;
            Parse(other).Value.Genesis.Hash.Should().NotBe(spec.Genesis.Hash, "of {0}", name);
            Parse(other).Value.Should().NotBe(spec, "of {0}", name);
        }
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var spec = Parse(Valid()).Value;

        (spec.MaxFutureSeconds, spec.MaxBlockTransactions, spec.MaxBlockSize, spec.ReorganisationLimit).Should().Be((120, 10_000, 2 * 1024 * 1024, 1_000));
        spec.Work.Should().Be(new WorkSpec(16, 0, 0));
        spec.ExchangeAuthorities.Should().BeEmpty();
        spec.Sealers.Should().BeNull();
        spec.PasskeyOrigins.Should().BeNull();
    }

    [Fact]
    public void Pages_whose_passkeys_count_are_named_and_hashed()
    {
        var named = Valid();
        named["webauthn"] = JsonNode.Parse("{\"origins\":[\"https://tickets.example\",\"http://localhost:5000\"]}");
        var spec = Parse(named).Value;

        spec.PasskeyOrigins!.Value.Select(origin => origin.Text).Should().Equal("https://tickets.example", "http://localhost:5000");
        spec.Genesis.Hash.Should().NotBe(Parse(Valid()).Value.Genesis.Hash);
        named["webauthn"]!["origins"] = new JsonArray([.. Enumerable.Range(0, ChainSpec.MaxPasskeyOrigins).Select(i => JsonValue.Create($"https://page{i}.example"))]);
        Parse(named).Value.PasskeyOrigins!.Value.Should().HaveCount(100);
        named["webauthn"]!["origins"]!.AsArray().Add("https://one.more.example");
        Parse(named).Refusal!.Field.Should().Be("webauthn.origins");
    }

    [Theory]
    [InlineData("chain_id", "\"\"")]
    [InlineData("chain_id", "\"with space\"")]
    [InlineData("chain_id", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"")]
    [InlineData("engine", "\"proof-of-authority\"")]
    [InlineData("genesis_time", "-1")]
    [InlineData("currency", "\"eur\"")]
    [InlineData("currency", "\"EURO\"")]
    [InlineData("currency", "\"EU\"")]
    [InlineData("reward", "-1")]
    [InlineData("exchange_authorities", "[\"0x\"]")]
    [InlineData("sealers", "[]")]
    [InlineData("sealers", "[\"0x3f4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD\",\"0x3f4d672bcdf5a8ec4e93d073ecd782d9e8d6b3ad\"]")]
    [InlineData("proof_of_work", "{\"difficulty\":65}")]
    [InlineData("proof_of_work", "{\"difficulty\":-1}")]
    [InlineData("proof_of_work", "{\"difficulty\":1,\"target_block_time\":0}")]
    [InlineData("webauthn", "[]")]
    [InlineData("webauthn", "{\"origins\":[]}")]
    [InlineData("webauthn", "{\"origins\":[\"tickets.example\"]}")]
    [InlineData("webauthn", "{\"origins\":[\"https://tickets.example\",\"https://tickets.example/\"]}")]
    [InlineData("max_future_seconds", "0")]
    [InlineData("max_block_transactions", "1")]
    [InlineData("max_block_size", "131071")]
    [InlineData("reorganisation_limit", "0")]
    public void A_value_outside_its_bounds_is_named(string field, string json)
    {
        var spec = Valid();
        spec[field] = JsonNode.Parse(json);
        var refusal = Parse(spec).Refusal!;

        refusal.Code.Should().Be("invalid_field");
        refusal.Field.Should().StartWith(field);
    }

    [Fact]
    public void A_number_is_read_up_to_its_bounds_and_refused_beyond_them()
    {
        const long Exact = (1L << 53) - 1;
        foreach (var (path, least, most, read) in new (string, long, long, Func<ChainSpec, long>)[]
        {
            ("genesis_time", 0, Exact, static spec => spec.GenesisTime),
            ("reward", 0, Exact, static spec => spec.Reward),
            ("proof_of_work.difficulty", 0, 64, static spec => spec.Work.Difficulty),
            ("proof_of_work.retarget_interval", 0, 100_000, static spec => spec.Work.RetargetInterval),
            ("proof_of_work.target_block_time", 1, 86_400_000, static spec => spec.Work.TargetBlockTime),
            ("max_future_seconds", 1, 7_200, static spec => spec.MaxFutureSeconds),
            ("max_block_transactions", 2, 100_000, static spec => spec.MaxBlockTransactions),
            ("max_block_size", 131_072, 16_777_216, static spec => spec.MaxBlockSize),
            ("reorganisation_limit", 1, 100_000, static spec => spec.ReorganisationLimit),
        })
        {
            foreach (var value in (long[])[least, most]) read(Parse(With(path, value)).Value).Should().Be(value, "of {0}", path);
            Parse(With(path, least - 1)).Refusal!.Field.Should().Be(path);
            if (most == Exact) Parse(With(path, most + 1)).IsAccepted.Should().BeFalse("of {0}", path);
            else Parse(With(path, most + 1)).Refusal!.Field.Should().Be(path);
        }

        static JsonObject With(string path, long value)
        {
            var spec = Valid();
            if (!path.StartsWith("proof_of_work.", StringComparison.Ordinal)) spec[path] = value;
            else spec["proof_of_work"] = new JsonObject { ["difficulty"] = 1, [path["proof_of_work.".Length..]] = value };
            return spec;
        }
    }

    [Fact]
    public void Parameters_of_work_that_are_left_out_have_their_defaults()
    {
        var spec = Valid();
        spec["proof_of_work"] = new JsonObject { ["difficulty"] = 5 };

        Parse(spec).Value.Work.Should().Be(new WorkSpec(5, 0, 10_000));
    }

    [Fact]
    public void A_chain_id_has_up_to_sixty_four_printable_characters_and_no_space()
    {
        foreach (var id in new[] { "!", "~", new string('a', 64) }) Parse(Named(id)).Value.ChainId.Should().Be(id);
        foreach (var id in new[] { string.Empty, "a b", "a\u007f", "é", new string('a', 65) }) Parse(Named(id)).Refusal!.Field.Should().Be("chain_id");

        static JsonObject Named(string id)
        {
            var spec = Valid();
            spec["chain_id"] = id;
            return spec;
        }
    }

    [Fact]
    public void Up_to_a_hundred_authorities_and_a_thousand_sealers_are_named()
    {
        foreach (var (field, most, read) in new (string, int, Func<ChainSpec, IEnumerable<Address>>)[] { ("exchange_authorities", 100, static spec => spec.ExchangeAuthorities), ("sealers", 1_000, static spec => spec.Sealers!) })
        {
            var addresses = Enumerable.Range(0, most + 1).Select(static i => new Address([.. new byte[Address.Size - 2], (byte)(i >> 8), (byte)i])).ToArray();
            var spec = Valid();
            spec[field] = Array(addresses[..most]);
            read(Parse(spec).Value).Should().Equal(addresses[..most]);

            spec[field] = Array(addresses);
            Parse(spec).Refusal!.Field.Should().Be(field);
        }

        static JsonArray Array(Address[] addresses) => new([.. addresses.Select(static address => JsonValue.Create(address.ToString()))]);
    }

    [Fact]
    public void A_missing_or_unknown_field_is_named()
    {
        var missing = Valid();
        missing.Remove("reward");
        Parse(missing).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "missing_field" && refusal.Field == "reward");
        var unknown = Valid();
        unknown["rewards"] = 1;
        Parse(unknown).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "unknown_field" && refusal.Field == "rewards");
        Parse(new JsonObject()).Refusal!.Faults.Select(fault => fault.Field).Should().Equal("chain_id", "engine", "genesis_time", "currency", "reward");
        ChainSpec.Parse("[]"u8).Refusal!.Code.Should().Be("invalid_field");
        ChainSpec.Parse("{"u8).Refusal!.Code.Should().Be("malformed_json");
    }

    private static JsonObject Valid() => new() { ["chain_id"] = "c", ["engine"] = "proof-of-work", ["genesis_time"] = 1, ["currency"] = "EUR", ["reward"] = 1 };

    private static Verdict<ChainSpec> Parse(JsonObject json) => ChainSpec.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));
}
