using System.ComponentModel.DataAnnotations;

namespace SecuTicket.Api.Limits;

/// <summary>The limits of the HTTP edge: section <c>Limits</c> of the configuration.</summary>
public sealed class LimitOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Limits";

    /// <summary>Bytes of a body, whatever its framing. Default 65,536: the largest payload that can be signed.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int BodyBytes { get; set; } = 64 * 1024;

    /// <summary>Bytes of a batch of transactions. Default 4 MiB.</summary>
    [Range(1024, 256 * 1024 * 1024)]
    public int BatchBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Requests a second one remote address may send for ever. Default 200.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 200;

    /// <summary>Requests one remote address may send at once after a pause. Default 400.</summary>
    [Range(1, 1_000_000)]
    public int Burst { get; set; } = 400;

    /// <summary>Connections open at once, from all addresses; beyond, the address that has the most gives one up for an address that has fewer, and others are closed. Default 4,096.</summary>
    [Range(1, 1_000_000)]
    public int Connections { get; set; } = 4096;

    /// <summary>Seconds within which the headers of a request must be complete. Default 10.</summary>
    [Range(1, 3600)]
    public int HeaderSeconds { get; set; } = 10;

    /// <summary>Seconds an idle connection is kept. Default 120.</summary>
    [Range(1, 86_400)]
    public int KeepAliveSeconds { get; set; } = 120;

    /// <summary>Bytes a second a body must bring on average after five seconds. Default 1,024.</summary>
    [Range(1, 1_000_000)]
    public int MinBodyBytesPerSecond { get; set; } = 1024;

    /// <summary>Bytes a second of an answer that its reader must take on average after five seconds: what he is slow to take is memory. Default 16,384.</summary>
    [Range(1, 1_000_000)]
    public int MinAnswerBytesPerSecond { get; set; } = 16 * 1024;

    /// <summary>Bytes of all headers of a request. Default 16,384.</summary>
    [Range(1024, 1024 * 1024)]
    public int HeaderBytes { get; set; } = 16 * 1024;

    /// <summary>Interactive pages that are open at once: organisers work at few places, fans and gates need none. Default 256, of some hundred kilobytes each.</summary>
    [Range(1, 1_000_000)]
    public int InteractivePages { get; set; } = 256;

    /// <summary>A JSON body that must be there.</summary>
    public BodyRule Json => new(BodyBytes, BodyRule.JsonMediaType, IsOptional: false);

    /// <summary>A JSON body that may be left out.</summary>
    public BodyRule OptionalJson => new(BodyBytes, BodyRule.JsonMediaType, IsOptional: true);

    /// <summary>A batch that is one JSON object.</summary>
    public BodyRule JsonBatch => new(BatchBytes, BodyRule.JsonMediaType, IsOptional: false);

    /// <summary>A batch: one JSON object a line.</summary>
    public BodyRule Batch => new(BatchBytes, BodyRule.LinesMediaType, IsOptional: false);
}
