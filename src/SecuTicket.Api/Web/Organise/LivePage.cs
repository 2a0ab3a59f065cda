using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;

namespace SecuTicket.Api.Web.Organise;

/// <summary>What the organisers' pages have in common: the wallet that signs in this browser, and the node's state, as it changes.</summary>
/// <remarks>The page only reads. What it is told over its circuit it shows to whoever told it; what changes anything is signed in the browser and goes to the HTTP contract.</remarks>
public abstract class LivePage : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private DotNetObjectReference<LivePage>? _self;
    private Task _watching = Task.CompletedTask;

    /// <summary>The node.</summary>
    [Inject]
    public required TicketNode Node { get; set; }

    /// <summary>Tells when it knows something new.</summary>
    [Inject]
    public required TipWatch Watch { get; set; }

    /// <summary>Where signatures come from.</summary>
    [Inject]
    public required SigningBrowser Browser { get; set; }

    /// <summary>The state that is shown: with everything pending applied, as the organiser's own steps are.</summary>
    protected NodeSnapshot Snapshot { get; private set; } = null!;

    /// <summary>The wallet that signs; null where there is none, and before the browser was asked.</summary>
    protected SigningWallet? Wallet { get; private set; }

    /// <summary>Whether the browser was asked.</summary>
    protected bool IsAsked { get; private set; }

    /// <summary>The account that signs.</summary>
    protected Address? Account => Wallet is { } wallet && Address.TryParse(wallet.Address, out var account) ? account : null;

    /// <inheritdoc/>
    protected override void OnInitialized() => Snapshot = Node.Snapshot;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;

        _self = DotNetObjectReference.Create(this);
        try
        {
            Wallet = await Browser.WatchWalletAsync(_self);
            IsAsked = true;
            Refresh();
            StateHasChanged();
            _watching = WatchAsync();
            await BeginAsync();
        }
        catch (JSDisconnectedException)
        {
            // Whoever opened the page is gone already.
        }
    }

    /// <summary>Another wallet was chosen, here or in another tab.</summary>
    [JSInvokable]
    public async Task WalletChanged(SigningWallet? wallet)
    {
        Wallet = wallet;
        Look();
        await InvokeAsync(StateHasChanged);
    }

    /// <summary>Shows what the node knows now, rather than at the next look.</summary>
    protected void Refresh()
    {
        Snapshot = Node.Snapshot;
        Look();
    }

    /// <summary>Reads what is shown from <see cref="Snapshot"/>.</summary>
    protected virtual void Look()
    {
    }

    /// <summary>What is done once the browser answered.</summary>
    protected virtual Task BeginAsync() => Task.CompletedTask;

    /// <summary>Tidies up.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        await _watching;
        _gone.Dispose();
        _self?.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task WatchAsync()
    {
        await foreach (var snapshot in Watch.ChangesAsync(Snapshot, _gone.Token))
        {
            await InvokeAsync(() =>
            {
                Snapshot = snapshot;
                Look();
                StateHasChanged();
            });
        }
    }
}
