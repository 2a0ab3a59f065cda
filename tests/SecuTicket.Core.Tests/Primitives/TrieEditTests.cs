using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Tests.Primitives;

public sealed class TrieEditTests
{
    // Few letters make long shared prefixes, so that nodes lie at every depth. Each map given on the way is looked at again at the end.
    [Theory]
    [InlineData(1, 2, 400)]
    [InlineData(2, 3, 400)]
    [InlineData(3, 256, 400)]
    [InlineData(4, 256, 4_000)]
    [InlineData(5, 256, 10)]
    public void An_edit_gives_the_maps_that_one_change_after_the_other_gives_and_changes_none_it_gave(int seed, int letters, int keyCount)
    {
        var random = new Random(seed);
        var keys = Enumerable.Range(0, keyCount).Select(_ => RandomKey(random, letters)).Distinct().ToArray();
        var given = new List<(Trie<TicketId, int> Edited, Trie<TicketId, int> Plain)>();
        var plain = Trie<TicketId, int>.Empty;
        var edit = plain.Edit();
        for (var step = 0; step < 12_000; step++)
        {
            var key = keys[random.Next(keys.Length)];
            // Grows in the first half and shrinks in the second.
            if (random.Next(100) < (step < 6_000 ? 70 : 30))
            {
                edit.Set(key, step);
                plain = plain.Set(key, step);
            }
            else if (edit.Remove(key) != plain.Contains(key))
            {
                Assert.Fail($"Step {step}: what is removed was there.");
            }
            else
            {
                plain = plain.Remove(key);
            }

            if (edit.Count != plain.Count || edit.Find(keys[step % keys.Length]) != plain.Find(keys[step % keys.Length])) Assert.Fail($"Step {step}: the edit reads other than the map.");
            if (random.Next(100) != 0) continue;

            given.Add((edit.ToTrie(), plain));
            // Some go on in the same edit, some begin a new one on a map that was given earlier.
            if (random.Next(4) == 0)
            {
                plain = given[random.Next(given.Count)].Plain;
                edit = given.First(pair => ReferenceEquals(pair.Plain, plain)).Edited.Edit();
            }
        }

        given.Should().OnlyContain(pair => pair.Edited.Count == pair.Plain.Count && pair.Edited.SequenceEqual(pair.Plain));
        var other = RandomKey(random, letters);
        given.Should().OnlyContain(pair => pair.Edited.After(other).SequenceEqual(pair.Plain.After(other)));
    }

    [Fact]
    public void The_map_it_began_with_stays_as_it_was()
    {
        var map = Trie<Ordinal, int>.Of(Enumerable.Range(0, 100).Select(i => KeyValuePair.Create(new Ordinal(i), i)));

        var edit = map.Edit();
        for (var i = 0; i < 100; i += 2) edit.Remove(new Ordinal(i));
        for (var i = 1; i < 200; i += 2) edit.Set(new Ordinal(i), -i);

        map.Select(entry => entry.Value).Should().Equal(Enumerable.Range(0, 100));
        edit.ToTrie().Select(entry => entry.Value).Should().Equal(Enumerable.Range(0, 100).Select(i => -((2 * i) + 1)));
    }

    // Random keys hardly ever part before the branch that an edit has just made.
    [Fact]
    public void A_key_that_parts_above_all_that_the_edit_made_stands_in_its_order()
    {
        var edit = Trie<Ordinal, long>.Empty.Edit();
        long[] together = [.. Enumerable.Range(0, 40).Select(static i => (1L << 40) + i)];
        foreach (var key in together) edit.Set(new Ordinal(key), key);
        foreach (var key in (long[])[(1L << 50) + 5, (1L << 20) + 5]) edit.Set(new Ordinal(key), key);

        edit.ToTrie().Select(entry => entry.Value).Should().Equal([(1L << 20) + 5, .. together, (1L << 50) + 5]);
    }

    [Fact]
    public void Nothing_changed_gives_the_same_map()
    {
        var map = Trie<Ordinal, int>.Empty.Set(new Ordinal(1), 1);
        var edit = map.Edit();

        edit.Remove(new Ordinal(2)).Should().BeFalse();
        edit.ToTrie().Should().BeSameAs(map);

        edit.Set(new Ordinal(2), 2);
        edit.ToTrie().Should().BeSameAs(edit.ToTrie());
        edit.Remove(new Ordinal(1));
        edit.Remove(new Ordinal(2));
        edit.ToTrie().Should().BeSameAs(Trie<Ordinal, int>.Empty);
    }

    [Fact]
    public void A_second_change_of_the_same_path_takes_no_memory()
    {
        var map = Trie<Ordinal, object>.Of(Enumerable.Range(0, 10_000).Select(i => KeyValuePair.Create(new Ordinal(i), new object())));
        var edit = map.Edit();
        var value = new object();
        edit.Set(new Ordinal(5_000), value);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) edit.Set(new Ordinal(5_000), value);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    private static TicketId RandomKey(Random random, int letters)
    {
        var bytes = new byte[TicketId.Size];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)random.Next(letters);
        return new TicketId(bytes);
    }
}
