using System.Security.Cryptography;
using SecuTicket.Node.Custody;

namespace SecuTicket.Cli.Client;

/// <summary>What a client is given, and its limits.</summary>
public sealed record ClientOptions
{
    /// <summary>Longest an answer may take, beside the time that the node was asked to wait.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most bytes of an answer that are read when nobody says otherwise: 64 MiB, three times the roster of a hundred thousand tickets.</summary>
    public const int DefaultMaxAnswerSize = 64 * 1024 * 1024;

    /// <summary>Most bytes of an answer that are read.</summary>
    public int MaxAnswerSize { get; init; } = DefaultMaxAnswerSize;

    /// <summary>Tells the time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where nonces come from.</summary>
    public FillRandom FillRandom { get; init; } = RandomNumberGenerator.Fill;

    /// <summary>The network, for tests; the real one when null.</summary>
    public HttpMessageHandler? Network { get; init; }
}
