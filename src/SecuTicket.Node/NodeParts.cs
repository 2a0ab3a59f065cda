using SecuTicket.Core.Consensus;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Forging;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node;

/// <summary>What a node is made of.</summary>
/// <param name="Spec">What the chain's nodes agree on.</param>
/// <param name="Settings">The node's limits and habits.</param>
/// <param name="Store">Where it keeps blocks and ledger.</param>
/// <param name="Accounts">The accounts whose keys it keeps.</param>
/// <param name="Seals">Checks seals.</param>
/// <param name="Verifier">Checks signatures.</param>
/// <param name="Sealer">Makes blocks.</param>
/// <param name="Clock">Tells the time.</param>
/// <param name="Jitter">A random number from 0 to 1.</param>
/// <param name="Report">Hears of what an operator should know: a sentence, and the exception behind it when something failed.</param>
public sealed record NodeParts(
    ChainSpec Spec,
    NodeSettings Settings,
    IBlockStore Store,
    KeptAccounts Accounts,
    ISealVerifier Seals,
    TransactionVerifier Verifier,
    ISealer Sealer,
    TimeProvider Clock,
    Func<double> Jitter,
    Action<string, Exception?> Report)
{
    /// <summary>The validator whose key the node has, on chains with stakes; null for none.</summary>
    public Forger? Forger { get; init; }

    /// <summary>Writes something to the node's disk and takes it away again, and throws where that can not be done; null where there is no disk to try.</summary>
    public Action? TryDisk { get; init; }
}
