using System.Buffers.Text;
using System.Text;

namespace SecuTicket.Benchmarks.Load;

/// <summary>What the bytes received so far are.</summary>
internal enum ResponseState
{
    /// <summary>More bytes are needed.</summary>
    Partial,

    /// <summary>One response is there, to its last byte.</summary>
    Complete,

    /// <summary>This is no HTTP/1.1 response with a length that this client reads.</summary>
    Malformed,
}

/// <summary>One HTTP/1.1 response as its head describes it.</summary>
/// <param name="Status">The status code.</param>
/// <param name="BodyStart">Where the body begins.</param>
/// <param name="Length">Bytes of head and body.</param>
/// <param name="Closes">Whether the server closes the connection after it.</param>
internal readonly record struct Response(int Status, int BodyStart, int Length, bool Closes);

/// <summary>Finds the end of an HTTP/1.1 response: head, Content-Length, Connection (RFC 9112). Chunked bodies are refused, for no answer measured here has one.</summary>
internal static class ResponseReader
{
    /// <summary>Looks at the bytes received since the request was sent.</summary>
    public static ResponseState Read(ReadOnlySpan<byte> bytes, out Response response)
    {
        response = default;
        var headEnd = bytes.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0) return ResponseState.Partial;

        var head = bytes[..headEnd];
        var lineEnd = head.IndexOf("\r\n"u8);
        var statusLine = lineEnd < 0 ? head : head[..lineEnd];
        if (!statusLine.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(statusLine[9..], out int status, out var digits) || digits != 3) return ResponseState.Malformed;

        var bodyStart = headEnd + 4;
        var headers = lineEnd < 0 ? [] : head[(lineEnd + 2)..];
        if (!Find(headers, "content-length"u8, out var lengthText) || !Utf8Parser.TryParse(lengthText, out int length, out _) || length < 0) return ResponseState.Malformed;

        var closes = Find(headers, "connection"u8, out var connection) && Ascii.EqualsIgnoreCase(connection, "close"u8);
        response = new Response(status, bodyStart, bodyStart + length, closes);
        return bytes.Length < response.Length ? ResponseState.Partial
            : bytes.Length == response.Length ? ResponseState.Complete
            : ResponseState.Malformed;
    }

    private static bool Find(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (!headers.IsEmpty)
        {
            var end = headers.IndexOf("\r\n"u8);
            var line = end < 0 ? headers : headers[..end];
            headers = end < 0 ? [] : headers[(end + 2)..];
            if (line.Length <= name.Length || line[name.Length] != (byte)':' || !Ascii.EqualsIgnoreCase(line[..name.Length], name)) continue;

            value = line[(name.Length + 1)..].Trim((byte)' ');
            return true;
        }

        value = default;
        return false;
    }
}
