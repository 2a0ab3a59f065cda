using SecuTicket.Node.Custody;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Storage;

namespace SecuTicket.Node.Tests.Custody;

public sealed class KeyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder["node.key"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_key_is_32_random_bytes_for_the_owner_only()
    {
        KeyFile.OpenOrCreate(Path, 0).Dispose();
        KeyFile.OpenOrCreate(_folder["other.key"], 0).Dispose();

        File.ReadAllBytes(Path).Should().HaveCount(32).And.NotEqual(File.ReadAllBytes(_folder["other.key"]));
        Directory.GetFiles(_folder.Path).Should().HaveCount(2, "nothing unfinished may lie about");
        if (OperatingSystem.IsWindows()) return;
        File.GetUnixFileMode(Path).Should().Be(DurableFiles.OwnerOnly);
    }

    [Fact]
    public void A_new_key_comes_from_the_source_passed_in()
    {
        KeyFile.OpenOrCreate(Path, 0, span => span.Fill(9)).Dispose();

        File.ReadAllBytes(Path).Should().OnlyContain(value => value == 9);
    }

    [Fact]
    public void The_key_is_the_same_the_next_time()
    {
        using var first = KeyFile.OpenOrCreate(Path, 0);
        using var second = KeyFile.OpenOrCreate(Path, 1000);

        second.Sealing.ToArray().Should().Equal(first.Sealing.ToArray());
        second.Fingerprints.ToArray().Should().Equal(first.Fingerprints.ToArray()).And.NotEqual(first.Sealing.ToArray());
    }

    [Fact]
    public void It_may_live_in_a_folder_that_is_not_there_yet()
    {
        KeyFile.OpenOrCreate(_folder["secrets/of/node.key"], 0).Dispose();

        File.Exists(_folder["secrets/of/node.key"]).Should().BeTrue();
    }

    [Fact]
    public void A_lost_key_is_not_replaced_while_accounts_depend_on_it()
    {
        var open = () => KeyFile.OpenOrCreate(Path, 3);

        open.Should().Throw<KeyFileException>().WithMessage("*node.key*is missing*3 kept accounts*backup*--Node:KeyFile=*");
        File.Exists(Path).Should().BeFalse();
    }

    [UnixTheory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.UserExecute)]
    public void A_key_open_to_others_is_refused_and_the_message_says_what_to_run(UnixFileMode extra)
    {
        KeyFile.OpenOrCreate(Path, 0).Dispose();
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, DurableFiles.OwnerOnly | extra);

        var open = () => KeyFile.OpenOrCreate(Path, 0);

        open.Should().Throw<KeyFileException>().WithMessage($"*node.key*open to others ({extra})*chmod 600*");
    }

    [UnixTheory]
    [InlineData(UnixFileMode.UserRead)]
    public void A_key_its_owner_can_only_read_is_fine(UnixFileMode mode)
    {
        KeyFile.OpenOrCreate(Path, 0).Dispose();
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, mode);

        KeyFile.OpenOrCreate(Path, 0).Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_key_of_another_size_is_refused_and_left_alone(int size)
    {
        KeyFile.OpenOrCreate(Path, 0).Dispose();
        File.WriteAllBytes(Path, new byte[size]);

        var open = () => KeyFile.OpenOrCreate(Path, 0);

        open.Should().Throw<KeyFileException>().WithMessage($"*node.key*holds {size} bytes*32*backup*");
        File.ReadAllBytes(Path).Should().HaveCount(size);
    }

    [Fact]
    public void A_folder_in_its_place_is_refused()
    {
        Directory.CreateDirectory(Path);

        var open = () => KeyFile.OpenOrCreate(Path, 0);

        open.Should().Throw<KeyFileException>().WithMessage("*node.key*can not be read*");
    }

    [Fact]
    public void A_key_that_can_not_be_made_leaves_nothing_behind()
    {
        File.WriteAllText(_folder["file"], "");

        var open = () => KeyFile.OpenOrCreate(_folder["file/node.key"], 0);

        open.Should().Throw<KeyFileException>().WithMessage("*can not be read or made*");
        Directory.GetFiles(_folder.Path).Should().Equal(_folder["file"]);
    }

    [Fact]
    public void A_cleared_key_opens_nothing_more()
    {
        var key = KeyFile.OpenOrCreate(Path, 0);
        key.Dispose();

        var use = () => key.Sealing.ToArray();

        use.Should().Throw<ObjectDisposedException>();
    }

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    public void A_master_key_takes_32_bytes(int size)
    {
        var make = () => new MasterKey(new byte[size]);

        make.Should().Throw<ArgumentException>();
    }
}

/// <summary>A theory about file modes, which Windows does not have.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute()
    {
        if (OperatingSystem.IsWindows()) Skip = "File modes are Unix's.";
    }
}
