using System.Security.Cryptography;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Forging;

namespace SecuTicket.Benchmarks.World;

/// <summary>A chain of proof of stake: its specification, and the keys of its validators in files.</summary>
internal sealed class StakeWorld : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secuticket-stakes-").FullName;
    private readonly Signer _exchange = new();

    /// <param name="validators">How many validators there are.</param>
    /// <param name="slotTime">Milliseconds of a slot.</param>
    public StakeWorld(int validators, int slotTime)
    {
        Keys = [.. Enumerable.Range(0, validators).Select(WriteKey)];
        GenesisTime = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var json = CanonicalJson.Write(JsonValue.Object(
        [
            new("chain_id", JsonValue.Of("secuticket-stakes")),
            new("currency", JsonValue.Of("EUR")),
            new("engine", JsonValue.Of(ChainSpec.ProofOfStakeEngine)),
            new("exchange_authorities", JsonValue.Array([JsonValue.Of(_exchange.Address.ToString())])),
            new("genesis_time", JsonValue.Of(GenesisTime)),
            new("reward", JsonValue.Of(1)),
            new("stake", JsonValue.Object([new("slot_time", JsonValue.Of(slotTime)), new("validators", JsonValue.Array(Keys.Select(Entry)))])),
        ]));
        SpecFile = Path.Combine(_folder, "chain.json");
        File.WriteAllBytes(SpecFile, json);
        Spec = ChainSpec.Parse(json).Value;
    }

    public ChainSpec Spec { get; }

    public string SpecFile { get; }

    public long GenesisTime { get; }

    /// <summary>The files of the validators' keys.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>A folder of its own for a node.</summary>
    public string FolderOf(int node) => Path.Combine(_folder, $"node {node}");

    /// <summary>Coins that come in, each a transaction of its own.</summary>
    public Transaction TopUp(int number) => _exchange.Sign(
        Spec.ChainId, Core.Transactions.TopUp.TypeName, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3_600,
        new("amount", JsonValue.Of(1)), new("recipient", JsonValue.Of($"0x{number:x40}")), new("reference", JsonValue.Of($"payment {number}")));

    public void Dispose()
    {
        _exchange.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string WriteKey(int number)
    {
        using var key = P256PrivateKey.Generate();
        var file = Path.Combine(_folder, $"validator {number}.pem");
        File.WriteAllText(file, PemEncoding.WriteString("PRIVATE KEY", key.ExportPkcs8()));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    private static JsonValue Entry(string file)
    {
        using var key = ForgingKey.Open(file);
        return JsonValue.Object(
        [
            new("address", JsonValue.Of(key.Self.Account.ToString())), new("amount", JsonValue.Of(1_000)), new("commitment", JsonValue.Of(key.Self.Onion(0).Commitment.ToString())),
        ]);
    }
}
