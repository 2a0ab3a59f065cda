using System.Globalization;
using System.Numerics;
using System.Text.Json;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Simulation;

/// <summary>Somebody with a key, the same in every run, who signs the same thing in the same way each time.</summary>
/// <remarks>
/// The platform draws a new secret for each signature, so no run could be repeated. Here that secret is 1 for all signatures: r is then the x of the
/// curve's generator and s = digest + r · d. Such signatures give the key away and are valid all the same; these keys protect nothing.
/// </remarks>
public sealed class Person
{
    private static readonly BigInteger Order = Number("0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    private static readonly byte[] GeneratorX = Convert.FromHexString("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
    private static readonly BigInteger R = new(GeneratorX, isUnsigned: true, isBigEndian: true);

    private readonly BigInteger _product;
    private long _wishes;

    /// <summary>Somebody by name.</summary>
    public Person(string name)
    {
        Name = name;
        var scalar = Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(name));
        using var key = P256PrivateKey.FromScalar(scalar.Span);
        Span<byte> point = stackalloc byte[PublicKey.Size];
        key.CopyPublicKey(point);
        Key = new PublicKey(point);
        Address = Address.Of(Key);
        _product = R * new BigInteger(scalar.Span, isUnsigned: true, isBigEndian: true) % Order;
    }

    /// <summary>What traces call them.</summary>
    public string Name { get; }

    /// <summary>The key.</summary>
    public PublicKey Key { get; }

    /// <summary>The account.</summary>
    public Address Address { get; }

    /// <summary>Signs a digest.</summary>
    public Signature SignDigest(Hash256 digest)
    {
        Span<byte> raw = stackalloc byte[Signature.Size];
        GeneratorX.CopyTo(raw);
        var s = ((new BigInteger(digest.Span, isUnsigned: true, isBigEndian: true) + _product) % Order).ToByteArray(isUnsigned: true, isBigEndian: true);
        s.CopyTo(raw[(Signature.Size - s.Length)..]);
        Span<byte> low = stackalloc byte[Signature.Size];
        return P256Signature.TryNormalise(raw, low) ? new Signature(low) : throw new InvalidOperationException("A digest in 2^256 can not be signed, and this is the one.");
    }

    /// <summary>Signs a transaction's id.</summary>
    public TransactionSignature Sign(Hash256 digest) => new(SignatureScheme.P256, Key, SignDigest(digest));

    /// <summary>A signed transaction.</summary>
    /// <param name="chainId">The chain it is meant for.</param>
    /// <param name="validUntil">Unix seconds after which no block may hold it.</param>
    /// <param name="type">The operation's type.</param>
    /// <param name="fields">The operation's fields.</param>
    public Transaction Wish(string chainId, long validUntil, string type, params ReadOnlySpan<(string Name, object Value)> fields)
    {
        var payload = new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["chain_id"] = chainId,
            ["nonce"] = $"{Name}-{++_wishes:D14}",
            ["sender"] = Address.ToString(),
            ["type"] = type,
            ["valid_until"] = validUntil,
        };
        foreach (var (name, value) in fields) payload.Add(name, value is Person person ? person.Address.ToString() : value is TicketId or EventId ? value.ToString()! : value);
        var read = Payload.From(CanonicalJson.Parse(JsonSerializer.SerializeToUtf8Bytes(payload)).Value).Value;
        return new Transaction(read, [Sign(read.Id)]);
    }

    private static BigInteger Number(string hex) => BigInteger.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
