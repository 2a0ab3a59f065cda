using System.Security.Cryptography;
using System.Text.Json;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfStake;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Forging;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>A node of a chain of proof of stake that has the key of one of its validators; time passes, and blocks are made, when a test says so.</summary>
internal sealed class StakeStage : IDisposable
{
    public const int SlotTime = 2_000;

    // A key of which nobody knows what it signed before votes for nothing within an epoch of the first block that it sees.
    private const long FirstVote = 3;

    // Hours before the clock of the tests.
    private const long GenesisTime = 1_813_060_800_000;

    // A million hashes each: made once for a name.
    private static readonly Dictionary<string, Onion> Onions = [];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secuticket-stake-");

    /// <param name="forger">What the node's validator has at stake.</param>
    /// <param name="others">Further validators, whose nodes do not run.</param>
    /// <param name="hasKey">Whether the node has its validator's key.</param>
    /// <param name="change">Changes the parameters of stakes.</param>
    public StakeStage(long forger = 900, (string Name, long Amount)[]? others = null, bool hasKey = true, Action<Dictionary<string, object>>? change = null)
    {
        Forger = Wallet.Own(ForgerName);
        var stake = new Dictionary<string, object>
        {
            ["slot_time"] = SlotTime,
            ["epoch_length"] = 2,
            ["unbonding_blocks"] = 6,
            ["validators"] = new[] { (Name: ForgerName, Amount: forger) }.Concat(others ?? [])
                .Select(one => new { address = IdOf(one.Name), amount = one.Amount, commitment = CommitmentOf(one.Name) }).ToArray(),
        };
        change?.Invoke(stake);
        var spec = JsonSerializer.Serialize(new
        {
            chain_id = DevelopmentChain.ChainId,
            currency = "EUR",
            engine = "proof-of-stake",
            exchange_authorities = DevelopmentChain.Spec.ExchangeAuthorities.Select(account => account.ToString()),
            genesis_time = GenesisTime,
            reward = 0,
            stake,
        });
        Node = new NodeFactory(spec: spec, settings: hasKey ? [("Node:ForgingKeyFile", KeyFileOf(ForgerName))] : []);
    }

    public const string ForgerName = "forger";

    public NodeFactory Node { get; }

    public ApiClient Api => Node.Api;

    /// <summary>The account of the validator whose key the node has.</summary>
    public Wallet Forger { get; }

    /// <summary>The commitment that a validator of this name makes: that of its key's first hash chain.</summary>
    public string CommitmentOf(string name) => AskOnion(name, static onion => onion.Commitment.ToString());

    /// <summary>Goes to the next slot of the node's validator, and has it make a block there.</summary>
    public async Task<JsonElement> SealAsync()
    {
        var next = Node.Node.Forging!.NextSlotAt!.Value;
        Node.Clock.Advance(DateTimeOffset.FromUnixTimeMilliseconds(next) - Node.Clock.Now);
        return await Api.PostAsync("/mine", "{}", System.Net.HttpStatusCode.OK);
    }

    /// <summary>Makes blocks until one with <paramref name="index"/> is final: votes are transactions of the node itself, and each goes into the block after the one it is for.</summary>
    public async Task UntilFinalAsync(long index)
    {
        for (var i = 0; Node.Node.Snapshot.Final < index; i++)
        {
            i.Should().BeLessThan(20, "a validator with nearly all stake makes blocks final in a few");
            await SealAsync();
            if (Node.Node.Snapshot.Tip.Index > FirstVote) await WritesScenario.UntilAsync(() => Node.Node.Snapshot.Pending.InOrder.Any(entry => entry.Value.Transaction.Payload.Operation is Vote));
        }
    }

    /// <summary>A block after the tip, as a validator of this name would make it elsewhere.</summary>
    /// <param name="name">Who makes it.</param>
    /// <param name="slot">In which slot.</param>
    /// <param name="signer">Who signs it; by default the one who makes it.</param>
    public Block Forge(string name, long slot, string? signer = null)
    {
        using var key = ForgingKey.Open(KeyFileOf(name));
        using var signing = ForgingKey.Open(KeyFileOf(signer ?? name));
        var chain = Node.Node.Snapshot.Chain;
        var revealed = chain.Ledger.Stakes!.Validators.Find(key.Self.Account)?.Onion ?? default;
        var template = BlockTemplate.Next(chain, [], key.Self.Account, chain.Spec.StartOf(slot), AskOnion(name, onion => onion.Before(revealed)) ?? default);
        return new Block(template.Header, [], signing.Self.Sign(template.Header.Hash));
    }

    /// <summary>The next slots, with whose they are.</summary>
    public async Task<(long Slot, string Forger)[]> TurnsAsync() =>
        [.. (await Api.GetAsync("/validators/schedule?slots=200")).GetProperty("items").EnumerateArray().Select(turn => (turn.GetProperty("slot").GetInt64(), turn.GetProperty("forger").GetString()!))];

    /// <summary>Lets time pass until a slot begins.</summary>
    public void AdvanceTo(long slot) => Node.Clock.Advance(DateTimeOffset.FromUnixTimeMilliseconds(Node.Node.Spec.StartOf(slot)) - Node.Clock.Now);

    public void Dispose()
    {
        Node.Dispose();
        Forger.Dispose();
        _folder.Delete(recursive: true);
    }

    // An onion is for one thread.
    private T AskOnion<T>(string name, Func<Onion, T> ask)
    {
        lock (Onions)
        {
            if (!Onions.TryGetValue(name, out var onion))
            {
                using var key = ForgingKey.Open(KeyFileOf(name));
                Onions[name] = onion = key.Self.Onion(0);
            }

            return ask(onion);
        }
    }

    private static string IdOf(string name)
    {
        using var wallet = Wallet.Own(name);
        return wallet.Id;
    }

    private string KeyFileOf(string name)
    {
        var path = Path.Combine(_folder.FullName, $"{name}.pem");
        if (File.Exists(path)) return path;

        using var key = P256PrivateKey.FromScalar(Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(name)).Span);
        File.WriteAllText(path, PemEncoding.WriteString("PRIVATE KEY", key.ExportPkcs8()));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
