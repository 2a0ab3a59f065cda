using SecuTicket.Core.Primitives;

namespace SecuTicket.Benchmarks.World;

/// <summary>One thing that grows while all else stays.</summary>
/// <param name="Of">What, in the plural.</param>
/// <param name="Largest">How many there are in the largest world.</param>
/// <param name="Make">Makes a world with so many of them in a folder.</param>
internal sealed record GrowthDimension(string Of, int Largest, Func<string, int, GrowthSubject> Make)
{
    /// <summary>Tickets that can be bought in each world: what all purchases of a run take.</summary>
    public const int ForSale = 400;

    private const int Fans = 100;
    private const int Tickets = 500;
    private const int Sold = Tickets - ForSale;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<GrowthDimension> All { get; } =
    [
        new("tickets", 1_000_000, static (folder, size) => Subject(LargeWorld.Build(folder, size, size / 10, ForSale))),
        new("blocks", 1_000_000, static (folder, size) => Subject(Small(folder, new WorldSize(Fans, Tickets, Sold, Difficulty: 4, EmptyBlocks: size)), [.. Enumerable.Range(0, Sold)])),
        new("accounts", 1_000_000, static (folder, size) => Subject(LargeWorld.Build(folder, 1_000, size, ForSale))),
        new("changes of one ticket", 1_000_000, static (folder, size) => Subject(Small(folder, new WorldSize(Fans, Tickets, Sold) { Transfers = size }), [0])),
        new("events", 100_000, static (folder, size) =>
        {
            var world = Small(folder, new WorldSize(Fans, Tickets, Sold));
            ManyEvents.AddTo(world, size);
            return Subject(world, [.. Enumerable.Range(0, Sold)]);
        }),
    ];

    private static TicketWorld Small(string folder, WorldSize size) => TicketWorld.Build(folder, size);

    private static GrowthSubject Subject(LargeWorld large) => new(
        large.Small,
        large.EventId,
        [.. large.Tickets.Take(large.Tickets.Length - ForSale).Select((ticket, i) => (ticket, large.OwnerOf(i)))],
        large.Small.Tickets,
        large.Owners,
        [.. large.Small.Fans.Select(static fan => fan.Address)],
        large.Tickets[^ForSale..]);

    // The ones that are looked at are those that something grew around.
    private static GrowthSubject Subject(TicketWorld world, int[] tickets)
    {
        (TicketId, Address)[] held = [.. tickets.Select(ticket => (world.Tickets[ticket], world.OwnerOf(ticket).Address))];
        Address[] owners = [.. held.Select(static one => one.Item2)];
        return new(world, world.EventId, held, [.. held.Select(static one => one.Item1)], owners, owners, world.Tickets[Sold..]);
    }
}
