using System.CommandLine;

namespace SecuTicket.Cli.Certificates;

/// <summary><c>secuticket certificate …</c></summary>
internal static class CertificateCommands
{
    /// <summary>The commands.</summary>
    public static Command Build(Tool tool) => Tool.Group(
        "certificate",
        "An organiser's X.509 certificate: the name that stands for an address.",
        CertificateSet.Build(tool),
        CertificateShow.Build(tool),
        CertificateRemove.Build(tool));
}
