using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Benchmarks.Micro;

/// <summary>Hashes, addresses, signatures.</summary>
[MemoryDiagnoser]
public class CryptographyFigures : IDisposable
{
    private const int Nonces = 1_000;

    private readonly byte[] _header = DevelopmentChain.Spec.Genesis.Header.Encode();
    private readonly byte[] _digest = new byte[32];
    private P256Verifier _keys = new(16);
    private TransactionVerifier? _verifier;
    private Transaction? _purchase;
    private PublicKey _key;
    private string _addressText = string.Empty;

    [GlobalSetup]
    public void Prepare()
    {
        using var buyer = new Signer();
        _purchase = buyer.Sign("secuticket-bench", PurchaseTicket.TypeName, 1_813_000_000, new("max_price", JsonValue.Of(5000)), new("ticket_id", JsonValue.Of(new string('a', 32))));
        _key = buyer.PublicKey;
        _addressText = buyer.Address.ToString();
        _keys = new P256Verifier(16);
        _verifier = new TransactionVerifier(_keys);
        _verifier.Verify(_purchase);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _keys.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public void Keccak256Of34Bytes() => Keccak256.Hash(_header.AsSpan(0, 34), _digest);

    [Benchmark]
    public Address AddressOfKey() => Address.Of(_key);

    [Benchmark]
    public bool ParseChecksummedAddress() => Address.TryParse(_addressText, out _);

    [Benchmark]
    public string WriteChecksummedAddress() => Address.Of(_key).ToString();

    [Benchmark]
    public Verdict<VerifiedTransaction> VerifyPurchaseWithKnownKey() => _verifier!.Verify(_purchase!);

    [Benchmark]
    public Verdict<VerifiedTransaction> VerifyPurchaseWithNewKey()
    {
        using var unseen = new P256Verifier(1);
        return new TransactionVerifier(unseen).Verify(_purchase!);
    }

    [Benchmark]
    public void Sha256Of34Bytes() => SHA256.HashData(_header.AsSpan(0, 34), _digest);

    [Benchmark(OperationsPerInvoke = Nonces)]
    public long? TryNonce() => ProofOfWork.Search(_header, ChainSpec.MaxDifficulty, 0, Nonces);
}
