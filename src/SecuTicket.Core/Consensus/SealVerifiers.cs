using SecuTicket.Core.Consensus.ProofOfStake;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Specification;

namespace SecuTicket.Core.Consensus;

/// <summary>Which verifier a chain's engine has: with who seals, all that depends on the engine's name.</summary>
public static class SealVerifiers
{
    /// <summary>The verifier of a chain.</summary>
    /// <param name="spec">The chain's specification.</param>
    /// <param name="curve">Checks seals.</param>
    public static ISealVerifier Of(ChainSpec spec, P256Verifier curve) =>
        spec.Engine == ChainSpec.ProofOfStakeEngine ? new ProofOfStakeVerifier(spec, curve) : new ProofOfWorkVerifier(spec, curve);
}
