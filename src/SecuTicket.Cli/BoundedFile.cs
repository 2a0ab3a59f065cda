using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli;

/// <summary>Reads files of bounded size. What does not tell its size, such as a pipe or a device, is read no further than the bound either.</summary>
internal static class BoundedFile
{
    private const int Chunk = 64 * 1024;

    /// <summary>All bytes of a file.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="maxSize">Most bytes that are read.</param>
    /// <param name="code">The code of the refusal.</param>
    /// <returns>Its bytes, or why they are not read: it does not exist, or is larger.</returns>
    /// <exception cref="IOException">It can not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Verdict<ReadOnlyMemory<byte>> Read(string path, int maxSize, string code = FailureCodes.File)
    {
        if (!File.Exists(path)) return new Refusal(code, $"'{path}' does not exist.");

        using var file = File.OpenRead(path);
        var size = file.CanSeek ? file.Length : 0;
        if (size > maxSize) return new Refusal(code, $"'{path}' has {size} bytes; at most {maxSize} are read.");

        // One more than is expected finds the end without growing.
        var bytes = new byte[(int)Math.Min(Math.Max(size, Chunk), maxSize) + 1];
        var count = 0;
        for (var read = file.Read(bytes); read > 0; read = file.Read(bytes, count, bytes.Length - count))
        {
            count += read;
            if (count > maxSize) return new Refusal(code, $"'{path}' has more than {maxSize} bytes, the most that are read.");
            if (count == bytes.Length) Array.Resize(ref bytes, (int)Math.Min(2L * bytes.Length, maxSize + 1L));
        }

        return new ReadOnlyMemory<byte>(bytes, 0, count);
    }

    /// <summary>The text of a file: UTF-8, or what its byte order mark says.</summary>
    /// <returns>The text; or as <see cref="Read"/>.</returns>
    public static Verdict<string> ReadText(string path, int maxSize, string code = FailureCodes.File)
    {
        if (!Read(path, maxSize, code).TryGet(out var bytes, out var refusal)) return refusal;

        using var reader = new StreamReader(new MemoryStream(bytes.ToArray()));
        return reader.ReadToEnd();
    }
}
