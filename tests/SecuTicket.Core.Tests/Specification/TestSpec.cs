using System.Text.Json.Nodes;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Transactions;

namespace SecuTicket.Core.Tests.Specification;

/// <summary>Chains for tests.</summary>
internal static class TestSpec
{
    /// <summary>Genesis time of them all, unix seconds.</summary>
    public const long GenesisSeconds = 1_800_000_000;

    /// <summary>Who may bring coins in.</summary>
    public static readonly Person Bank = "the bank";

    public static ChainSpec Of(int difficulty = 0, long reward = 0, int limit = 1_000, Person[]? sealers = null, int retargetInterval = 0, long targetBlockTime = 1_000, int maxTransactions = 10_000, int maxSize = 2 << 20)
    {
        var json = new JsonObject
        {
            ["chain_id"] = "test-chain",
            ["engine"] = "proof-of-work",
            ["genesis_time"] = GenesisSeconds * 1_000,
            ["currency"] = "EUR",
            ["reward"] = reward,
            ["exchange_authorities"] = new JsonArray(Bank.ToString()),
            ["proof_of_work"] = new JsonObject { ["difficulty"] = difficulty, ["retarget_interval"] = retargetInterval, ["target_block_time"] = targetBlockTime },
            ["reorganisation_limit"] = limit,
            ["max_block_transactions"] = maxTransactions,
            ["max_block_size"] = maxSize,
        };
        if (sealers is not null) json["sealers"] = new JsonArray([.. sealers.Select(sealer => JsonValue.Create(sealer.ToString()))]);
        return ChainSpec.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString())).Value;
    }
}
