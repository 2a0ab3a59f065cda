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
    private static readonly ContactLimits Limits = new() { MessagesPerEventPerDay = 3, Messages = 5, InboxMessages = 8, Contacts = 25, KeptFor = TimeSpan.FromDays(30) };

    private readonly TemporaryFolder _folder = new();
    private readonly StillClock _clock = new();
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
    public void Of_an_accounts_messages_the_oldest_go_and_one_organiser_has_a_quarter_of_them()
    {
        var book = new ContactBook(_database, _clock, new ContactLimits { InboxMessages = 8, MessagesPerEventPerDay = 100 });
        book.Choose(At(1), true);
        book.Choose(At(2), true);
        for (byte organiser = 1; organiser <= 4; organiser++) book.Send(About(Concert, $"first of {organiser}", organiser), [At(1), At(2)]);

        foreach (var subject in new[] { "1", "2", "3" }) book.Send(About(Play, subject, organiser: 9), [At(1)]);

        Subjects(book, 1).Should().Equal("3", "2", "first of 4", "first of 3", "first of 2", "first of 1");
        foreach (byte organiser in new byte[] { 5, 6, 7 }) book.Send(About(Concert, $"first of {organiser}", organiser), [At(1)]);
        Subjects(book, 1).Should().Equal("first of 7", "first of 6", "first of 5", "3", "2", "first of 4", "first of 3", "first of 2");
        Subjects(book, 2).Should().Equal("first of 4", "first of 3", "first of 2", "first of 1");
    }

    [Fact]
    public void For_more_messages_than_are_kept_the_oldest_of_the_organiser_who_has_the_most_goes_whoever_got_it()
    {
        _book.Choose(At(1), true);
        _book.Send(About(Concert, "quiet", organiser: 1), [At(1)]);
        _book.Send(About(Play, "loud 1", organiser: 2), [At(1)]);
        _book.Send(About(Play, "loud 2", organiser: 2), [At(1)]);
        for (var i = 0; i < 3; i++) _book.Send(About(new EventId([.. Enumerable.Repeat((byte)(10 + i), EventId.Size)]), organiser: 2), []).IsAccepted.Should().BeTrue("nobody is refused because others wrote much");

        Subjects(_book, 1).Should().Equal("loud 2", "quiet");
        Count("message").Should().Be(5);
        Count("inbox").Should().Be(2);
    }

    [Fact]
    public void What_is_over_is_not_shown_and_forgotten_with_the_next_message_or_at_the_next_opening()
    {
        _book.Choose(At(1), true);
        _book.Send(About(Concert), [At(1)]);
        _clock.Now += TimeSpan.FromDays(20);
        _book.Send(About(Concert), [At(1)]);

        _clock.Now += TimeSpan.FromDays(10) + TimeSpan.FromMilliseconds(1);
        _book.Received(At(1), null, 10).Should().ContainSingle();
        Count("message").Should().Be(2);
        _book.Send(About(Play), []);
        Count("message").Should().Be(2);
        Count("inbox").Should().Be(1);
        _clock.Now += TimeSpan.FromDays(30) + TimeSpan.FromMilliseconds(1);
        _ = new ContactBook(_database, _clock, Limits);
        (Count("message") + Count("inbox")).Should().Be(0);
    }

    [Fact]
    public void A_message_to_many_is_delivered_in_parts_whose_number_does_not_tell_who_opted_in()
    {
        var everybody = Crowd(ContactBook.PartSize + 1);
        Run("CREATE TABLE part_seen (part INTEGER)", "CREATE TRIGGER seen AFTER INSERT ON delivery BEGIN INSERT INTO part_seen VALUES (new.part); END");

        _book.Send(About(Concert), everybody);
        Count("part_seen").Should().Be(2);
        OptIn(everybody);
        var book = new ContactBook(_database, _clock, Limits);
        book.Send(About(Concert), everybody);

        Count("part_seen").Should().Be(4);
        Count("inbox").Should().Be(everybody.Length);
        Count("delivery").Should().Be(0);
        _clock.Now += TimeSpan.FromDays(31);
        book.Send(About(Play), []);
        Count("inbox").Should().Be(0, "and taken back in parts");
        Count("message").Should().Be(1);
    }

    [Fact]
    public void A_delivery_that_broke_off_goes_on_at_the_next_opening_and_before_somebody_opts_out()
    {
        var everybody = Crowd(ContactBook.PartSize + 1);
        OptIn(everybody);
        var book = new ContactBook(_database, _clock, Limits);
        Run($"CREATE TRIGGER broken BEFORE INSERT ON inbox WHEN new.address = x'{Convert.ToHexString(everybody[^1].Span)}' BEGIN SELECT RAISE(ABORT, 'broken'); END");

        book.Invoking(open => open.Send(About(Concert), everybody)).Should().Throw<StorageException>();
        Count("inbox").Should().Be(ContactBook.PartSize, "the first part was delivered");
        book.Invoking(open => open.Choose(everybody[0], false)).Should().Throw<StorageException>();
        Run("DROP TRIGGER broken");
        _ = new ContactBook(_database, _clock, Limits);

        Count("inbox").Should().Be(everybody.Length);
        Count("delivery").Should().Be(0);
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

    private static ContactMessage About(EventId eventId, string subject = "Subject", byte organiser = 200) => new(eventId, "Les Élans", At(organiser), subject, "Text\nof two lines");

    private static Address[] Crowd(int count) => [.. Enumerable.Range(0, count).Select(i => new Address([.. BitConverter.GetBytes(i), .. new byte[Address.Size - sizeof(int)]]))];

    private static IEnumerable<string> Subjects(ContactBook book, byte reader) => book.Received(At(reader), null, 100).Select(message => message.Message.Subject);

    private void OptIn(IEnumerable<Address> accounts) => Run([.. accounts.Select(account => $"INSERT INTO contact VALUES (x'{Convert.ToHexString(account.Span)}')")]);

    private void Run(params string[] statements) => _database.Write((connection, transaction) =>
    {
        foreach (var statement in statements) connection.Execute(statement, transaction: transaction);
    });

    private long Count(string table) => _database.Read(lease => lease.Connection.ExecuteScalar<long>($"SELECT count(*) FROM {table}"));
}
