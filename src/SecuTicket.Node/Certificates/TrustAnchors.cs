using System.Security.Cryptography.X509Certificates;

namespace SecuTicket.Node.Certificates;

/// <summary>Whom this node believes, as its folder said when it was read: root certificates and revocation lists. Immutable.</summary>
public sealed class TrustAnchors
{
    private readonly ILookup<string, RevocationList> _lists;

    /// <summary>Takes what was read.</summary>
    /// <param name="roots">Self-issued certificates.</param>
    /// <param name="lists">Revocation lists, not yet believed.</param>
    /// <param name="unreadableLists">Names of files that should hold a list and could not be read: whose list is missing, nobody knows.</param>
    public TrustAnchors(IEnumerable<X509Certificate2> roots, IEnumerable<RevocationList> lists, IReadOnlyList<string> unreadableLists)
    {
        Roots = [.. roots];
        _lists = lists.ToLookup(list => list.Issuer);
        UnreadableLists = unreadableLists;
    }

    /// <summary>Nothing is trusted.</summary>
    public static TrustAnchors None { get; } = new([], [], []);

    /// <summary>The roots.</summary>
    public X509Certificate2Collection Roots { get; }

    /// <summary>Files that should hold a list and could not be read.</summary>
    public IReadOnlyList<string> UnreadableLists { get; }

    /// <summary>The lists that bear the name of a certificate's issuer.</summary>
    public IEnumerable<RevocationList> ListsFor(X509Certificate2 certificate) => _lists[RevocationList.KeyOf(certificate.IssuerName)];
}
