namespace SecuTicket.Browser.Tests;

/// <summary>Shares one browser, and one node with the site, among the tests of stories, organisers, a gate's device and the frame around all pages.</summary>
[CollectionDefinition(Name)]
public sealed class SharedChromium : ICollectionFixture<ChromiumFixture>, ICollectionFixture<Site.SiteFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Chromium";
}

/// <summary>Shares another browser and another node among the tests of fans, gates and whoever checks: they mostly wait, so some at a time take little longer than one.</summary>
[CollectionDefinition(Name)]
public sealed class SecondChromium : ICollectionFixture<ChromiumFixture>, ICollectionFixture<Site.SiteFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Second Chromium";
}

/// <summary>Shares a third browser among the tests of the Swagger page, which bring their own servers.</summary>
[CollectionDefinition(Name)]
public sealed class SwaggerChromium : ICollectionFixture<ChromiumFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Swagger Chromium";
}
