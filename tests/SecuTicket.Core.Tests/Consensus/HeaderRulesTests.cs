using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Tests.Specification;

namespace SecuTicket.Core.Tests.Consensus;

// S0.6, S4.10: height and link, whatever the engine.
public class HeaderRulesTests
{
    private static readonly BlockHeader Parent = TestSpec.Of().Genesis.Header;
    private static readonly BlockHeader Good = Parent with { Index = 1, Previous = Parent.Hash };

    [Fact]
    public void A_header_that_fits_is_accepted() => Code(Good).Should().BeNull();

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Code(Good with { Version = 0 }).Should().Be("invalid_header");
        Code(Good with { StateRoot = Good.Chain }).Should().Be("invalid_header");
        Code(Good with { Nonce = -1 }).Should().Be("invalid_header");
        Code(Good with { Nonce = 1L << 53 }).Should().Be("invalid_header");
        Code(Good with { Timestamp = 1L << 53 }).Should().Be("invalid_header");
        Code(Good with { Chain = default }).Should().Be("wrong_chain");
        Code(Good with { Previous = Good.Hash }).Should().Be("invalid_link");
        Code(Good with { Index = 2 }).Should().Be("invalid_header");
        Code(Good with { Index = 0 }).Should().Be("invalid_header");
    }

    private static string? Code(BlockHeader header) => HeaderRules.Verify(new Block(header, []), Parent, TestSpec.Of()).Refusal?.Code;
}
