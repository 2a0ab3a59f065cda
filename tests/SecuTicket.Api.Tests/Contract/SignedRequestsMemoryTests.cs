using SecuTicket.Api.SignedRequests;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Tests.Contract;

public sealed class SignedRequestsMemoryTests
{
    [Fact]
    public void A_token_is_remembered_for_as_long_as_it_could_be_good()
    {
        var clock = new TestClock();
        var memory = new TokenMemory(clock);
        memory.Use(Token(1)).IsAccepted.Should().BeTrue();

        clock.Advance(TimeSpan.FromSeconds((2 * SignedRequestReader.GoodForSeconds) + 0.999));
        memory.Use(Token(1)).Refusal!.Code.Should().Be("token_used");
        clock.Advance(TimeSpan.FromSeconds(0.001));
        memory.Use(Token(2)).IsAccepted.Should().BeTrue();
        memory.Count.Should().Be(1, "what can not come again is forgotten");
    }

    [Fact]
    public void A_full_memory_refuses_new_tokens_rather_than_forget_one()
    {
        var clock = new TestClock();
        var memory = new TokenMemory(clock, capacity: 2);
        memory.Use(Token(1));
        memory.Use(Token(2));

        var refusal = memory.Use(Token(3)).Refusal!;

        refusal.Code.Should().Be("not_ready");
        refusal.Kind.Should().Be(RefusalKind.Transient);
        memory.Use(Token(1)).Refusal!.Code.Should().Be("token_used");
        clock.Advance(TokenMemory.Kept);
        memory.Use(Token(3)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void Of_many_who_show_one_token_at_once_one_gets_through()
    {
        var memory = new TokenMemory(new TestClock());
        var accepted = 0;

        Parallel.For(0, 1_000, i =>
        {
            if (memory.Use(Token(i % 10)).IsAccepted) Interlocked.Increment(ref accepted);
        });

        accepted.Should().Be(10);
    }

    private static Hash256 Token(int number) => Hash256.Sha256(BitConverter.GetBytes(number));
}
