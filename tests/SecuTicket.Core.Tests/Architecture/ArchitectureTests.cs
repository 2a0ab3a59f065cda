using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Tests.Architecture;

/// <summary>DESIGN §2: arrows go one way, between projects and between the rooms of Core.</summary>
public partial class ArchitectureTests
{
    /// <summary>A room uses only those before it.</summary>
    private static readonly string[] Rooms = ["Cryptography", "Primitives", "Encoding", "Transactions", "Blocks", "Specification", "Ledger", "Consensus", "Mempool", "Chain", "Gate", "Proofs"];

    /// <summary>What a project may refer to.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["SecuTicket.Core"] = [],
        ["SecuTicket.Node"] = ["SecuTicket.Core"],
        ["SecuTicket.Api"] = ["SecuTicket.Node", "SecuTicket.Core"],
        ["SecuTicket.Cli"] = ["SecuTicket.Node", "SecuTicket.Core"],
    };

    [Fact]
    public void Projects_and_the_rooms_of_Core_use_only_what_stands_before_them()
    {
        foreach (var project in Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            var references = XDocument.Load(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
            references.Should().BeSubsetOf(Arrows[Path.GetFileNameWithoutExtension(project)], "that is what {0} may use", Path.GetFileName(project));
        }

        Directory.GetDirectories(Path.Combine(Repository.Root, "src", "SecuTicket.Core")).Select(Path.GetFileName).Except(["bin", "obj"]).Should().BeSubsetOf(Rooms, "a new room needs a place in the order");
        var arrows = CompiledArrows().Concat(WrittenArrows()).Distinct().ToArray();
        arrows.Should().HaveCountGreaterThan(20);
        arrows.Where(arrow => Array.IndexOf(Rooms, arrow.To) > Array.IndexOf(Rooms, arrow.From)).Should().BeEmpty("rooms are listed from the ground up");
    }

    [Fact]
    public void A_file_stands_in_the_room_that_its_namespace_names()
    {
        foreach (var (room, file, text) in Sources())
        {
            var space = Namespace().Match(text).Groups[1].Value;
            var folder = Path.GetRelativePath(Path.Combine(Repository.Root, "src"), Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            space.Should().Be(folder, "of {0} in {1}", Path.GetFileName(file), room);
        }
    }

    [Fact]
    public void Lanes_are_for_the_search_of_a_nonce_the_Merkle_tree_and_what_is_read_ahead_of_a_block_and_seen_nowhere_else()
    {
        const string lanes = "SecuTicket.Core.Cryptography.Lanes";
        var types = typeof(Hash256).Assembly.GetTypes().Where(type => type.Namespace == lanes).ToArray();
        types.Should().NotBeEmpty().And.OnlyContain(type => !type.IsVisible);

        var users = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file) is var text && text.Contains("Cryptography.Lanes", StringComparison.Ordinal) && !text.Contains($"namespace {lanes};", StringComparison.Ordinal));
        users.Select(Path.GetFileName).Should().BeEquivalentTo("ProofOfWork.cs", "MerkleTree.cs", "ReadAhead.cs", "SeatIdentities.cs", "Keccak256.cs", "LibcryptoSha256.cs");
    }

    // Core is pure: the compiler's list of banned symbols sees to calls; this to what it is linked with.
    [Fact]
    public void Core_is_linked_with_the_base_class_library_only()
    {
        var names = typeof(Hash256).Assembly.GetReferencedAssemblies().Select(name => name.Name!).ToArray();

        names.Should().OnlyContain(name => name.StartsWith("System.", StringComparison.Ordinal));
        names.Should().NotContain(name => name.Contains("Net") || name.Contains("FileSystem") || name.Contains("Threading.Tasks") || name.Contains("Diagnostics.Process"));
    }

    private static string? RoomOf(string space) =>
        space.StartsWith("SecuTicket.Core.", StringComparison.Ordinal) && space.Split('.')[2] is var room && Array.IndexOf(Rooms, room) >= 0 ? room : null;

    // Every type that the compiled code of a type mentions: bases, interfaces, fields, signatures, and the members its method bodies touch.
    private static IEnumerable<(string From, string To)> CompiledArrows()
    {
        using var file = new PEReader(File.OpenRead(typeof(Hash256).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var mentions = new TypeMentions(file, metadata);
        foreach (var handle in metadata.TypeDefinitions)
        {
            if (RoomOf(mentions.NamespaceOf(handle)) is not { } from) continue;

            foreach (var used in mentions.Of(handle))
                if (RoomOf(used) is { } to && to != from) yield return (from, to);
        }
    }

    private static IEnumerable<(string From, string To)> WrittenArrows() =>
        from source in Sources()
        from Match used in UsedRoom().Matches(source.Text)
        let to = used.Groups["room"].Value
        // «header.Chain.Span» is a property, «Chain.Blockchain» a room and its type.
        where to != source.Room && (!used.Groups["name"].Success || typeof(Hash256).Assembly.GetType($"SecuTicket.Core.{to}.{used.Groups["name"].Value}") is not null)
        select (source.Room, to);

    private static IEnumerable<(string Room, string File, string Text)> Sources() =>
        from room in Rooms
        let folder = Path.Combine(Repository.Root, "src", "SecuTicket.Core", room)
        from file in Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
        select (room, file, File.ReadAllText(file));

    // «using SecuTicket.Core.Blocks;», «Core.Blocks.Block» and, within SecuTicket.Core, «Primitives.Address».
    [GeneratedRegex(@"SecuTicket\.Core\.(?<room>\w+)|(?<![\w.])(?:Core\.)?(?<room>Cryptography|Primitives|Encoding|Transactions|Blocks|Specification|Ledger|Consensus|Mempool|Chain|Gate|Proofs)\.(?<name>\w+)")]
    private static partial Regex UsedRoom();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
