using System.Collections.Concurrent;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>Somebody in a test: the same name has the same key in every run.</summary>
internal sealed class Person
{
    private static readonly ConcurrentDictionary<string, Person> Known = new();

    private readonly P256PrivateKey _key;

    private Person(string name)
    {
        Name = name;
        _key = P256PrivateKey.FromScalar(Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(name)).Span);
        Span<byte> key = stackalloc byte[PublicKey.Size];
        _key.CopyPublicKey(key);
        Key = new PublicKey(key);
        Address = Address.Of(Key);
    }

    public string Name { get; }

    public PublicKey Key { get; }

    public Address Address { get; }

    public static implicit operator Person(string name) => Known.GetOrAdd(name, static name => new Person(name));

    public TransactionSignature Sign(in Hash256 digest)
    {
        Span<byte> signature = stackalloc byte[Signature.Size];
        _key.Sign(digest.Span, signature);
        return new TransactionSignature(SignatureScheme.P256, Key, new Signature(signature));
    }

    /// <summary>What looks like a signature, for tests in which nobody checks it.</summary>
    public TransactionSignature Scribble() => new(SignatureScheme.P256, Key, default);

    public override string ToString() => Address.ToString();
}
