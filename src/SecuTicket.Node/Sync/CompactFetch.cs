using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Sync;

/// <summary>Makes blocks of compact ones: of what waits here, of what the peer is asked for then, and at last of the whole block.</summary>
internal sealed class CompactFetch(Func<NodeSnapshot> snapshot, Outbox outbox, Misconduct misconduct)
{
    /// <summary>Blocks that are being put together.</summary>
    public int UnderWay { get; private set; }

    /// <summary>Puts a block together.</summary>
    /// <param name="compact">The block in short.</param>
    /// <param name="link">Who is asked for what is missing; null for nobody.</param>
    /// <param name="fetched">Hears how many bytes were fetched for it, each time.</param>
    /// <param name="done">Takes the block, whose body is the header's, or hears why there is none: of kind Invalid when whoever gave it in short, or was asked for the rest, lied.</param>
    public void Assemble(CompactBlock compact, PeerLink? link, Action<long> fetched, Action<Verdict<Block>> done)
    {
        var assembly = CompactAssembly.Of(compact, snapshot().Pending.InOrder.Select(static entry => entry.Value.Transaction.Transaction));
        UnderWay++;
        if (assembly.Missing.Count == 0)
        {
            Complete([]);
        }
        else if (link is null)
        {
            Finish(new Refusal(RefusalCodes.NotFound, $"{assembly.Missing.Count} transactions of block {compact.Hash} are missing and nobody can be asked.", RefusalKind.Transient));
        }
        else
        {
            outbox.Call<PeerAnswer.Transactions>(
                link,
                new PeerRequest.GetBlockTransactions(compact.Hash, assembly.Missing),
                (answer, bytes) =>
                {
                    fetched(bytes);
                    Complete(answer.Items);
                },
                failure => Finish(failure with { Kind = RefusalKind.Transient }));
        }

        void Complete(EquatableArray<Core.Transactions.Transaction> missing)
        {
            if (assembly.Complete(missing).TryGet(out var block, out var refusal)) Finish(block);
            else if (refusal.Kind == RefusalKind.Transient && link is not null) FetchWhole(compact.Hash, link, fetched, Finish);
            else Finish(refusal);
        }

        void Finish(Verdict<Block> result)
        {
            UnderWay--;
            done(result);
        }
    }

    private void FetchWhole(Hash256 hash, PeerLink link, Action<long> fetched, Action<Verdict<Block>> done) => outbox.Call<PeerAnswer.Blocks>(
        link,
        new PeerRequest.GetBlocks([hash]),
        (answer, bytes) =>
        {
            fetched(bytes);
            if (answer.Items is not [var block] || block.Hash != hash || block.ComputeTransactionsRoot() != block.Header.TransactionsRoot)
            {
                misconduct.ChargePeer(link, Misconduct.Grave, "it sent another block than the one it was asked for");
                done(new Refusal(RefusalCodes.InvalidRoot, "The peer sent another block.", RefusalKind.Transient));
                return;
            }

            done(block);
        },
        failure => done(failure with { Kind = RefusalKind.Transient }));
}
