using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Tests.Loop;

/// <summary>A loop, a store in memory and a clock that stands still until it is moved: the shell's part played by hand, in one thread.</summary>
internal sealed class LoopScenario
{
    public LoopScenario(SealingSettings? sealing = null, NodeSettings? settings = null, IBlockStore? store = null, ChainSpec? spec = null)
    {
        Spec = spec ?? TestChain.SpecOf();
        Store = store ?? new InMemoryBlockStore();
        var stored = Store.Load(Spec);
        var chain = Blockchain.Restore(Spec, SealVerifiers.Of(Spec, new P256Verifier(16)), stored.Recent, stored.Tip, stored.Ledger);
        settings ??= new NodeSettings();
        sealing ??= new SealingSettings { Enabled = false };
        Loop = new NodeLoop(
            new NodeState(chain, PendingSet.Empty(settings.Mempool, chain.Ledger, stored.NextSequence)),
            settings with { Sealing = sealing },
            new WaitingTurns(sealing, TestChain.Organiser.Address), Store, () => 0);
        Elsewhere = new TestChain(new InMemoryBlockStore(), Spec, "elsewhere");
    }

    public ChainSpec Spec { get; }

    public IBlockStore Store { get; }

    public NodeLoop Loop { get; }

    /// <summary>Another node on the same chain: signs transactions, and makes blocks that this one has not seen.</summary>
    public TestChain Elsewhere { get; }

    public long Now { get; set; } = TestChain.GenesisTime + 1_000_000;

    public List<NodeEvent> Events { get; } = [];

    public List<SealJob> Jobs { get; } = [];

    public int Stops { get; private set; }

    /// <summary>What the operator's log says.</summary>
    public List<string> Reports { get; } = [];

    /// <summary>Durable writes.</summary>
    public int Commits { get; private set; }

    /// <summary>An answer that must be there by now.</summary>
    public static T Answered<T>(Task<T> answer) => answer.IsCompletedSuccessfully ? answer.Result : throw new InvalidOperationException("Not answered.");

    public Submission Submit(VerifiedTransaction transaction) => SubmitAll(transaction)[0];

    public IReadOnlyList<Submission> SubmitAll(params VerifiedTransaction[] transactions)
    {
        var reply = new Reply<IReadOnlyList<Submission>>();
        Step(new NodeCommand.Submit(transactions, reply));
        return Answered(reply.Answer).Value;
    }

    public Task<Verdict<VerifiedBlock>> AskForBlock(Person? sealer = null)
    {
        var reply = new Reply<VerifiedBlock>();
        Step(new NodeCommand.Seal((sealer ?? TestChain.Organiser).Address, reply));
        return reply.Answer;
    }

    public BlockAcceptance Offer(params VerifiedBlock[] blocks)
    {
        var reply = new Reply<BlockAcceptance>();
        Step(new NodeCommand.Offer(blocks, reply));
        return Answered(reply.Answer).Value;
    }

    /// <summary>Ends the search that was started last with a header that shows its work.</summary>
    public void FindNonce(SealJob? job = null)
    {
        job ??= Jobs[^1];
        var nonce = ProofOfWork.Search(job.Template.Header.Encode(), job.Template.Header.Difficulty, 0, long.MaxValue)!.Value;
        Step(new NodeCommand.Sealed(job.Number, new SealedHeader(job.Template.Header with { Nonce = nonce }, null)));
    }

    public VerifiedBlock Mine()
    {
        var asked = AskForBlock();
        FindNonce();
        return Answered(asked).Value;
    }

    public void Tick(TimeSpan later)
    {
        Now += (long)later.TotalMilliseconds;
        Step(new NodeCommand.Tick());
    }

    public void Step(NodeCommand command)
    {
        var effects = Loop.Step(command, Now);
        Commits++;
        Store.Commit([.. effects.OfType<NodeEffect.Store>().Select(effect => effect.Change)]);
        Loop.Settle();
        Do(effects);
    }

    public void Do(IEnumerable<NodeEffect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case NodeEffect.Answer answer: answer.Deliver(); break;
                case NodeEffect.Announce announce: Events.Add(announce.Event); break;
                case NodeEffect.StartSealing start: Jobs.Add(start.Job); break;
                case NodeEffect.StopSealing: Stops++; break;
                case NodeEffect.Report report: Reports.Add(report.Sentence); break;
            }
        }
    }
}
