using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;

namespace SecuTicket.Api.Tests.Web;

/// <summary>The words of the pages: every language has all of them.</summary>
public sealed partial class WordsTests
{
    public static TheoryData<string> Rooms
    {
        get
        {
            var rooms = new TheoryData<string>();
            foreach (var name in typeof(Program).Assembly.GetManifestResourceNames().Where(name => name.EndsWith("Words.resources", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
                rooms.Add(name[..^".resources".Length]);
            return rooms;
        }
    }

    [Theory, MemberData(nameof(Rooms))]
    public void French_has_a_word_for_every_one_of_English_with_the_same_places(string room)
    {
        var (english, french) = (Words(room, CultureInfo.InvariantCulture), Words(room, CultureInfo.GetCultureInfo("fr")));

        french.Keys.Should().BeEquivalentTo(english.Keys);
        foreach (var (name, text) in english) PlacesOf(french[name]).Should().BeEquivalentTo(PlacesOf(text), "{0} of {1}", name, room);
    }

    [Theory, MemberData(nameof(Rooms))]
    public void No_word_is_empty_or_markup(string room) =>
        Words(room, CultureInfo.InvariantCulture).Concat(Words(room, CultureInfo.GetCultureInfo("fr"))).Should().NotContain(word => word.Value.Length == 0 || word.Value.Contains('<'));

    private static Dictionary<string, string> Words(string room, CultureInfo culture) =>
        new ResourceManager(room, typeof(Program).Assembly).GetResourceSet(culture, createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    private static string[] PlacesOf(string text) => [.. Places().Matches(text).Select(match => match.Value).Distinct()];

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Places();
}
