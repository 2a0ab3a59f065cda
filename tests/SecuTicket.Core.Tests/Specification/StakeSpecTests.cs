using System.Text.Json.Nodes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Consensus.Stakes;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Specification;

/// <summary>What a chain with stakes is agreed on.</summary>
public class StakeSpecTests
{
    private static readonly (Person, long)[] Two = [("anna", 100), ("bert", 50)];

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var spec = StakeChain.SpecWith((_, stake) => Remove(stake, "epoch_length", "unbonding_blocks"), Two);
        var stake = spec.Stake!;

        (stake.SlotTime, stake.Minimum, stake.EpochLength, stake.UnbondingBlocks, stake.SlashPercent, stake.ReporterPercent, stake.GenesisAmount).Should().Be((1_000, 1, 64, 1_000, 50, 10, 150));
        (spec.HeaderVersion, spec.MaxFuture, spec.Genesis.Header.Version).Should().Be((2, 500, 2));
        (TestSpec.Of().HeaderVersion, TestSpec.Of().MaxFuture, TestSpec.Of().Stake).Should().Be((1, 120_000, null));
    }

    [Fact]
    public void A_checkpoint_is_the_operators_and_changes_no_chain()
    {
        var hash = new string('a', 64);
        var spec = StakeChain.SpecWith((json, _) => json["checkpoint"] = new JsonObject { ["index"] = 7, ["hash"] = hash }, Two);

        spec.Checkpoint!.ToString().Should().Contain(hash).And.Contain("7");
        spec.Genesis.Hash.Should().Be(StakeChain.SpecOf(Two).Genesis.Hash);
        spec.Should().Be(StakeChain.SpecOf(Two));
    }

    [Theory]
    [InlineData("stake.slot_time", 99, "stake.slot_time")]
    [InlineData("stake.slot_time", 3_600_001, "stake.slot_time")]
    [InlineData("stake.epoch_length", 1, "stake.epoch_length")]
    [InlineData("stake.unbonding_blocks", 11, "stake.unbonding_blocks")]
    [InlineData("stake.slash_percent", 0, "stake.slash_percent")]
    [InlineData("stake.slash_percent", 101, "stake.slash_percent")]
    [InlineData("stake.reporter_percent", 51, "stake.reporter_percent")]
    [InlineData("stake.minimum", 51, "stake.validators")]
    [InlineData("stake.minimum", 0, "stake.minimum")]
    [InlineData("stake.unknown", 1, "stake.unknown")]
    [InlineData("stake.validators[1].amount", 0, "stake.validators[1].amount")]
    [InlineData("stake.validators[1].amount", 9_007_199_254_740_991, "stake.validators")]
    [InlineData("stake.validators[1].commitment", "00", "stake.validators[1].commitment")]
    [InlineData("stake.validators[1].unknown", 1, "stake.validators[1].unknown")]
    [InlineData("checkpoint", 1, "checkpoint")]
    [InlineData("engine", "proof-of-work", "stake")]
    [InlineData("engine", "proof-of-patience", "engine")]
    public void Fields_beyond_their_bounds_are_refused(string path, object value, string field) => Refused(field, json =>
    {
        var at = (JsonNode)json;
        var steps = path.Replace("[1]", ".1", StringComparison.Ordinal).Split('.');
        foreach (var step in steps[..^1]) at = step == "1" ? at[1]! : at[step]!;
        at[steps[^1]] = value is string text ? JsonValue.Create(text) : JsonValue.Create(Convert.ToInt64(value));
    });

    [Fact]
    public void A_number_is_read_up_to_its_bounds()
    {
        foreach (var (path, least, most, read) in new (string, long, long, Func<ChainSpec, long>)[]
        {
            ("slot_time", 100, 3_600_000, static spec => spec.Stake!.SlotTime),
            ("minimum", 1, 50, static spec => spec.Stake!.Minimum),
            ("epoch_length", 2, 100_000, static spec => spec.Stake!.EpochLength),
            ("unbonding_blocks", 300_000, 10_000_000, static spec => spec.Stake!.UnbondingBlocks),
            ("slash_percent", 1, 100, static spec => spec.Stake!.SlashPercent),
            ("reporter_percent", 0, 50, static spec => spec.Stake!.ReporterPercent),
        })
        {
            foreach (var value in (long[])[least, most]) read(With(path, value)).Should().Be(value, "of {0}", path);
        }

        Refused("stake.epoch_length", static json => (json["stake"]!["epoch_length"], json["stake"]!["unbonding_blocks"]) = (100_001, 10_000_000));
        Refused("stake.unbonding_blocks", static json => json["stake"]!["unbonding_blocks"] = 10_000_001);
        Refused("stake.reporter_percent", static json => json["stake"]!["reporter_percent"] = -1);
        Refused("checkpoint.index", static json => json["checkpoint"] = new JsonObject { ["index"] = 0, ["hash"] = new string('a', 64) });

        static ChainSpec With(string path, long value) => StakeChain.SpecWith(
            (_, stake) =>
            {
                (stake["epoch_length"], stake["unbonding_blocks"]) = (100_000, 300_000);
                stake[path] = value;
            },
            Two);
    }

    [Fact]
    public void With_long_slots_a_block_may_be_ahead_as_far_as_without_stakes()
    {
        static long MaxFuture(int slotTime) => StakeChain.SpecWith((_, stake) => stake["slot_time"] = slotTime, Two).MaxFuture;

        (MaxFuture(239_998), MaxFuture(240_000), MaxFuture(240_002)).Should().Be((119_999, 120_000, 120_000));
    }

    [Fact]
    public void Up_to_two_hundred_and_fifty_validators_have_all_the_money_there_can_be()
    {
        var many = Enumerable.Range(0, StakeSpec.MaxGenesisValidators).Select(static i => new JsonObject
        {
            ["address"] = new Address([.. new byte[Address.Size - 1], (byte)i]).ToString(),
            ["amount"] = i == 0 ? Operation.MaxAmount - 249 : 1,
            ["commitment"] = new string('a', 64),
        }).ToArray();
        var spec = StakeChain.SpecWith((_, stake) => stake["validators"] = new JsonArray([.. many.Select(static one => one.DeepClone())]), Two);

        (spec.Stake!.Validators.Count, spec.Stake.GenesisAmount).Should().Be((250, Operation.MaxAmount));
        Refused("stake.validators", json =>
        {
            json["stake"]!["validators"] = new JsonArray([.. many.Select(static one => one.DeepClone())]);
            json["stake"]!["validators"]![1]!["amount"] = 2;
        });
        Refused("stake.validators", json =>
        {
            many[0]["amount"] = 1;
            json["stake"]!["validators"] = new JsonArray([.. many, new JsonObject { ["address"] = ((Person)"anna").ToString(), ["amount"] = 1, ["commitment"] = new string('a', 64) }]);
        });
    }

    [Fact]
    public void Fields_that_contradict_are_refused()
    {
        Refused("stake", json => json.Remove("stake"), "missing or none");
        Refused("proof_of_work", json => json["proof_of_work"] = new JsonObject { ["difficulty"] = 1 });
        Refused("sealers", json => json["sealers"] = new JsonArray(((Person)"anna").ToString()));
        Refused("stake.validators", json => json["stake"]!["validators"] = new JsonArray());
        Refused("stake.validators", json => json["stake"]!["validators"]![1]!["address"] = ((Person)"anna").ToString());
        var work = JsonNode.Parse(TestSpec.Of().Canonical.Span)!.AsObject();
        work["checkpoint"] = new JsonObject { ["index"] = 1, ["hash"] = new string('a', 64) };
        ChainSpec.Parse(System.Text.Encoding.UTF8.GetBytes(work.ToJsonString())).Refusal!.Field.Should().Be("checkpoint");
    }

    private static void Refused(string field, Action<JsonObject> change, string because = "")
    {
        var json = JsonNode.Parse(StakeChain.SpecOf(Two).Canonical.Span)!.AsObject();
        change(json);
        var refusal = ChainSpec.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString())).Refusal;
        refusal.Should().NotBeNull(because);
        refusal!.Faults.Select(fault => fault.Field).Append(refusal.Field).Should().Contain(field, refusal.Detail);
    }

    private static void Remove(JsonObject json, params string[] names)
    {
        foreach (var name in names) json.Remove(name);
    }
}
