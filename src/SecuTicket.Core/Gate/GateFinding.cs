using SecuTicket.Core.Encoding;

namespace SecuTicket.Core.Gate;

/// <summary>What judging a code gave.</summary>
/// <param name="Result">The first reason not to let its bearer in, or <see cref="GateResult.Valid"/>.</param>
/// <param name="Code">The code, when the text is one in form; its signature may be wrong all the same.</param>
/// <param name="Ticket">The ticket, when it is known and the code's signature is right.</param>
/// <param name="Event">The ticket's event, when there is a ticket.</param>
/// <param name="First">Who was let in before, exactly when the result is <see cref="GateResult.AlreadyRedeemed"/>.</param>
public sealed record GateFinding(GateResult Result, GateCode? Code = null, RosterEntry? Ticket = null, RosterEvent? Event = null, GateAdmission? First = null);
