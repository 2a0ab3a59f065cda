using System.Text.Json.Nodes;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Consensus.Stakes;
using SecuTicket.Core.Tests.Transactions;

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
