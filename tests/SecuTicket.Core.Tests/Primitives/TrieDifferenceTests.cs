using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Tests.Primitives;

public sealed class TrieDifferenceTests
{
    // Few letters make long shared prefixes, so that nodes lie at every depth and move when a key parts earlier.
    [Theory]
    [InlineData(1, 2, 400)]
    [InlineData(2, 3, 400)]
    [InlineData(3, 256, 400)]
    [InlineData(4, 256, 4_000)]
    [InlineData(5, 256, 10)]
    [InlineData(6, 2, 20)]
    public void It_is_what_looking_at_every_entry_finds_whatever_the_maps_share(int seed, int letters, int keyCount)
    {
        var random = new Random(seed);
        var keys = Enumerable.Range(0, keyCount).Select(_ => RandomKey(random, letters)).Distinct().ToArray();
        var given = new List<Trie<TicketId, int>> { Trie<TicketId, int>.Empty };
        for (var step = 0; step < 120; step++)
        {
            // Some go on from the last map, some from an earlier one, some begin anew and share nothing.
            var edit = (random.Next(8) == 0 ? Trie<TicketId, int>.Of(given[^1]) : random.Next(4) == 0 ? given[random.Next(given.Count)] : given[^1]).Edit();
            for (var changes = random.Next(random.Next(3) == 0 ? keyCount : 20); changes > 0; changes--)
            {
                var key = keys[random.Next(keys.Length)];
                if (random.Next(100) < (step % 40 < 25 ? 70 : 20)) edit.Set(key, random.Next(3));
                else edit.Remove(key);
            }

            given.Add(edit.ToTrie());
            var earlier = given[random.Next(given.Count)];
            earlier.ChangesTo(given[^1]).Should().Equal(Expected(earlier, given[^1]));
        }
    }

    // Random keys hardly ever make one map part earlier than all of the other does.
    [Theory]
    [InlineData(1L << 20)]
    [InlineData(1L << 50)]
    public void It_finds_what_changed_below_where_another_key_parts_from_all(long apart)
    {
        Ordinal[] together = [.. Enumerable.Range(0, 40).Select(static i => new Ordinal((5L << 40) + i))];
        var before = Trie<Ordinal, int>.Of(together.Select(static key => KeyValuePair.Create(key, 0)));
        var after = before.Set(new Ordinal(apart), 1).Set(together[3], 1).Remove(together[30]);

        before.ChangesTo(after).Should().Equal(Expected((new Ordinal(apart), null, 1), (together[3], 0, 1), (together[30], 0, null)));
        after.ChangesTo(before).Should().Equal(Expected((new Ordinal(apart), 1, null), (together[3], 1, 0), (together[30], null, 0)));

        static IEnumerable<TrieChange<Ordinal, int>> Expected(params (Ordinal Key, int? Before, int? After)[] changes) =>
            changes.OrderBy(static change => change.Key.Value).Select(static change => new TrieChange<Ordinal, int>(change.Key, change.Before is not null, change.Before ?? 0, change.After is not null, change.After ?? 0));
    }

    [Fact]
    public void What_both_share_is_not_looked_at()
    {
        var many = Trie<Ordinal, Counted>.Of(Enumerable.Range(0, 100_000).Select(i => KeyValuePair.Create(new Ordinal(i * 7919L), new Counted())));
        var later = many.Set(new Ordinal(50_000 * 7919L), new Counted());

        Counted.Compared = 0;
        many.ChangesTo(later).Should().ContainSingle().Which.Key.Should().Be(new Ordinal(50_000 * 7919L));
        Counted.Compared.Should().BeInRange(1, 16, "a leaf holds no more");

        // A key that parts from all others before they part from each other puts a node above them.
        var apart = many.Set(new Ordinal(long.MaxValue), new Counted());
        Counted.Compared = 0;
        many.ChangesTo(apart).Should().ContainSingle().Which.IsThere.Should().BeTrue();
        apart.ChangesTo(many).Should().ContainSingle().Which.IsThere.Should().BeFalse();
        Counted.Compared.Should().Be(0);
    }

    private static IEnumerable<TrieChange<TicketId, int>> Expected(Trie<TicketId, int> before, Trie<TicketId, int> after) =>
        from key in before.Concat(after).Select(entry => entry.Key).Distinct().Order()
        let change = new TrieChange<TicketId, int>(key, before.Contains(key), before.Find(key), after.Contains(key), after.Find(key))
        where change.WasThere != change.IsThere || change.Before != change.After
        select change;

    private static TicketId RandomKey(Random random, int letters)
    {
        var bytes = new byte[TicketId.Size];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)random.Next(letters);
        return new TicketId(bytes);
    }

    private sealed class Counted : IEquatable<Counted>
    {
        public static int Compared { get; set; }

        public bool Equals(Counted? other)
        {
            Compared++;
            return ReferenceEquals(this, other);
        }

        public override bool Equals(object? obj) => Equals(obj as Counted);

        public override int GetHashCode() => 0;
    }
}
