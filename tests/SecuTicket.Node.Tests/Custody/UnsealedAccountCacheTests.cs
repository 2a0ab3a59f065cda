using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Custody;

namespace SecuTicket.Node.Tests.Custody;

public sealed class UnsealedAccountCacheTests
{
    [Fact]
    public void It_holds_as_many_as_it_may_and_drops_the_one_longest_unused()
    {
        using var cache = new UnsealedAccountCache(2);
        Put(cache, 1);
        Put(cache, 2);
        using (cache.Borrow(At(1)))
        {
        }

        Put(cache, 3);

        cache.Count.Should().Be(2);
        cache.Borrow(At(2)).Should().BeNull();
        cache.Borrow(At(1))!.Dispose();
        cache.Borrow(At(3))!.Dispose();
    }

    [Fact]
    public void One_dropped_while_in_use_is_cleared_only_after_its_last_user()
    {
        using var cache = new UnsealedAccountCache(1);
        var secret = Put(cache, 1);
        var borrowed = cache.Borrow(At(1))!;

        Put(cache, 2);
        secret.Should().OnlyContain(value => value == 1);
        borrowed.Dispose();

        secret.Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void One_kept_already_is_not_kept_twice()
    {
        using var cache = new UnsealedAccountCache(2);
        var first = Put(cache, 1);
        var second = Put(cache, 1);

        cache.Count.Should().Be(1);
        first.Should().OnlyContain(value => value == 1);
        second.Should().OnlyContain(value => value == 0, "its only user has disposed of it");
    }

    [Fact]
    public void A_closed_cache_leaves_no_secret_in_memory_and_takes_none()
    {
        var cache = new UnsealedAccountCache(2);
        var secret = Put(cache, 1);

        cache.Dispose();

        secret.Should().OnlyContain(value => value == 0);
        cache.Borrow(At(1)).Should().BeNull();
        cache.Invoking(closed => Put(closed, 2)).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void It_holds_at_least_one()
    {
        var make = () => new UnsealedAccountCache(0);

        make.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static Address At(byte number) => new([.. Enumerable.Repeat(number, Address.Size)]);

    private static byte[] Put(UnsealedAccountCache cache, byte number)
    {
        byte[] secret = [.. Enumerable.Repeat(number, 32)];
        using var account = new UnsealedAccount(At(number), secret, P256PrivateKey.Generate());
        cache.Keep(account);
        return secret;
    }
}
