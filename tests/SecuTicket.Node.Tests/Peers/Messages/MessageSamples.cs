using System.Text;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Tests.Peers.Messages;

/// <summary>Messages of every kind, the same for a seed in every run; their content is of form only.</summary>
internal sealed class MessageSamples(int seed)
{
    private static readonly Transaction[] Records = [.. Enumerable.Range(0, 8).Select(Record)];

    private readonly Random _random = new(seed);

    public static Transaction Record(int number)
    {
        var payload = Payload.From(JsonValue.Object(
        [
            new("chain_id", JsonValue.Of("test-chain")),
            new("data", JsonValue.Object([])),
            new("nonce", JsonValue.Of($"nonce-{number:D10}")),
            new("sender", JsonValue.Of(TestChain.Alice.ToString())),
            new("type", JsonValue.Of("record")),
            new("valid_until", JsonValue.Of(1_900_000_000)),
        ])).Value;
        return new Transaction(payload, [new TransactionSignature(SignatureScheme.P256, default, default)]);
    }

    public static PeerAddress AddressOf(string text) => PeerAddress.TryParse(text, out var address) ? address : throw new FormatException(text);

    public PeerRequest Request(string kind) => kind switch
    {
        PeerKinds.Hello => new PeerRequest.Hello(new PeerHello(Identity(), Address(), Hash())),
        PeerKinds.Proof => new PeerRequest.Prove(new PeerProof(Hash(), new Signature(Bytes(Signature.Size)))),
        PeerKinds.Tip => new PeerRequest.GetTip(),
        PeerKinds.Addresses => new PeerRequest.GetAddresses(),
        PeerKinds.Headers => new PeerRequest.GetHeaders(Several(1, 10, Hash), _random.Next(1, PeerLimits.Headers + 1)),
        PeerKinds.Blocks => new PeerRequest.GetBlocks(Several(1, 10, Hash)),
        PeerKinds.CompactBlock => new PeerRequest.GetCompactBlock(Hash()),
        PeerKinds.BlockTransactions => new PeerRequest.GetBlockTransactions(Hash(), Places(1)),
        PeerKinds.AnnounceTip => AnnounceTip(Block()),
        PeerKinds.AnnounceBlock => Announce(CompactBlock.Of(Block())),
        PeerKinds.AnnounceTransactions => new PeerRequest.AnnounceTransactions(Several(1, 10, Hash)),
        PeerKinds.Transactions => new PeerRequest.SendTransactions(Several(0, 4, Transaction)),
        _ => throw new ArgumentException(kind),
    };

    public PeerAnswer Answer(string kind) => kind switch
    {
        PeerKinds.Hello => new PeerAnswer.Welcome(new PeerWelcome(Identity(), Hash(), new Signature(Bytes(Signature.Size)))),
        PeerKinds.Proof => new PeerAnswer.Session(new SessionToken(Number())),
        PeerKinds.Tip => _random.Next(2) == 0 ? new PeerAnswer.Tip(Tip()) : TipOf(Block()),
        PeerKinds.Addresses => new PeerAnswer.Addresses(Several(0, 5, Address)),
        PeerKinds.Headers => new PeerAnswer.Headers(Several(0, 4, () => Block().SealedHeader)),
        PeerKinds.Blocks => new PeerAnswer.Blocks(Several(0, 4, Block)),
        PeerKinds.CompactBlock => new PeerAnswer.Compact(CompactBlock.Of(Block())),
        PeerKinds.BlockTransactions => new PeerAnswer.Transactions(Several(0, 4, Transaction)),
        PeerKinds.AnnounceTip => new PeerAnswer.Wanted(_random.Next(2) == 0 ? [] : [0]),
        PeerKinds.AnnounceTransactions => new PeerAnswer.Wanted(Places(0)),
        PeerKinds.AnnounceBlock or PeerKinds.Transactions => new PeerAnswer.Noted(),
        _ => throw new ArgumentException(kind),
    };

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private static PeerRequest.AnnounceTip AnnounceTip(Block block) => new(new PeerTip(block.Header.Index, 1 + (UInt128)block.Header.Index, block.Hash), block.SealedHeader);

    private static PeerRequest.AnnounceBlock Announce(CompactBlock block) => new(new PeerTip(block.Header.Header.Index, 1 + (UInt128)block.Header.Header.Index, block.Hash), block);

    private EquatableArray<T> Several<T>(int minimum, int maximum, Func<T> make) => [.. Enumerable.Range(0, _random.Next(minimum, maximum + 1)).Select(_ => make())];

    private EquatableArray<int> Places(int minimum)
    {
        var limit = _random.Next(1, PeerLimits.Leaves);
        return [.. Enumerable.Range(0, _random.Next(minimum, 30)).Select(_ => _random.Next(limit)).Distinct().Order()];
    }

    private Hash256 Hash() => new(Bytes(Hash256.Size));

    private UInt128 Number() => new((ulong)_random.NextInt64(long.MinValue, long.MaxValue), (ulong)_random.NextInt64(long.MinValue, long.MaxValue));

    private PeerTip Tip() => new(_random.NextInt64(CanonicalJson.MaxInteger + 1), Number(), Hash());

    private PeerAnswer.Tip TipOf(Block block) => new(new PeerTip(block.Header.Index, Number(), block.Hash), block.SealedHeader);

    private PeerAddress Address() => AddressOf(_random.Next(3) switch
    {
        0 => $"https://node-{_random.Next(1_000)}.example",
        1 => $"10.0.{_random.Next(256)}.{_random.Next(256)}:{_random.Next(1, 65_536)}",
        _ => $"http://[2001:db8::{_random.Next(1, 65_536):x}]:8080",
    });

    private PeerIdentity Identity()
    {
        var address = _random.Next(2) == 0 ? Address() : null;
        int? port = address is null && _random.Next(2) == 0 ? _random.Next(1, 65_536) : null;
        return new PeerIdentity($"chain-{_random.Next(1_000)}", Hash(), new PublicKey(Bytes(PublicKey.Size)), address, port, Tip(), new StringBuilder("SecuTicket/").Append(_random.Next(10)).Append(" \"\\~").ToString());
    }

    private Transaction Transaction() => _random.Next(3) > 0 ? Records[_random.Next(Records.Length)] : new Transaction(Records[_random.Next(Records.Length)].Payload, [Passkey()]);

    private TransactionSignature Passkey() => new(
        SignatureScheme.Webauthn,
        new PublicKey(Bytes(PublicKey.Size)),
        new Signature(Bytes(Signature.Size)),
        new PasskeyAssertion([.. Bytes(_random.Next(PasskeyAssertion.MinAuthenticatorDataSize, PasskeyAssertion.MaxAuthenticatorDataSize + 1))], [.. Bytes(_random.Next(1, PasskeyAssertion.MaxClientDataSize + 1))]));

    private Block Block()
    {
        var header = new BlockHeader(
            BlockHeader.CurrentVersion, Hash(), _random.NextInt64(1_000_000), Hash(), Hash(), Hash256.Zero, _random.NextInt64(1L << 40), (uint)_random.Next(60), new Address(Bytes(Core.Primitives.Address.Size)), _random.NextInt64(1L << 40));
        Transaction[] reward = _random.Next(2) == 0 ? [new Transaction(Payload.OfReward("test-chain", header.Sealer, 100, header.Index), [])] : [];
        TransactionSignature? seal = _random.Next(2) == 0 ? new TransactionSignature(SignatureScheme.P256, new PublicKey(Bytes(PublicKey.Size)), new Signature(Bytes(Signature.Size))) : null;
        return new Block(header, [.. reward, .. Several(0, 3, Transaction)], seal);
    }
}
