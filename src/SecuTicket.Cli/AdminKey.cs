using System.CommandLine;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli;

/// <summary>The operator's key, for what only an operator may do. A node in Development asks loopback callers for none.</summary>
internal sealed class AdminKey
{
    private const string Variable = "SECUTICKET_ADMIN_KEY";

    private readonly Option<string?> _option = Symbols.Text("--admin-key", $"The node's admin key. Other users of this machine may see what stands on a command line. [{Variable}]", "KEY");

    /// <summary>The option.</summary>
    public IEnumerable<Symbol> All => [_option];

    /// <summary>The key, or null when none is given. It is the one secret that is sent, so it goes in the clear to this machine only.</summary>
    /// <param name="run">The run.</param>
    /// <param name="node">Where it would go.</param>
    /// <returns>The key, empty for none; or <c>usage</c>.</returns>
    public Verdict<string> Of(Run run, Uri node)
    {
        var key = run.Get(_option) is { Length: > 0 } given ? given : run.Surroundings.Variable(Variable);
        if (string.IsNullOrEmpty(key)) return string.Empty;
        if (!key.All(character => character is > ' ' and <= '~')) return new Refusal(FailureCodes.Usage, "The admin key holds other characters than printable ASCII.");

        return node.Scheme == Uri.UriSchemeHttps || node.IsLoopback
            ? key
            : new Refusal(FailureCodes.Usage, $"The admin key is not sent to {node} in the clear: name the node with https://, or reach it through a tunnel to this machine.");
    }
}
