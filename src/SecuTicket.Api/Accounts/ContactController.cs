using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.SignedRequests;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Node.Contact;

namespace SecuTicket.Api.Accounts;

/// <summary>Whether organisers may write to an account, and what they wrote.</summary>
/// <param name="contacts">Who opted in, and all messages.</param>
/// <param name="owners">Says whether the account itself asks.</param>
/// <param name="limits">Sizes of bodies.</param>
[ApiController]
[Route("/accounts/{address}")]
[Tags("Accounts")]
public sealed class ContactController(ContactBook contacts, OwnerRequests owners, IOptions<LimitOptions> limits) : ControllerBase
{
    /// <summary>Lets organisers of events whose tickets the account holds write to it, or stops that and erases what they wrote</summary>
    [HttpPut("contact")]
    [SignedRequest]
    [JsonBody<ContactDocument>]
    [Refuses("not_account_owner", "contacts_full", "storage_failed")]
    [ProducesResponseType<ContactContract>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Choose(string address)
    {
        if (!(await owners.ReadAsync(Request, address, limits.Value.Json, static body => ObjectBody.Read(body, static fields => fields.Flag("opt_in")))).TryGet(out var asked, out var refusal)) return new ProblemResult(refusal);

        var (owner, optIn) = asked;
        return contacts.Choose(owner, optIn) is { IsAccepted: false, Refusal: var full }
            ? new ProblemResult(full)
            : new JsonAnswer<ContactContract>(new ContactContract(owner.ToString(), optIn), ApiJson.Default.ContactContract);
    }

    /// <summary>The messages that an account received, newest first, for the account itself</summary>
    [HttpGet("messages")]
    [SignedRequest]
    [Paged]
    [Refuses("not_account_owner")]
    [ProducesResponseType<Page<ReceivedMessageContract>>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Messages(string address)
    {
        var query = new QueryReader(Request);
        var limit = query.Limit();
        var after = query.Value<NumberPlace>("after", NumberPlace.TryParse, NumberPlace.Expected);
        if (query.Problem is { } problem) return problem;
        if (!(await owners.ReadAsync(Request, address, limits.Value.OptionalJson)).TryGet(out var owner, out var refusal)) return new ProblemResult(refusal);

        var page = new PageBuilder<ReceivedMessageContract>(limit);
        var last = after;
        foreach (var received in contacts.Received(owner, after?.Number, limit + 1))
        {
            var size = ReceivedMessageContract.SizeOf(received.Message);
            if (!page.Fits(size)) return Answer(page.ToPage(last.ToString()));

            page.Add(ReceivedMessageContract.Of(received), size);
            last = new NumberPlace(received.Number);
        }

        return Answer(page.ToPage(null));
    }

    private JsonAnswer<Page<ReceivedMessageContract>> Answer(Page<ReceivedMessageContract> page)
    {
        Response.Headers.CacheControl = "no-store";
        return new JsonAnswer<Page<ReceivedMessageContract>>(page, ApiJson.Default.PageReceivedMessageContract);
    }
}
