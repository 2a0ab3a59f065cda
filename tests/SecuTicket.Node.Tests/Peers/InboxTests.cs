using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>What waits for the loop, what strangers put in front of it, and what they make it say.</summary>
public class InboxTests
{
    private readonly Inbox _inbox = new(new PeerNetworkSettings { QueuedInputs = 5, QueuedBytes = 1_000, QueuedBytesPerCaller = 400 });

    [Fact]
    public void What_callers_bring_waits_up_to_a_size_in_all_and_of_each_of_them()
    {
        Bring(1, 300).Should().BeTrue();
        Bring(1, 101).Should().BeFalse("one caller may not fill it");
        Bring(1, 100).Should().BeTrue();
        Bring(2, 400).Should().BeTrue();
        Bring(3, 201).Should().BeFalse("all together may not either");
        _inbox.TryAdd(new NetworkInput.Tick()).Should().BeTrue("what is our own always may");

        _inbox.TryTake(out _).Should().BeTrue();
        Bring(3, 201).Should().BeTrue("what was taken makes room");
        Bring(1, 301).Should().BeFalse();
        Bring(1, 300).Should().BeFalse("1,000 bytes are 1,000 bytes");
        Bring(1, 99).Should().BeTrue();
        Bring(2, 0).Should().BeFalse("there is no place left, whatever its size");
    }

    [Fact]
    public void Who_has_nothing_here_may_bring_one_message_however_large()
    {
        Bring(1, 5_000).Should().BeTrue();
        Bring(2, 1).Should().BeFalse();
        while (_inbox.TryTake(out _))
        {
        }

        Bring(2, 900).Should().BeTrue();
        Bring(2, 1).Should().BeFalse();
    }

    [Fact]
    public void Strangers_make_ten_lines_a_minute_and_then_one_that_says_how_many_were_left_out()
    {
        var lines = new List<string>();
        var limit = new ReportLimit(report => lines.Add(report.Sentence));
        for (var i = 0; i < 100; i++) limit.Report($"line {i}", 1_000_000 + (i * 10));
        lines.Should().HaveCount(10);

        limit.Report("a minute later", 1_060_000);
        lines.Skip(10).Should().Equal("90 more lines about other nodes were left out.", "a minute later");
    }

    [Fact]
    public void A_session_is_shown_to_nobody_by_being_printed()
    {
        var token = new SessionToken(0x1234);

        token.Reveal().Should().Be("00000000000000000000000000001234");
        $"{token} {new PeerAnswer.Session(token)}".Should().NotContain("1234").And.NotContain("4660");
    }

    private bool Bring(int caller, long bytes) => _inbox.TryAdd(new NetworkInput.TransactionsBrought(PeerBookScenario.NodeId(caller), []), bytes);
}
