using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger;

/// <summary>What happened to an event's tickets so far, kept while applying so that asking costs nothing. Money in minor units.</summary>
public sealed record EventTally
{
    /// <summary>Nothing happened yet.</summary>
    public static EventTally Empty { get; } = new();

    /// <summary>Tickets issued.</summary>
    public int Issued { get; init; }

    /// <summary>Tickets that are out of the organiser's hands now: sold, listed or redeemed.</summary>
    public int Sold { get; init; }

    /// <summary>Sales by the organiser or an official seller, ever; from the first on, rules may only become kinder.</summary>
    public int Sales { get; init; }

    /// <summary>What buyers paid the organiser through the ledger for first sales.</summary>
    public long Revenue { get; init; }

    /// <summary>What official sellers reported as paid outside the ledger.</summary>
    public long OutsideRevenue { get; init; }

    /// <summary>What the organiser paid back.</summary>
    public long Refunds { get; init; }

    /// <summary>Completed resales.</summary>
    public int Resales { get; init; }

    /// <summary>What buyers paid in resales, commission included.</summary>
    public long ResaleVolume { get; init; }

    /// <summary>Sum over all resales of price less face price; negative when most sold at a loss.</summary>
    public long ResalePremium { get; init; }

    /// <summary>Commission taken of resales.</summary>
    public long Commission { get; init; }

    /// <summary>Tickets returned, ever.</summary>
    public int Returns { get; init; }

    /// <summary>Tickets redeemed.</summary>
    public int Redeemed { get; init; }

    /// <summary>Tickets revoked.</summary>
    public int Revoked { get; init; }

    // Sums over all time can pass what JSON keeps exact, though no balance can; a statistic then stays at its end and stops no sale.
    internal static long Add(long sum, long amount) => Math.Clamp(sum + amount, -Operation.MaxAmount, Operation.MaxAmount);
}
