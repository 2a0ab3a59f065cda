using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>A peer book, its clock and its seed, and names for what tests need.</summary>
public sealed class PeerBookScenario
{
    public const long Second = 1_000;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;
    public const long Day = 24 * Hour;

    public PeerBookScenario(PeerBookSettings? settings = null, int seed = 1)
    {
        Settings = settings ?? new PeerBookSettings();
        Random = new Random(seed);
        Book = new PeerBook(Settings, Random.NextDouble);
    }

    public PeerBookSettings Settings { get; }

    public Random Random { get; }

    public PeerBook Book { get; private set; }

    public long Now { get; set; } = 1_800_000_000_000;

    public static PeerAddress At(string text) => PeerAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);

    /// <summary>A public address: block 1.0 to 223.255, and a number in it.</summary>
    public static PeerAddress At(int block, int number) => At($"http://{1 + (block / 256)}.{block % 256}.{number / 256}.{number % 256}:5000");

    public static Address NodeId(int number)
    {
        var bytes = new byte[Address.Size];
        BitConverter.TryWriteBytes(bytes, number);
        return new Address(bytes);
    }

    public PeerRecord this[PeerAddress address] => Book.Find(address)!;

    /// <summary>Learnt and proven.</summary>
    public PeerAddress Prove(PeerAddress address, int node, PeerAddress? source = null)
    {
        Book.Learn([address], source ?? At(60_000, 1), Now);
        Succeed(address, node).IsInBook.Should().BeTrue();
        return address;
    }

    public PeerSuccess Succeed(PeerAddress address, int node, string? block = null) =>
        Book.Succeeded(address, NodeId(node), block ?? (address.Literal is { } literal ? AddressBlock.Of(literal).Text : "198.18.0.0/16"), Now);

    public IReadOnlyList<PeerAddress> Choose(params PeerAddress[] connected) => Book.Choose(Now, connected);

    /// <summary>A new book out of what the old one says was to be kept.</summary>
    public void Restart(IReadOnlyCollection<PeerRecord>? kept = null, PeerBookSettings? settings = null) => Book = new PeerBook(settings ?? Settings, Random.NextDouble, kept ?? [.. Book.Records]);
}
