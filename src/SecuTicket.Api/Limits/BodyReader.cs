using System.Buffers;
using System.Threading.RateLimiting;
using Microsoft.Net.Http.Headers;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Limits;

/// <summary>Reads a body whole and raw, within a limit: what is signed is what was sent, so nothing may have interpreted it before.</summary>
public static class BodyReader
{
    /// <summary>Memory borrowed at first: a client that announces much and sends nothing must not cost much.</summary>
    private const int FirstBytes = 4096;

    /// <summary>Reads the body: size is judged first, then content type, as the contract orders it.</summary>
    /// <returns>The bytes, to be disposed; or <c>too_large</c>, <c>unsupported_media_type</c>, or <c>malformed_json</c> for an empty body that must be there.</returns>
    /// <exception cref="BadHttpRequestException">The body's framing is broken, or it arrives too slowly.</exception>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public static async ValueTask<Verdict<RequestBody>> ReadAsync(HttpRequest request, BodyRule rule, CancellationToken cancellationToken = default)
    {
        if (request.ContentLength > rule.LimitBytes) return TooLarge(rule);
        if (rule.LimitBytes > LargeBodies.FreeBytes && !(request.ContentLength <= LargeBodies.FreeBytes)) LargeBodies.Expect(request.HttpContext);

        RateLimitLease? place = null;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(request.ContentLength ?? FirstBytes, FirstBytes) + 1);
        var length = 0;
        try
        {
            while (true)
            {
                var read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0) break;
                length += read;
                if (length > rule.LimitBytes) return TooLarge(rule);
                if (length > LargeBodies.FreeBytes && place is null)
                {
                    var places = request.HttpContext.RequestServices.GetRequiredService<LargeBodies>();
                    if (!(await places.EnterAsync(request.HttpContext, cancellationToken)).TryGet(out place, out var full)) return full;
                }

                if (length == buffer.Length) buffer = Grow(buffer, length);
            }

            if (RefuseContent(request, rule, length) is { } refusal) return refusal;

            var body = new RequestBody(buffer, length, place);
            (buffer, place) = ([], null);
            return body;
        }
        finally
        {
            place?.Dispose();
            if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] full, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * full.Length);
        full.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }

    private static Refusal? RefuseContent(HttpRequest request, BodyRule rule, int length)
    {
        // Clients name a type for a body that they do not send.
        if (rule.IsOptional && length == 0) return null;

        var contentType = request.ContentType;
        if (contentType is null && length == 0) return Empty(rule);
        if (!IsExpected(contentType, rule.MediaType))
            return new Refusal("unsupported_media_type", $"The content type is {contentType ?? "missing"}. Send {rule.MediaType}, in UTF-8.");

        if (request.Headers.ContentEncoding is { Count: > 0 } coding && !string.Equals(coding, "identity", StringComparison.OrdinalIgnoreCase))
            return new Refusal("unsupported_media_type", $"The content coding is {coding}. Send the body as it is, not compressed.");

        return length == 0 ? Empty(rule) : null;
    }

    private static Refusal Empty(BodyRule rule) => new("malformed_json", $"The body is empty. Send {rule.MediaType}.");

    private static bool IsExpected(string? contentType, string mediaType)
    {
        if (string.Equals(contentType, mediaType, StringComparison.OrdinalIgnoreCase)) return true;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var parsed)) return false;
        if (!parsed.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)) return false;

        var charset = HeaderUtilities.RemoveQuotes(parsed.Charset);
        return !charset.HasValue || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase);
    }

    private static Refusal TooLarge(BodyRule rule) => new("too_large", $"The body is larger than {rule.LimitBytes} bytes. Send less, or several requests.");
}
