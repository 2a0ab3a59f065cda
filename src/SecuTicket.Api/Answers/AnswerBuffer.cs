using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.ObjectPool;

namespace SecuTicket.Api.Answers;

/// <summary>Memory in which an answer's JSON is written before it is sent, so that its length can be announced; used again and again.</summary>
internal sealed class AnswerBuffer : IDisposable
{
    /// <summary>Bytes of memory that one of them may keep: what grew for a page is let go.</summary>
    private const int MaxKept = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);
    private readonly Utf8JsonWriter _json;

    private AnswerBuffer(JavaScriptEncoder? encoder) => _json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = encoder, SkipValidation = true });

    /// <summary>Those for one way of writing JSON.</summary>
    /// <param name="encoder">How texts are escaped; the strict way when null.</param>
    public static ObjectPool<AnswerBuffer> Pool(JavaScriptEncoder? encoder = null) => new DefaultObjectPool<AnswerBuffer>(new Policy(encoder), 256);

    /// <summary>Sends a value as the whole body; status and headers but the length are set.</summary>
    public static async Task SendAsync<T>(ObjectPool<AnswerBuffer> pool, HttpContext context, T value, JsonTypeInfo<T> type)
    {
        var buffer = pool.Get();
        try
        {
            JsonSerializer.Serialize(buffer._json, value, type);
            context.Response.ContentLength = buffer._bytes.WrittenCount;
            await context.Response.BodyWriter.WriteAsync(buffer._bytes.WrittenMemory, context.RequestAborted);
        }
        finally
        {
            pool.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private sealed class Policy(JavaScriptEncoder? encoder) : PooledObjectPolicy<AnswerBuffer>
    {
        public override AnswerBuffer Create() => new(encoder);

        public override bool Return(AnswerBuffer buffer)
        {
            if (buffer._bytes.Capacity > MaxKept)
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
