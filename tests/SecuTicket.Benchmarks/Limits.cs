using SecuTicket.Benchmarks.Figures;

namespace SecuTicket.Benchmarks;

/// <summary>What bounds the figures, taken in the same run; each is measured when it is first asked for.</summary>
/// <remarks>Client, server, checks and storage share the cores, so costs add: no node can leave out what A and B are made of.</remarks>
internal sealed class Limits(Session session)
{
    /// <summary>SHA-256 compressions a second on one core.</summary>
    public double S => session.ValueOf(LimitSha256.FigureName);

    /// <summary>P-256 verifications a second on one core, with the platform's library and kept keys.</summary>
    public double V => session.ValueOf(LimitVerify.FigureName);

    /// <summary>Requests a second that a minimal Kestrel server answers, same bytes, same client, all cores.</summary>
    public double H(HttpExchange exchange) => session.Measure(new LimitHttp(exchange)).Median;

    /// <summary>Transactions a second on one core that the store alone writes, in batches as they were seen.</summary>
    public double D(StoreBatches batches) => session.Measure(new LimitStore(batches)).Median;

    /// <summary>Transactions a second on all cores without HTTP: a check and the store's writes of each.</summary>
    /// <param name="batches">As they come to the store.</param>
    /// <param name="v"><see cref="V"/> as it was in turns with the figure.</param>
    public double A(StoreBatches batches, double v) => Statistics.Together(Environment.ProcessorCount * v, Environment.ProcessorCount * D(batches));

    /// <summary>The same with a purchase's request over HTTP for each.</summary>
    public double B(StoreBatches batches, double v) => Statistics.Together(H(HttpExchange.Purchase), A(batches, v));
}

/// <summary>How transactions come to the store.</summary>
/// <param name="Name">What the limit's name ends with.</param>
/// <param name="Group">Admissions that become durable together; 0 when they come in blocks and never waited here.</param>
/// <param name="Block">Transactions of a block.</param>
/// <param name="BlocksAtOnce">Blocks that become durable together.</param>
internal sealed record StoreBatches(string Name, int Group, int Block, int BlocksAtOnce)
{
    /// <summary>One purchase a request from 64 connections: half of them in a group, as it comes.</summary>
    public static StoreBatches Requests { get; } = new(string.Empty, 32, 1_024, 1);

    /// <summary>Batches over HTTP.</summary>
    public static StoreBatches Batches { get; } = new("_batches", 1_000, 1_000, 1);

    /// <summary>Blocks of a chain that is fetched.</summary>
    public static StoreBatches Blocks { get; } = new("_blocks", 0, 2_000, 1);
}

/// <summary>A request and its answer, as many bytes as the node's.</summary>
/// <param name="Name">What the limit's name ends with.</param>
/// <param name="IsPurchase">Whether it is a purchase; a look at a ticket otherwise.</param>
internal sealed record HttpExchange(string Name, bool IsPurchase)
{
    /// <summary>One signed purchase.</summary>
    public static HttpExchange Purchase { get; } = new(string.Empty, true);

    /// <summary>A ticket that is looked up.</summary>
    public static HttpExchange Lookup { get; } = new("_get", false);
}
