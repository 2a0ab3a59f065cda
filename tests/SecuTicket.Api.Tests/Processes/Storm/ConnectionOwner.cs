using System.Net;

namespace SecuTicket.Api.Tests.Processes.Storm;

/// <summary>Which process holds the other end of a connection on this machine: all nodes call from 127.0.0.1, and only the system knows which of them it was.</summary>
internal static class ConnectionOwner
{
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Whether this system tells.</summary>
    public static bool IsTold => File.Exists(Tables[0]);

    /// <summary>Finds it among some processes; null when it is none of them, or gone.</summary>
    /// <param name="caller">The end it connected from.</param>
    /// <param name="called">The port it connected to.</param>
    /// <param name="processes">Whom it may be.</param>
    public static int? Find(IPEndPoint caller, int called, IEnumerable<int> processes)
    {
        if (InodeOf(caller.Port, called) is not { } inode) return null;

        var link = $"socket:[{inode}]";
        return processes.Where(process => Holds(process, link)).Select(static process => (int?)process).FirstOrDefault();
    }

    // A row: number, local and remote end as hex address:port, state, …; the tenth is the inode.
    private static string? InodeOf(int from, int to)
    {
        var (local, remote) = ($":{from:X4}", $":{to:X4}");
        return Tables.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(static row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(row => row.Length > 9 && row[1].EndsWith(local, StringComparison.Ordinal) && row[2].EndsWith(remote, StringComparison.Ordinal))
            .Select(static row => row[9])
            .FirstOrDefault(static inode => inode != "0");
    }

    private static bool Holds(int process, string link)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{process}/fd").Any(file => new FileInfo(file).LinkTarget == link);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
