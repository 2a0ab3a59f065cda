using System.Net;
using SecuTicket.Api.Composition;

namespace SecuTicket.Api.Web.Sale;

/// <summary>Whether a browser may make money for trying things: only beside a node in Development that has an exchange authority's key.</summary>
/// <param name="host">Has the key, or not.</param>
/// <param name="environment">Where the node runs.</param>
public sealed class Exchange(NodeHost host, IHostEnvironment environment)
{
    /// <summary>Whether it is open to whoever asks; the route itself looks again.</summary>
    public bool IsOpenTo(HttpContext? context) =>
        host.ExchangeAuthority is not null && environment.IsDevelopment() && context?.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote);
}
