using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Specification;

/// <summary>The built-in chain <c>secuticket-dev</c>: two nodes started from two terminals are on it without any file.</summary>
/// <remarks>Its exchange authority's private key is public by design, so that anyone can try top-ups; no money can ever mean anything on it.</remarks>
public static class DevelopmentChain
{
    /// <summary>Its chain id.</summary>
    public const string ChainId = "secuticket-dev";

    /// <summary>Its specification.</summary>
    public static ChainSpec Spec { get; } = ChainSpec.Parse(
        """
        {
          "chain_id": "secuticket-dev",
          "currency": "EUR",
          "engine": "proof-of-work",
          "exchange_authorities": ["0xCCec231B4D170B8615e6f454845c0eaBdc0FBFC5"],
          "genesis_time": 1767225600000,
          "proof_of_work": { "difficulty": 16 },
          "reward": 100
        }
        """u8).Value;

    /// <summary>Private scalar of its exchange authority: SHA-256 of «secuticket-dev exchange authority».</summary>
    public static ReadOnlySpan<byte> ExchangeAuthorityScalar => ExchangeAuthoritySeed.Span;

    private static readonly Hash256 ExchangeAuthoritySeed = Hash256.Sha256("secuticket-dev exchange authority"u8);
}
