using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Tests.Storage;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_folder_is_made_with_its_parents_for_its_owner_only()
    {
        using var directory = DataDirectory.Open(_folder["data/5000"]);

        Directory.Exists(directory.Path).Should().BeTrue();
        if (OperatingSystem.IsWindows()) return;
        File.GetUnixFileMode(directory.Path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void It_knows_where_ledger_and_key_live()
    {
        using var directory = DataDirectory.Open(_folder["a"]);

        directory.LedgerFile.Should().Be(_folder["a/ledger.db"]);
        directory.KeyFile.Should().Be(_folder["a/node.key"]);
    }

    [Fact]
    public void The_key_file_may_live_elsewhere()
    {
        using var directory = DataDirectory.Open(_folder["a"], _folder["secrets/key"]);

        directory.KeyFile.Should().Be(_folder["secrets/key"]);
    }

    [Fact]
    public void What_processes_that_are_gone_did_not_finish_is_removed_when_it_is_opened()
    {
        // No process has the highest number, and the first one is always there.
        string[] gone = ["a/node.key.2147483647.new", "a/ledger.db.2147483647.new", $"a/node.key.{Environment.ProcessId}.new", "secrets/key.2147483647.new"];
        string[] kept = ["a/node.key.1.new", "a/node.key.new", "a/x.2147483647.old", "secrets/other.2147483647.new"];
        foreach (var folder in new[] { "a", "secrets" }) Directory.CreateDirectory(_folder[folder]);
        foreach (var file in gone.Concat(kept)) File.WriteAllText(_folder[file], "");

        using (DataDirectory.Open(_folder["a"], _folder["secrets/key"]))
        {
        }

        gone.Concat(kept).Where(file => File.Exists(_folder[file])).Should().Equal(kept);
    }

    [Fact]
    public void A_second_owner_is_refused_with_a_message_that_says_what_to_do()
    {
        using var first = DataDirectory.Open(_folder["a"]);

        var second = () => DataDirectory.Open(_folder["a"]);

        second.Should().Throw<DataDirectoryException>().WithMessage("*in use by another process*node.lock*another directory*--Node:DataDirectory=*");
    }

    [Fact]
    public void The_lock_file_names_the_process_that_holds_it()
    {
        using (DataDirectory.Open(_folder["a"]))
        {
        }

        File.ReadAllText(_folder["a/node.lock"]).Should().Be($"{Environment.ProcessId}\n");
    }

    [Fact]
    public void A_folder_given_up_can_be_taken_again()
    {
        DataDirectory.Open(_folder["a"]).Dispose();

        using var again = DataDirectory.Open(_folder["a"]);

        again.Path.Should().Be(_folder["a"]);
    }

    [Fact]
    public void A_file_where_the_folder_should_be_is_refused()
    {
        File.WriteAllText(_folder["a"], "");

        var open = () => DataDirectory.Open(_folder["a"]);

        open.Should().Throw<DataDirectoryException>().WithMessage("*can not be made*--Node:DataDirectory=*");
    }

    [Fact]
    public void A_folder_whose_lock_can_not_be_written_is_refused()
    {
        Directory.CreateDirectory(_folder["a/node.lock"]);

        var open = () => DataDirectory.Open(_folder["a"]);

        open.Should().Throw<DataDirectoryException>().WithMessage("*can not be written*");
    }
}
