using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.ObjectPool;

namespace SecuTicket.Api.Answers;

/// <summary>Memory in which an answer's JSON is written before it is sent, so that its length can be announced; used again and again.</summary>
internal sealed class AnswerBuffer : IDisposable
{
    // Bytes of memory that one of them may keep, and how many are kept: what grew for a page is let go.
    private const int MaxKept = 16 * 1024;
    private const int MaxCount = 256;

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);
    private readonly Utf8JsonWriter _json;

    private AnswerBuffer(JavaScriptEncoder? encoder) => _json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = encoder, SkipValidation = true });

    /// <summary>Writes into it; to be flushed by whoever wrote.</summary>
    public Utf8JsonWriter Json => _json;

    /// <summary>Those for one way of writing JSON.</summary>
    /// <param name="encoder">How texts are escaped; the strict way when null.</param>
    /// <param name="maxKept">Bytes of memory that one of them may keep.</param>
    /// <param name="maxCount">How many are kept.</param>
    public static ObjectPool<AnswerBuffer> Pool(JavaScriptEncoder? encoder = null, int maxKept = MaxKept, int maxCount = MaxCount) =>
        new DefaultObjectPool<AnswerBuffer>(new Policy(encoder, maxKept), maxCount);

    /// <summary>Sends a value as the whole body; status and headers but the length are set.</summary>
    public static Task SendAsync<T>(ObjectPool<AnswerBuffer> pool, HttpContext context, T value, JsonTypeInfo<T> type) =>
        SendAsync(pool, context, (value, type), static (buffer, one) => JsonSerializer.Serialize(buffer._json, one.value, one.type));

    /// <summary>Sends what is written as the whole body; status and headers but the length are set.</summary>
    public static async Task SendAsync<T>(ObjectPool<AnswerBuffer> pool, HttpContext context, T what, Action<AnswerBuffer, T> write)
    {
        var buffer = pool.Get();
        try
        {
            write(buffer, what);
            context.Response.ContentLength = buffer._bytes.WrittenCount;

            // Without a token, for which the server would keep a source for each request: it lets go by itself of what is written to a client that went away.
            await context.Response.BodyWriter.WriteAsync(buffer._bytes.WrittenMemory, CancellationToken.None);
        }
        finally
        {
            pool.Return(buffer);
        }
    }

    /// <summary>Adds a value and the end of its line.</summary>
    public void AddLine<T>(T value, JsonTypeInfo<T> type)
    {
        JsonSerializer.Serialize(_json, value, type);
        _json.Reset();
        _bytes.Write("\n"u8);
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private sealed class Policy(JavaScriptEncoder? encoder, int maxKept) : PooledObjectPolicy<AnswerBuffer>
    {
        public override AnswerBuffer Create() => new(encoder);

        public override bool Return(AnswerBuffer buffer)
        {
            if (buffer._bytes.Capacity > maxKept)
            {
                buffer.Dispose();
                return false;
            }

            // In this order: the writer has nothing left that it could still put into the buffer.
            buffer._json.Reset();
            buffer._bytes.ResetWrittenCount();
            return true;
        }
    }
}
