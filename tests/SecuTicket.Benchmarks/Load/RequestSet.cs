using System.Buffers;
using System.Text;

namespace SecuTicket.Benchmarks.Load;

/// <summary>Complete HTTP requests, made before the clock runs: the client then costs little more than two system calls for each.</summary>
internal sealed class RequestSet
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 20);
    private readonly List<(int Start, int Length)> _places = [];

    /// <summary>Requests in the set.</summary>
    public int Count => _places.Count;

    /// <summary>Bytes of all of them.</summary>
    public int Size => _bytes.WrittenCount;

    public ReadOnlyMemory<byte> this[int index] => _bytes.WrittenMemory.Slice(_places[index].Start, _places[index].Length);

    /// <summary>Adds a POST.</summary>
    public void AddPost(string path, ReadOnlySpan<byte> body, string contentType = "application/json")
    {
        var start = _bytes.WrittenCount;
        Text($"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {contentType}\r\nContent-Length: {body.Length}\r\n\r\n");
        _bytes.Write(body);
        _places.Add((start, _bytes.WrittenCount - start));
    }

    /// <summary>Adds a GET.</summary>
    public void AddGet(string path)
    {
        var start = _bytes.WrittenCount;
        Text($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n\r\n");
        _places.Add((start, _bytes.WrittenCount - start));
    }

    /// <summary>Adds a request that is complete already.</summary>
    public void Add(ReadOnlySpan<byte> request)
    {
        _places.Add((_bytes.WrittenCount, request.Length));
        _bytes.Write(request);
    }

    private void Text(string text) => Encoding.ASCII.GetBytes(text, _bytes);
}
