using Dapper;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Contact;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Storage;

namespace SecuTicket.Node.Tests.Contact;

public sealed class ContactBookTests : IDisposable
{
    private static readonly EventId Concert = new([.. Enumerable.Repeat((byte)1, EventId.Size)]);
    private static readonly EventId Play = new([.. Enumerable.Repeat((byte)2, EventId.Size)]);
    private static readonly ContactLimits Limits = new() { MessagesPerEventPerDay = 3, Messages = 5, InboxMessages = 2, Contacts = 25, KeptFor = TimeSpan.FromDays(30) };

    private readonly TemporaryFolder _folder = new();
    private readonly StoppedClock _clock = new();
    private readonly SqliteDatabase _database;
    private readonly ContactBook _book;

    public ContactBookTests()
    {
        _database = SqliteDatabase.Open(_folder["ledger.db"]);
        _book = new ContactBook(_database, _clock, Limits);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact] // S1.8
    public void A_message_reaches_the_holders_who_opted_in_once_each_and_nobody_else()
    {
        _book.Choose(At(1), true);
        _book.Choose(At(2), true);

        var sent = _book.Send(About(Concert, "Doors"), [At(1), At(1), At(3)]).Value;

        var received = _book.Received(At(1), null, 10).Should().ContainSingle().Subject;
        (received.Id, received.At, received.Message).Should().Be((sent.Id, sent.At, About(Concert, "Doors")));
        _book.Received(At(2), null, 10).Should().BeEmpty("they hold no ticket");
        _book.Received(At(3), null, 10).Should().BeEmpty("they did not opt in");
        _book.Choose(At(3), true);
        _book.Received(At(3), null, 10).Should().BeEmpty("they opted in later");
    }

    [Fact] // S1.8
    public void Opting_out_ends_it_and_leaves_neither_choice_nor_messages()
    {
        _book.Choose(At(0xa7), true);
        _book.Send(About(Concert), [At(0xa7)]);
        _folder.FilesHolding(At(0xa7).Span.ToArray()).Should().NotBeEmpty("otherwise this test looks in the wrong place");

        _book.Choose(At(0xa7), false);
        _book.Send(About(Concert), [At(0xa7)]);

        _book.Received(At(0xa7), null, 10).Should().BeEmpty();
        _folder.FilesHolding(At(0xa7).Span.ToArray()).Should().BeEmpty();
        _book.Choose(At(0xa7), true);
        _book.Received(At(0xa7), null, 10).Should().BeEmpty("what was erased does not come back");
    }

    [Fact]
    public void Choices_and_messages_outlive_the_process()
    {
        _book.Choose(At(1), true);
        _book.Choose(At(2), true);
        _book.Choose(At(2), false);
        _book.Send(About(Concert, "before"), [At(1), At(2)]);

        var again = new ContactBook(_database, _clock, Limits);
        again.Send(About(Concert, "after"), [At(1), At(2)]);

        again.Received(At(1), null, 10).Select(message => message.Message.Subject).Should().Equal("after", "before");
        again.Received(At(2), null, 10).Should().BeEmpty();
    }

    [Fact]
    public void Messages_are_read_newest_first_and_on_from_where_a_page_ended()
    {
        var book = new ContactBook(_database, _clock, new ContactLimits());
        book.Choose(At(1), true);
        foreach (var subject in new[] { "1", "2", "3", "4", "5" }) book.Send(About(Concert, subject), [At(1)]);

        var first = book.Received(At(1), null, 2);
        var second = book.Received(At(1), first[^1].Number, 9);

        first.Concat(second).Select(message => message.Message.Subject).Should().Equal("5", "4", "3", "2", "1");
        first.Should().HaveCount(2);
    }

    [Fact]
    public void An_event_has_so_many_messages_within_24_hours_and_another_event_its_own()
    {
        for (var i = 0; i < 3; i++) _book.Send(About(Concert), []).IsAccepted.Should().BeTrue();

        var refusal = _book.Send(About(Concert), []).Refusal!;

        (refusal.Code, refusal.Kind).Should().Be(("rate_limited", RefusalKind.Transient));
        _book.Send(About(Play), []).IsAccepted.Should().BeTrue();
        _clock.Now += TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1);
        _book.Send(About(Concert), []).Refusal!.Code.Should().Be("rate_limited");
        _clock.Now += TimeSpan.FromMilliseconds(1);
        _book.Send(About(Concert), []).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void Of_an_accounts_messages_the_oldest_go()
    {
        _book.Choose(At(1), true);
        _book.Choose(At(2), true);
        _book.Send(About(Concert, "1"), [At(1), At(2)]);
        foreach (var subject in new[] { "2", "3" }) _book.Send(About(Concert, subject), [At(1)]);

        _book.Received(At(1), null, 10).Select(message => message.Message.Subject).Should().Equal("3", "2");
        _book.Received(At(2), null, 10).Select(message => message.Message.Subject).Should().Equal("1");
    }

    [Fact]
    public void More_messages_than_are_kept_are_refused_until_the_oldest_are_over()
    {
        _book.Choose(At(1), true);
        _book.Send(About(Concert), [At(1)]);
        _clock.Now += TimeSpan.FromDays(10);
        for (var i = 0; i < 4; i++) _book.Send(About(i < 2 ? Concert : Play), [At(1)]).IsAccepted.Should().BeTrue();

        _book.Send(About(Play), []).Refusal!.Code.Should().Be("contacts_full");
        _clock.Now += TimeSpan.FromDays(20) + TimeSpan.FromMilliseconds(1);
        _book.Send(About(Concert), []).IsAccepted.Should().BeTrue();

        _database.Read(lease => lease.Connection.ExecuteScalar<long>("SELECT count(*) FROM message")).Should().Be(5);
        _clock.Now += TimeSpan.FromDays(30);
        _book.Received(At(1), null, 10).Should().BeEmpty("what is over is not shown either");
    }

    [Fact]
    public void Forgetting_a_message_takes_it_out_of_every_inbox()
    {
        _book.Choose(At(1), true);
        _book.Send(About(Concert), [At(1)]);
        _clock.Now += TimeSpan.FromDays(31);

        _book.Send(About(Concert), []);

        _database.Read(lease => lease.Connection.ExecuteScalar<long>("SELECT count(*) FROM inbox")).Should().Be(0);
    }

    [Fact]
    public void More_accounts_than_can_be_written_to_are_refused_and_may_still_opt_out()
    {
        for (byte i = 1; i <= 25; i++) _book.Choose(At(i), true).IsAccepted.Should().BeTrue();

        _book.Choose(At(26), true).Refusal!.Code.Should().Be("contacts_full");
        _book.Choose(At(1), true).IsAccepted.Should().BeTrue("it is among them");
        _book.Choose(At(1), false).IsAccepted.Should().BeTrue();
        _book.Choose(At(26), true).IsAccepted.Should().BeTrue();
    }

    private static Address At(byte number) => new([.. Enumerable.Repeat(number, Address.Size)]);

    private static ContactMessage About(EventId eventId, string subject = "Subject") => new(eventId, "Les Élans", At(200), subject, "Text\nof two lines");

    private sealed class StoppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2027, 6, 15, 18, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
