namespace SecuTicket.Browser.Tests;

/// <summary>Shares one browser among the tests of this assembly.</summary>
[CollectionDefinition(Name)]
public sealed class SharedChromium : ICollectionFixture<ChromiumFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Chromium";
}
