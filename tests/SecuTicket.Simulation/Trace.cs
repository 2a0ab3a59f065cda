using System.Globalization;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Simulation;

/// <summary>What happened in a run, line by line: always as a hash, which two runs of one seed share, and as text for whoever wants to read it.</summary>
/// <param name="start">The moment that lines are counted from, in milliseconds since 1970.</param>
/// <param name="output">Takes the lines; null when nobody reads.</param>
public sealed class Trace(long start, TextWriter? output)
{
    // FNV-1a: cheap, and enough to tell two runs apart that nobody tries to make alike.
    private ulong _hash = 0xcbf29ce484222325;

    /// <summary>Hash over all lines.</summary>
    public ulong Hash => _hash;

    /// <summary>Lines so far.</summary>
    public long Lines { get; private set; }

    /// <summary>Adds a line.</summary>
    /// <param name="at">When, true time in milliseconds.</param>
    /// <param name="node">Which node; −1 for none.</param>
    /// <param name="what">What happened.</param>
    /// <param name="number">How much, or to whom.</param>
    /// <param name="subject">Which block or transaction.</param>
    /// <param name="detail">For readers; hashed too.</param>
    public void Note(long at, int node, string what, long number = 0, Hash256 subject = default, string? detail = null)
    {
        Lines++;
        Mix((ulong)at);
        Mix((ulong)node);
        Mix((ulong)number);
        foreach (var character in what) Mix(character);
        if (subject != Hash256.Zero) Mix(BitConverter.ToUInt64(subject.Span));
        if (detail is not null) foreach (var character in detail) Mix(character);
        if (output is null) return;

        var time = TimeSpan.FromMilliseconds(at - start).ToString(@"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture);
        var name = node < 0 ? "  " : $"n{node}";
        var hash = subject == Hash256.Zero ? string.Empty : $" {subject.ToString()[..12]}";
        output.WriteLine($"{time} {name} {what} {number}{hash}{(detail is null ? string.Empty : $" {detail}")}");
    }

    private void Mix(ulong value) => _hash = (_hash ^ value) * 0x100000001b3;
}
