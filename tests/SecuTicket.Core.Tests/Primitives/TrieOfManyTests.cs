using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Tests.Primitives;

public sealed class TrieOfManyTests
{
    // Few letters make long shared prefixes, so that nodes lie at every depth.
    [Theory]
    [InlineData(1, 2, 300)]
    [InlineData(2, 3, 2_000)]
    [InlineData(3, 256, 2_000)]
    [InlineData(4, 256, 1)]
    [InlineData(5, 256, 2)]
    [InlineData(6, 256, 0)]
    public void Many_entries_at_once_give_the_map_that_one_after_the_other_gives(int seed, int letters, int count)
    {
        var random = new Random(seed);
        var entries = Enumerable.Range(0, count).Select(i => KeyValuePair.Create(RandomKey(random, letters), i)).DistinctBy(entry => entry.Key).ToArray();
        var slowly = entries.Aggregate(Trie<TicketId, int>.Empty, (map, entry) => map.Set(entry.Key, entry.Value));
        var atOnce = Trie<TicketId, int>.Of(entries);

        // One assertion for many entries: each of its own would cost a hundred times what it looks at.
        atOnce.Count.Should().Be(slowly.Count);
        atOnce.SequenceEqual(slowly).Should().BeTrue();
        entries.All(entry => atOnce.Contains(entry.Key) && atOnce.Find(entry.Key) == entry.Value).Should().BeTrue();

        for (var i = 0; i < 100; i++)
        {
            var other = RandomKey(random, letters);
            atOnce.Contains(other).Should().Be(slowly.Contains(other));
            atOnce.After(other).SequenceEqual(slowly.After(other)).Should().BeTrue();
        }
    }

    // Keys of each size, and of 40 bytes ones that part only after the first eight, or the last.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void So_do_entries_that_are_in_order_and_keys_of_other_sizes(int seed)
    {
        var random = new Random(seed);
        Same(Enumerable.Range(0, 1_000).Select(static i => new Ordinal(3 * i)), 100);
        Same(Enumerable.Range(0, 1_000).Select(_ => new Ordinal(random.Next())), 100);
        Same(Enumerable.Range(0, 1_000).Select(_ => new Address(Bytes(random, Address.Size))), 100);
        Same(Enumerable.Range(0, 1_000).Select(i => new Address([.. new byte[Address.Size - 1], (byte)i])), 100);
        Same(Enumerable.Range(0, 1_000).Select(_ => new NumberedHash(random.Next(3), new Hash256(Bytes(random, Hash256.Size)))), 100);
        Same(Enumerable.Range(0, 1_000).Select(i => new NumberedHash(7, new Hash256([.. new byte[Hash256.Size - 2], (byte)(i >> 8), (byte)(i * 7)]))), 100);

        static void Same<TKey>(IEnumerable<TKey> keys, int few)
            where TKey : struct, ITrieKey<TKey>
        {
            foreach (var count in new[] { few, 1_000 })
            {
                var entries = keys.Distinct().Take(count).Select(static (key, i) => KeyValuePair.Create(key, i)).ToArray();
                var slowly = entries.Aggregate(Trie<TKey, int>.Empty, static (map, entry) => map.Set(entry.Key, entry.Value));
                Trie<TKey, int>.Of(entries).SameContent(slowly).Should().BeTrue();
                Trie<TKey, int>.Of(slowly.ToArray()).SameContent(slowly).Should().BeTrue();
            }
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 256)]
    public void Such_a_map_changes_like_any_other(int seed, int letters)
    {
        var random = new Random(seed);
        var keys = Enumerable.Range(0, 400).Select(_ => RandomKey(random, letters)).Distinct().ToArray();
        var half = keys.Where((_, i) => i % 2 == 0).Select(key => KeyValuePair.Create(key, 0)).ToArray();
        var slowly = half.Aggregate(Trie<TicketId, int>.Empty, (map, entry) => map.Set(entry.Key, entry.Value));
        var atOnce = Trie<TicketId, int>.Of(half);
        for (var step = 1; step < 2_000; step++)
        {
            var key = keys[random.Next(keys.Length)];
            var isSet = random.Next(2) == 0;
            slowly = isSet ? slowly.Set(key, step) : slowly.Remove(key);
            atOnce = isSet ? atOnce.Set(key, step) : atOnce.Remove(key);
            atOnce.Count.Should().Be(slowly.Count);
            if (step % 100 == 0) atOnce.SequenceEqual(slowly).Should().BeTrue();
        }
    }

    [Fact]
    public void A_key_that_stands_there_twice_is_refused()
    {
        var key = RandomKey(new Random(1), 256);
        var twice = () => Trie<TicketId, int>.Of([KeyValuePair.Create(key, 1), KeyValuePair.Create(default(TicketId), 2), KeyValuePair.Create(key, 3)]);
        twice.Should().Throw<ArgumentException>().WithMessage($"*{key}*");

        var random = new Random(2);
        var many = Enumerable.Range(0, 1_000).Select(i => KeyValuePair.Create(RandomKey(random, 256), i)).ToArray();
        foreach (var more in new[] { 1, 40 })
        {
            var again = () => Trie<TicketId, int>.Of([.. many, .. Enumerable.Repeat(many[500], more)]);
            again.Should().Throw<ArgumentException>().WithMessage($"*{many[500].Key}*");
        }
    }

    private static byte[] Bytes(Random random, int size)
    {
        var bytes = new byte[size];
        random.NextBytes(bytes);
        return bytes;
    }

    private static TicketId RandomKey(Random random, int letters)
    {
        var bytes = new byte[TicketId.Size];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)random.Next(letters);
        return new TicketId(bytes);
    }
}
