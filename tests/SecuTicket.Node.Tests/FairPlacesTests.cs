using System.Net;

namespace SecuTicket.Node.Tests;

/// <summary>No address can take all places from the others.</summary>
public sealed class FairPlacesTests
{
    private static readonly IPAddress Stranger = IPAddress.Parse("203.0.113.1");
    private static readonly IPAddress Fan = IPAddress.Parse("198.51.100.7");

    [Fact]
    public void While_there_is_room_one_address_may_have_all_places()
    {
        var places = new FairPlaces<string>(3);

        foreach (var crowd in (string[])["a", "b", "c"]) Enter(places, Stranger, crowd).Should().Be((true, null));

        places.Count.Should().Be(3);
        Enter(places, Stranger, "d").Should().Be((false, null), "it would have to displace itself");
    }

    [Fact]
    public void When_all_are_taken_the_address_that_has_the_most_gives_up_its_latest()
    {
        var places = new FairPlaces<string>(4);
        Enter(places, Fan, "fan");
        foreach (var one in (string[])["a", "b", "c"]) Enter(places, Stranger, one);

        Enter(places, IPAddress.Loopback, "newcomer").Should().Be((true, "c"));

        places.Count.Should().Be(4);
    }

    [Fact]
    public void Who_would_have_as_many_as_the_largest_gets_nothing_from_it()
    {
        var places = new FairPlaces<string>(4);
        foreach (var one in (string[])["a", "b", "c"]) Enter(places, Stranger, one);
        Enter(places, Fan, "fan");

        Enter(places, Fan, "second").Should().Be((true, "c"), "two and two are as many");
        Enter(places, Fan, "third").Should().Be((false, null));
        Enter(places, Stranger, "d").Should().Be((false, null));
    }

    [Fact]
    public void Who_lost_a_place_gives_none_back()
    {
        var places = new FairPlaces<string>(2);
        Enter(places, Stranger, "a");
        Enter(places, Stranger, "b");
        Enter(places, Fan, "fan").Should().Be((true, "b"));

        places.Leave("b");
        places.Count.Should().Be(2);
        places.Leave("a");

        places.Count.Should().Be(1);
        Enter(places, Stranger, "c").Should().Be((true, null));
    }

    [Fact]
    public void Whoever_comes_and_goes_there_are_never_more_than_so_many_and_the_refused_had_their_share()
    {
        const int Most = 12;
        var random = new Random(7);
        var places = new FairPlaces<object>(Most);
        var inside = new List<(IPAddress Address, object Who)>();
        for (var i = 0; i < 5_000; i++)
        {
            var address = new IPAddress([192, 0, 2, (byte)random.Next(6)]);
            if (random.Next(3) == 0 && inside.Count > 0)
            {
                var leaving = inside[random.Next(inside.Count)];
                places.Leave(leaving.Who);
                inside.Remove(leaving);
            }
            else
            {
                var (who, counts) = (new object(), inside.CountBy(one => one.Address).ToDictionary());
                var entered = places.TryEnter(address, who, out var displaced);
                var (own, largest) = (counts.GetValueOrDefault(address), counts.Count == 0 ? 0 : counts.Values.Max());
                entered.Should().Be(inside.Count < Most || largest > own + 1);
                (displaced is not null).Should().Be(entered && inside.Count == Most);
                if (displaced is not null)
                {
                    var lost = inside.FindLast(one => counts[one.Address] == largest && ReferenceEquals(one.Who, displaced));
                    lost.Should().Be(inside.FindLast(one => one.Address.Equals(lost.Address)), "it is the latest of an address that had the most");
                    inside.Remove(lost);
                }

                if (entered) inside.Add((address, who));
            }

            places.Count.Should().Be(inside.Count).And.BeLessThanOrEqualTo(Most);
        }
    }

    private static (bool Entered, string? Displaced) Enter(FairPlaces<string> places, IPAddress address, string who) => (places.TryEnter(address, who, out var displaced), displaced);
}
