using System.Text.RegularExpressions;

namespace SecuTicket.Core.Tests.Architecture;

/// <summary>The one rule of .editorconfig that neither the compiler's analyzers nor <c>dotnet format whitespace</c> look at.</summary>
public partial class UsingOrderTests
{
    [Fact]
    public void Namespaces_are_used_in_their_order_and_those_of_the_system_first()
    {
        var files = new[] { "src", "tests" }.SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(static file => !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj")).ToArray();

        files.Should().HaveCountGreaterThan(1_000);
        files.Where(static file => !IsInOrder(File.ReadAllText(file))).Should().BeEmpty();
        IsInOrder("using Dapper;\nusing System.Text;\n").Should().BeFalse();
        IsInOrder("using System.Text;\nusing Systematics;\nusing Zebra;\nusing zebra.Herd;\n").Should().BeTrue();
    }

    private static bool IsInOrder(string text)
    {
        string[] used = [.. Using().Matches(text).Select(static line => line.Groups[1].Value)];
        return used.SequenceEqual(used.OrderBy(static name => name.Split('.')[0] != "System").ThenBy(static name => name.Replace('.', '\0'), StringComparer.OrdinalIgnoreCase));
    }

    [GeneratedRegex(@"^using ([\w.]+);\r?$", RegexOptions.Multiline)]
    private static partial Regex Using();
}
