using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>A node's key and what it says of itself, the same in every run.</summary>
internal sealed class TestPeer
{
    public static readonly TransactionVerifier Verifier = new(new P256Verifier(64));

    private readonly Person _person;

    public TestPeer(string name)
    {
        _person = new Person(name);
        var spec = TestChain.SpecOf();
        Identity = new PeerIdentity(spec.ChainId, spec.Genesis.Hash, _person.Sign(Hash256.Zero).Key, null, null, new PeerTip(0, 0, spec.Genesis.Hash), "SecuTicket 0.1.0");
    }

    public PeerIdentity Identity { get; set; }

    public Address Node => Identity.Node;

    public Signature Sign(Hash256 digest) => _person.Sign(digest).Value;

    public PeerHello Hello(string challenge) => new(Identity, AddressOf("http://called.example:5000"), Challenge(challenge));

    public static Hash256 Challenge(string name) => Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(name));

    public static PeerAddress AddressOf(string text) => PeerAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);
}
