using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Tests.Primitives;

public class TrieTests
{
    [Fact]
    public void The_empty_map_has_nothing()
    {
        var empty = Trie<Hash256, string>.Empty;

        empty.Count.Should().Be(0);
        empty.Contains(Key(1)).Should().BeFalse();
        empty.Find(Key(1)).Should().BeNull();
        empty.Remove(Key(1)).Should().BeSameAs(empty);
        empty.Should().BeEmpty();
        empty.After(Key(0)).Should().BeEmpty();
    }

    [Fact]
    public void A_change_makes_a_new_map_and_the_old_one_stays_as_it_was()
    {
        var one = Trie<Hash256, string>.Empty.Set(Key(1), "a");
        var two = one.Set(Key(2), "b");
        var other = two.Set(Key(1), "c");
        var removed = other.Remove(Key(2));

        one.Select(entry => entry.Value).Should().Equal("a");
        two.Select(entry => entry.Value).Should().Equal("a", "b");
        other.Select(entry => entry.Value).Should().Equal("c", "b");
        removed.Select(entry => entry.Value).Should().Equal("c");
        removed.Remove(Key(9)).Should().BeSameAs(removed);
        (one.Count, two.Count, other.Count, removed.Count).Should().Be((1, 2, 2, 1));
    }

    [Fact]
    public void Maps_are_the_same_when_their_entries_are()
    {
        var map = Trie<Hash256, string>.Empty;
        for (var i = 0; i < 100; i++) map = map.Set(Key((byte)(i * 2)), $"{i}");
        var again = Trie<Hash256, string>.Of(map.Reverse());

        map.SameContent(map).Should().BeTrue();
        map.SameContent(again).Should().BeTrue();
        Trie<Hash256, string>.Empty.SameContent(map.Remove(Key(0))).Should().BeFalse();
        again.SameContent(map.Set(Key(0), "other")).Should().BeFalse();
        again.SameContent(map.Remove(Key(0))).Should().BeFalse();
        again.SameContent(map.Remove(Key(0)).Set(Key(1), "0")).Should().BeFalse("there are as many, and one has another key");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 0x8000_0000)]
    [InlineData(0x7fff_ffff, 0x8000_0000)]
    [InlineData(0x0000_0010, 0x0000_001f)]
    public void Keys_that_differ_in_any_chunk_are_kept_apart(long left, long right)
    {
        var map = Trie<Ordinal, long>.Empty.Set(new Ordinal(right), right).Set(new Ordinal(left), left);

        map.Select(entry => entry.Value).Should().Equal(left, right);
        map.Remove(new Ordinal(left)).Select(entry => entry.Value).Should().Equal(right);
        map.Remove(new Ordinal(right)).Select(entry => entry.Value).Should().Equal(left);
    }

    [Fact]
    public void The_last_bit_of_a_key_counts()
    {
        foreach (var bit in Enumerable.Range(0, 256))
        {
            var bytes = new byte[32];
            bytes[bit / 8] = (byte)(0x80 >> (bit % 8));
            var map = Trie<Hash256, int>.Empty.Set(default, 0).Set(new Hash256(bytes), 1);

            map.Count.Should().Be(2);
            map.Find(default).Should().Be(0);
            map.Find(new Hash256(bytes)).Should().Be(1);
        }
    }

    // Keys of few different bytes share long prefixes, so that nodes split, merge and shorten at every depth.
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 256)]
    public void Behaves_as_a_sorted_dictionary_under_any_sequence_of_changes(int seed, int letters)
    {
        var random = new Random(seed);
        var model = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var keys = Enumerable.Range(0, 200).Select(_ => RandomKey(random, letters)).ToArray();
        var map = Trie<TicketId, int>.Empty;
        for (var step = 0; step < 4_000; step++)
        {
            var key = keys[random.Next(keys.Length)];
            // Grows in the first half and shrinks in the second.
            if (random.Next(100) < (step < 2_000 ? 70 : 30))
            {
                map = map.Set(key, step);
                model[key.ToString()] = step;
            }
            else
            {
                map = map.Remove(key);
                model.Remove(key.ToString());
            }

            map.Count.Should().Be(model.Count);
            map.TryGet(key, out var found).Should().Be(model.TryGetValue(key.ToString(), out var expected));
            found.Should().Be(expected);
            if (step % 50 != 0) continue;

            map.Select(entry => (entry.Key.ToString(), entry.Value)).Should().Equal(model.Select(entry => (entry.Key, entry.Value)));
            var after = keys[random.Next(keys.Length)];
            map.After(after).Select(entry => entry.Key.ToString()).Should().Equal(model.Keys.Where(name => string.CompareOrdinal(name, after.ToString()) > 0));
            var between = RandomKey(random, letters);
            map.After(between).Select(entry => entry.Key.ToString()).Should().Equal(model.Keys.Where(name => string.CompareOrdinal(name, between.ToString()) > 0));
        }
    }

    [Fact]
    public void The_same_entries_give_the_same_order_whatever_the_order_they_came_in()
    {
        var random = new Random(4);
        var keys = Enumerable.Range(0, 300).Select(_ => RandomKey(random, 256)).ToArray();
        var there = keys.Aggregate(Trie<TicketId, int>.Empty, (map, key) => map.Set(key, 1));
        var back = keys.Reverse().Aggregate(Trie<TicketId, int>.Empty, (map, key) => map.Set(key, 1));

        there.Select(entry => entry.Key).Should().Equal(back.Select(entry => entry.Key)).And.Equal(keys.Order());
    }

    private static Hash256 Key(byte first) => new([first, .. new byte[31]]);

    private static TicketId RandomKey(Random random, int letters)
    {
        var bytes = new byte[TicketId.Size];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)random.Next(letters);
        return new TicketId(bytes);
    }
}
