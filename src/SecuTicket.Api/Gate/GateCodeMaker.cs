using QRCoder;
using SecuTicket.Api.Chain;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;

namespace SecuTicket.Api.Gate;

/// <summary>Makes gate codes for holders whose keys this node keeps.</summary>
/// <param name="node">The node.</param>
/// <param name="clock">Tells the time.</param>
public sealed class GateCodeMaker(TicketNode node, TimeProvider clock)
{
    /// <summary>A code for now.</summary>
    /// <param name="id">The ticket.</param>
    /// <param name="holder">Who asks, and proved it.</param>
    /// <returns>The code; <c>not_found</c>, <c>not_holder</c> (also for an unsold ticket), <c>unknown_account</c> when the holder's key is not kept here.</returns>
    public Verdict<GateCodeContract> Make(TicketId id, Address holder)
    {
        if (node.Snapshot.Pending.State.Tickets.Find(id) is not { } ticket) return new Refusal(RefusalCodes.NotFound, $"There is no ticket {id}.");
        if (ticket.Status == TicketStatus.Unsold || ticket.Owner != holder) return new Refusal(RefusalCodes.NotHolder, $"{holder} does not hold ticket {id}.");

        var at = (uint)clock.GetUtcNow().ToUnixTimeSeconds();
        if (!node.Accounts.Sign(holder, GateCode.Digest(node.Spec.ChainId, id, at)).TryGet(out var signature, out var refusal)) return refusal;

        var text = new GateCode(id, at, signature.PublicKey, signature.Signature).Format();
        return new GateCodeContract(text, Draw(text), TimeText.OfMilliseconds((at + GateJudge.GoodForSeconds) * 1000L));
    }

    /// <summary>A QR code of a text, as SVG.</summary>
    /// <remarks>Level M survives a scratched screen; a gate code's alphabet is the one that QR codes pack tightest. The size is the page's affair.</remarks>
    internal static string Draw(string text)
    {
        using var generator = new QRCodeGenerator();
        using var modules = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var svg = new SvgQRCode(modules);
        return svg.GetGraphic(pixelsPerModule: 1, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }
}
