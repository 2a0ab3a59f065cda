namespace SecuTicket.Browser.Tests;

/// <summary>Shares one browser, and one node with the site, among the tests of this assembly.</summary>
[CollectionDefinition(Name)]
public sealed class SharedChromium : ICollectionFixture<ChromiumFixture>, ICollectionFixture<Site.SiteFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Chromium";
}
