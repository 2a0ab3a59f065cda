using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Tests.Chain;
using SecuTicket.Core.Tests.Transactions;

namespace SecuTicket.Core.Tests.Consensus.Stakes;

/// <summary>What headers of a chain with stakes show to somebody without blocks.</summary>
public class HeadersAloneTests
{
    [Fact]
    public void From_genesis_they_show_whose_turn_it_was_and_from_elsewhere_that_somebody_signed()
    {
        var chain = new StakeChain();
        var headers = Enumerable.Range(0, 3).Select(_ => chain.Accepts(chain.Block()).Connected.Single().Block.Block.SealedHeader).ToList();
        headers.Add(chain.Block(forger: Other(chain)).Block.SealedHeader);

        Code(chain, headers[..3]).Should().BeNull();
        Code(chain, headers).Should().Be("not_forger");
        Code(chain, [chain.Spec.Genesis.SealedHeader, .. headers[..3]]).Should().BeNull();
        Code(chain, [chain.Spec.Genesis.SealedHeader, .. headers]).Should().Be("not_forger", "genesis reveals nothing");
        Code(chain, headers[1..]).Should().BeNull("what came before is not known");
        Code(chain, [headers[2] with { Seal = headers[1].Seal }]).Should().Be("invalid_seal");
        Code(chain, [headers[0], headers[2]]).Should().Be("invalid_link");
    }

    [Fact]
    public void Draws_are_not_judged_where_tables_can_not_be_known()
    {
        var chain = new StakeChain();
        var headers = new List<SealedHeader>();
        for (var i = 0; i < 9; i++)
        {
            chain.Grows(1, "anna", "bert", "carl");
            headers.Add(chain.Archive.Find(chain.Chain.Tip.Hash).Block.SealedHeader);
        }

        Code(chain, [.. headers]).Should().BeNull();
        Code(chain, [.. headers, chain.Block(forger: Other(chain)).Block.SealedHeader]).Should().BeNull("two epochs later the votes say which table counts, and they are not in headers");
    }

    [Fact]
    public void A_header_by_itself_is_after_genesis_and_justifies_fewer_blocks_than_there_are()
    {
        var chain = new StakeChain();
        chain.Grows(1);

        Alone(header => header with { Timestamp = chain.Spec.StartOf(1) }).Should().BeNull();
        Alone(header => header with { Timestamp = chain.Spec.StartOf(1) - 1 }).Should().Be("invalid_slot");
        Alone(header => header with { Difficulty = 1 }).Should().BeNull("it is block 2");
        Alone(header => header with { Difficulty = 2 }).Should().Be("invalid_weight");

        string? Alone(Func<BlockHeader, BlockHeader> change) =>
            SealVerifiers.Of(chain.Spec, TestChain.Keys).VerifyAlone(chain.Block(change: change).Block.SealedHeader, static _ => null).Refusal?.Code;
    }

    private static Person Other(StakeChain chain) => new Person[] { "anna", "bert", "carl" }.First(person => person.Address != chain.ForgerOf().Address);

    private static string? Code(StakeChain chain, IReadOnlyList<SealedHeader> headers) =>
        HeaderChain.Verify(chain.Spec, SealVerifiers.Of(chain.Spec, TestChain.Keys), headers, chain.Now).Refusal?.Code;
}
