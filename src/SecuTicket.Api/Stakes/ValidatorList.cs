using SecuTicket.Api.Answers;
using SecuTicket.Api.Queries;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Stakes;

/// <summary>Reads validators page by page, in the order of their addresses.</summary>
internal static class ValidatorList
{
    /// <summary>Reads one page.</summary>
    /// <param name="stakes">Who has what at stake.</param>
    /// <param name="limit">The most validators.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    public static Page<ValidatorContract> Read(StakeState stakes, int limit, AccountPlace? after)
    {
        var staked = stakes.Staked;
        var page = new PageBuilder<ValidatorContract>(limit);
        var last = after;
        foreach (var (account, validator) in after is { } place ? stakes.Validators.After(place.Account) : stakes.Validators)
        {
            if (!page.Fits(ValidatorContract.MaxBytes)) return page.ToPage(last.ToString());

            page.Add(ValidatorContract.Of(account, validator, staked, stakes.Tables.Present), ValidatorContract.MaxBytes);
            last = new AccountPlace(account);
        }

        return page.ToPage(null);
    }
}

/// <summary>Where a page of accounts ended: the last one's address.</summary>
/// <param name="Account">The account.</param>
public readonly record struct AccountPlace(Address Account)
{
    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AccountPlace place)
    {
        var read = Cursor.TryParse(text.ToString(), out var cursor) && cursor.Bytes.Length == Address.Size;
        place = read ? new AccountPlace(new Address(cursor.Bytes)) : default;
        return read;
    }

    /// <inheritdoc/>
    public override string ToString() => new Cursor(Account.Span).ToString();
}
