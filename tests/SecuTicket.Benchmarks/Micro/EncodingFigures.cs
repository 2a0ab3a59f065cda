using BenchmarkDotNet.Attributes;
using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Benchmarks.Micro;

/// <summary>Reading and writing what is signed: one purchase.</summary>
[MemoryDiagnoser]
public class EncodingFigures
{
    private byte[] _body = [];
    private byte[] _canonical = [];
    private byte[] _stored = [];
    private JsonValue _json = JsonValue.Null;

    [GlobalSetup]
    public void Prepare()
    {
        using var buyer = new Signer();
        var purchase = buyer.Sign("secuticket-bench", PurchaseTicket.TypeName, 1_813_000_000, new("max_price", JsonValue.Of(5000)), new("ticket_id", JsonValue.Of(new string('a', 32))));
        _body = Signer.BodyOf(purchase);
        _canonical = purchase.Payload.Canonical.ToArray();
        _stored = purchase.Encode();
        _json = CanonicalJson.Parse(_canonical).Value;
    }

    [Benchmark]
    public Verdict<JsonValue> ParseBody() => CanonicalJson.Parse(_body);

    [Benchmark]
    public Verdict<JsonValue> ParseCanonical() => CanonicalJson.ParseCanonical(_canonical);

    [Benchmark]
    public byte[] WriteCanonical() => CanonicalJson.Write(_json);

    [Benchmark]
    public Verdict<Payload> ReadPayload() => Payload.From(_json);

    [Benchmark]
    public Verdict<Transaction> DecodeStored() => Transaction.Decode(_stored);
}
