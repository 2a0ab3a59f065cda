using SecuTicket.Api.Limits;
using SecuTicket.Api.Queries;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.SignedRequests;

/// <summary>Reads signed requests about an account that only the account itself may make.</summary>
/// <param name="requests">Says who asks.</param>
public sealed class OwnerRequests(SignedRequestReader requests)
{
    /// <summary>Reads a request.</summary>
    /// <typeparam name="T">What the body says.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="address">The account, as the path has it.</param>
    /// <param name="rule">What body the route reads.</param>
    /// <param name="read">Reads the body.</param>
    /// <returns>The account and what the body says; or the first refusal in the contract's order, <c>not_account_owner</c> last.</returns>
    public async ValueTask<Verdict<(Address Owner, T Said)>> ReadAsync<T>(HttpRequest request, string address, BodyRule rule, Func<RequestBody, Verdict<T>> read)
        where T : notnull
    {
        if (!PathValue.Address(address).TryGet(out var owner, out var refusal)) return refusal;
        if (!(await BodyReader.ReadAsync(request, rule, request.HttpContext.RequestAborted)).TryGet(out var body, out refusal)) return refusal;

        using (body)
        {
            if (!read(body).TryGet(out var said, out refusal)) return refusal;
            return requests.Read(request, body, sender => sender == owner ? null : new Refusal("not_account_owner", $"The request is signed by {sender}; only {owner} may do this."))
                .TryGet(out _, out refusal) ? (owner, said) : refusal;
        }
    }

    /// <summary>Reads a request whose body does not matter.</summary>
    /// <inheritdoc cref="ReadAsync{T}(HttpRequest, string, BodyRule, Func{RequestBody, Verdict{T}})"/>
    /// <returns>The account; or the first refusal, as above.</returns>
    public async ValueTask<Verdict<Address>> ReadAsync(HttpRequest request, string address, BodyRule rule) =>
        (await ReadAsync<bool>(request, address, rule, static _ => true)).TryGet(out var asked, out var refusal) ? asked.Owner : refusal;
}
