using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Storage;

public sealed class InMemoryBlockStoreTests : BlockStoreContract
{
    private Action<IReadOnlyList<StoreChange>>? _beforeCommit;

    public InMemoryBlockStoreTests() => Store = new InMemoryBlockStore(changes => _beforeCommit?.Invoke(changes));

    protected override IBlockStore Store { get; }

    protected override IBlockStore Reopen() => Store;

    [Fact]
    public void A_simulated_torn_write_is_told_and_leaves_everything_as_it_was()
    {
        var (chain, ids) = Story(Store);
        var before = StoreContent.Of(Store, chain.Spec, ids);
        var (update, changes) = chain.Judge(chain.Forge());
        IReadOnlyList<StoreChange>? seen = null;
        _beforeCommit = injected =>
        {
            seen = injected;
            throw new StorageException(StorageFault.Device, "torn");
        };

        Store.Invoking(store => store.Commit(changes)).Should().Throw<StorageException>().WithMessage("torn");

        seen.Should().BeSameAs(changes);
        StoreContent.Of(Store, chain.Spec, ids).Should().Be(before);
        _beforeCommit = null;
        Store.Commit(changes);
        Store.Load(chain.Spec).Tip.Should().Be(update.Chain.Tip.Hash);
    }

    [Fact]
    public void What_is_disposed_of_can_be_loaded_again_as_a_disk_can()
    {
        var chain = new TestChain(Store);
        chain.Seal(chain.TopUp(Alice, 1));

        Store.Dispose();

        Store.Load(chain.Spec).Tip.Should().Be(chain.Chain.Tip.Hash);
    }
}
