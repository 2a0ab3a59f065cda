using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests;

/// <summary>The Swagger page as a person uses it: opens operations, presses Execute, reads what is shown.</summary>
internal sealed class PressedPage
{
    /// <summary>Environment variable that names a folder; pictures of key moments are put there.</summary>
    public const string PicturesVariable = "SECUTICKET_PICTURES";

    private static readonly TimeSpan LongestPress = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentQueue<IRequest> _sent = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly HashSet<string> _unfolded = [];
    private Dictionary<string, string> _sections = [];
    private string? _pressed;

    public PressedPage(IPage page)
    {
        Page = page;
        page.Request += (_, request) => _sent.Enqueue(request);
        page.PageError += (_, fault) => _faults.Enqueue(fault);
    }

    /// <summary>The page underneath.</summary>
    public IPage Page { get; }

    /// <summary>What the page's scripts threw.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Opens the page of a server, and has it stand still: what fades, slides and turns on it is most of what a press costs without a graphics card.</summary>
    public async Task OpenAsync(string server)
    {
        await Page.GotoAsync($"{server}/swagger");
        await Page.Locator(".opblock").First.WaitForAsync();
        await Page.EvaluateAsync(
            """
            () => {
              const still = new CSSStyleSheet();
              still.replaceSync("*, *::before, *::after { animation: none !important; transition: none !important; }");
              document.adoptedStyleSheets = [still];
            }
            """);
    }

    /// <summary>Folds all sections; what is opened from then on has its own unfolded. Every operation in sight makes each press slower.</summary>
    public async Task FoldAsync()
    {
        var sections = await Page.EvaluateAsync<string>(
            """
            () => {
              const sections = [...document.querySelectorAll(".opblock-tag-section")].map(section => ({
                tag: section.querySelector(".opblock-tag"),
                routes: [...section.querySelectorAll(".opblock-summary")].map(one => `${one.querySelector(".opblock-summary-method").textContent} ${one.querySelector("[data-path]").dataset.path}`),
              }));
              for (const { tag } of sections) tag.click();
              return JSON.stringify(Object.fromEntries(sections.flatMap(({ tag, routes }) => routes.map(route => [route, tag.dataset.tag]))));
            }
            """);
        _sections = JsonSerializer.Deserialize<Dictionary<string, string>>(sections)!;
    }

    /// <summary>Types an account and its secret into the dialog.</summary>
    public async Task AuthorizeAsync(string account, string secret)
    {
        await Page.Locator(".auth-wrapper button.authorize").ClickAsync();
        var dialog = Page.Locator(".dialog-ux .auth-container").First;
        await dialog.GetByLabel("Account").FillAsync(account);
        await dialog.GetByLabel("Secret").FillAsync(secret);
        await dialog.Locator("button[type=submit]").ClickAsync();
        await Page.Locator(".dialog-ux .btn-done").First.ClickAsync();
    }

    /// <summary>Chooses in the dialog one of the accounts that were made on the page.</summary>
    public async Task AuthorizeByNameAsync(string name)
    {
        await Page.Locator(".auth-wrapper button.authorize").ClickAsync();
        var dialog = Page.Locator(".dialog-ux .auth-container").First;
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = name, Exact = true }).ClickAsync();
        await dialog.Locator("button[type=submit]").ClickAsync();
        await Page.Locator(".dialog-ux .btn-done").First.ClickAsync();
    }

    /// <summary>Chooses an account in the bar.</summary>
    public async Task SignAsAsync(string name)
    {
        var button = Page.Locator("#secuticket-bar").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = name, Exact = true });
        await button.ClickAsync();
        await Assertions.Expect(button).ToHaveAttributeAsync("aria-pressed", "true");
    }

    /// <summary>The operation of a route such as <c>POST /tickets</c>, opened.</summary>
    public async Task<ILocator> OpenOperationAsync(string route)
    {
        var block = OperationOf(route);
        if (_sections.TryGetValue(route, out var section) && _unfolded.Add(section))
        {
            await HeadOf(section).ClickAsync();
            await block.WaitForAsync();
        }

        if (await block.Locator("button.execute").CountAsync() == 0) await block.Locator(".opblock-summary-control").ClickAsync();
        return block;
    }

    /// <summary>Presses Execute, and reads the answer as it is shown. Closes what was pressed before: every open operation makes the page slower.</summary>
    public async Task<ShownAnswer> PressAsync(string route)
    {
        if (_pressed is { } before && before != route)
        {
            await OperationOf(before).Locator(".opblock-summary-control").ClickAsync();
            if (_sections.TryGetValue(before, out var section) && section != _sections[route] && _unfolded.Remove(section)) await HeadOf(section).ClickAsync();
        }

        _pressed = route;
        var block = await OpenOperationAsync(route);
        var answer = block.Locator(".live-responses-table");
        if (await answer.CountAsync() > 0) await block.Locator("button.btn-clear").ClickAsync();

        // Now and then a press comes to nothing, on a busy machine. As by a person, it is pressed again where after a while nothing happened.
        var (execute, told) = (block.Locator("button.execute"), answer.Locator("tbody .response-col_status").First);
        await execute.ClickAsync();
        while (!await CameAsync(told)) if (await execute.IsEnabledAsync()) await execute.ClickAsync();
        var status = await told.InnerTextAsync();
        var body = answer.Locator(".response-col_description .highlight-code code").First;
        var text = await body.CountAsync() == 0 ? "" : await body.TextContentAsync() ?? "";
        return ShownAnswer.Of(status, text, block);
    }

    /// <summary>Presses Execute by a script in the page, and reads the answer as it is shown: the same buttons as <see cref="PressAsync"/>, without a mouse on its way to them, for which the page is drawn again and again.</summary>
    /// <remarks>For many presses, after <see cref="FoldAsync"/>; not on a page on which something was pressed by hand.</remarks>
    public async Task<ShownAnswer> CallAsync(string route)
    {
        var shown = await Page.EvaluateAsync<string[]>(
            """
            async ([method, path, section, most, patience]) => {
              const block = () => [...document.querySelectorAll(`.opblock-${method}`)].find((one) => one.querySelector("[data-path]").dataset.path === path);
              const part = (selector) => block()?.querySelector(selector);
              const answer = () => part(".live-responses-table tbody .response-col_status");
              const heads = (state) => [...document.querySelectorAll(`.opblock-tag-section${state} .opblock-tag`)];

              // Now and then a press comes to nothing, on a busy machine. As by a person, it is pressed again where after a while nothing happened.
              const until = (awaited, look, press) => new Promise((found, given) => {
                if (look()) return found();

                press();
                const end = (then) => { watch.disconnect(); clearTimeout(limit); clearInterval(again); then(); };
                const watch = new MutationObserver(() => { if (look()) end(found); });
                const limit = setTimeout(() => end(() => given(new Error(`${method} ${path}: ${awaited} never. ${block()?.innerText ?? "There is no such operation."}`))), most);
                const again = setInterval(press, patience);
                watch.observe(document.body, { subtree: true, childList: true, attributes: true });
                if (look()) end(found);
              });
              const toggle = () => part(".opblock-summary-control").click();
              await until("in sight", block, () => {
                for (const head of heads(".is-open")) if (head.dataset.tag !== section) head.click();
                heads(":not(.is-open)").find((head) => head.dataset.tag === section)?.click();
              });
              await until("open", () => part("button.execute"), toggle);
              await until("cleared", () => !answer(), () => part("button.btn-clear")?.click());
              await until("answered", answer, () => { if (!part("button.execute").disabled) part("button.execute").click(); });
              const shown = [answer().innerText, part(".live-responses-table .response-col_description .highlight-code code")?.textContent ?? ""];
              await until("closed", () => !part("button.execute"), toggle);
              return shown;
            }
            """,
            new object[] { route.Split(' ')[0].ToLowerInvariant(), route.Split(' ')[1], _sections[route], LongestPress.TotalMilliseconds, Patience.TotalMilliseconds });
        return ShownAnswer.Of(shown[0], shown[1], OperationOf(route));
    }

    /// <summary>Asserts that no request of the page held a secret, in whatever form Swagger UI could have written it.</summary>
    public async Task ShouldHaveKeptAsync(IEnumerable<(string Account, string Secret)> accounts)
    {
        string[] secrets = [.. accounts.SelectMany(one => new[] { one.Secret, Convert.ToBase64String(Encoding.UTF8.GetBytes($"{one.Account}:{one.Secret}")), Convert.ToBase64String(Convert.FromHexString(one.Secret)) })];
        foreach (var request in _sent)
        {
            var whole = $"{request.Method} {request.Url} {string.Join(' ', await request.AllHeadersAsync())} {request.PostData}";
            whole.Should().NotContainAny(secrets).And.NotMatchRegex("(?i)authorization, *basic");
        }
    }

    /// <summary>How many requests of a method went out to a path.</summary>
    public int SentTo(string method, string path) => _sent.Count(request => request.Method == method && new Uri(request.Url).AbsolutePath == path);

    /// <summary>Takes a picture of what is in view, where a folder for pictures is named.</summary>
    public async Task ShowAsync(string name)
    {
        if (Environment.GetEnvironmentVariable(PicturesVariable) is not { Length: > 0 } folder) return;
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png") });
    }

    private static async Task<bool> CameAsync(ILocator place)
    {
        try
        {
            await place.WaitForAsync(new LocatorWaitForOptions { Timeout = (float)Patience.TotalMilliseconds });
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private ILocator HeadOf(string section) => Page.Locator($".opblock-tag[data-tag=\"{section}\"]");

    private ILocator OperationOf(string route)
    {
        var (method, path) = (route.Split(' ')[0].ToLowerInvariant(), route.Split(' ')[1]);
        return Page.Locator($".opblock-{method}").Filter(new LocatorFilterOptions { Has = Page.Locator($"[data-path=\"{path}\"]") });
    }
}

/// <summary>An answer as the page shows it.</summary>
/// <param name="Status">The HTTP status, or that of an answer made in the page.</param>
/// <param name="Text">The body.</param>
/// <param name="Block">The operation on the page.</param>
internal sealed record ShownAnswer(int Status, string Text, ILocator Block)
{
    /// <summary>The status where nobody answered.</summary>
    public const int None = 0;

    /// <summary>An answer of which the page shows such a status.</summary>
    public static ShownAnswer Of(string status, string text, ILocator block) => new(int.TryParse(status.Split('\n')[0], CultureInfo.InvariantCulture, out var number) ? number : None, text, block);

    /// <summary>The body.</summary>
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>A text of the body.</summary>
    public string this[string name] => Json.GetProperty(name).GetString()!;

    /// <summary>Asserts the status.</summary>
    public ShownAnswer ShouldBe(int status)
    {
        Status.Should().Be(status, Text);
        return this;
    }
}
