using SecuTicket.Api.Answers;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Tests.Contract;

public sealed class AddressTextsTests
{
    [Fact]
    public void Addresses_whose_texts_share_a_place_are_written_each_as_itself()
    {
        // All begin alike, which is what a place is chosen by.
        var organisers = Enumerable.Range(0, 3).Select(number => new Address([0xAB, 0xCD, .. new byte[17], (byte)number])).ToArray();

        foreach (var organiser in organisers.Concat(organisers)) AddressTexts.Of(organiser).Should().Be(organiser.ToString());
    }
}
