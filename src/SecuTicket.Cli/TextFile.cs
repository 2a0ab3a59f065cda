using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli;

/// <summary>Files that hold what is sent or signed, bounded in size.</summary>
internal static class TextFile
{
    /// <summary>The name that means standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>Most bytes of one: what a request may carry.</summary>
    public const int MaxSize = 64 * 1024;

    /// <summary>Reads a file, or standard input when it is named <c>-</c>.</summary>
    /// <returns>The text, or <c>file</c>.</returns>
    public static Verdict<string> Read(Run run, string name)
    {
        if (name == StandardInput)
        {
            var buffer = new char[MaxSize + 1];
            var read = run.Surroundings.Input.ReadBlock(buffer);
            return read <= MaxSize ? new string(buffer, 0, read) : new Refusal(FailureCodes.File, $"Standard input holds more than {MaxSize} characters.");
        }

        return BoundedFile.ReadText(run.PathOf(name), MaxSize);
    }
}
