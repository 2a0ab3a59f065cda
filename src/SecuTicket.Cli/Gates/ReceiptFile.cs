using SecuTicket.Core.Gate;
using SecuTicket.Node.Storage;

namespace SecuTicket.Cli.Gates;

/// <summary>The receipts of a gate that is scanning: each is on the disk before its result is shown.</summary>
internal sealed class ReceiptFile : IDisposable
{
    private readonly FileStream _file;
    private readonly bool _isDurable;
    private long _size;

    private ReceiptFile(FileStream file, ReceiptLines kept, bool isDurable)
    {
        _file = file;
        _size = kept.Size;
        _isDurable = isDurable;
        Log = kept.Log;
    }

    /// <summary>What the gate did so far.</summary>
    public GateLog Log { get; private set; }

    /// <summary>Opens the file after what was read of it, cutting off a torn line. Whoever calls holds the folder's lock.</summary>
    /// <param name="path">The file; made (mode 0600) when it is not there.</param>
    /// <param name="kept">What was read of it.</param>
    /// <param name="isDurable">False to leave flushing to the operating system: for measurements.</param>
    public static ReceiptFile Open(string path, ReceiptLines kept, bool isDurable = true)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = DurableFiles.OwnerOnly;
        var isNew = !File.Exists(path);
        var file = new FileStream(path, options);
        if (kept.TornSize > 0)
        {
            file.SetLength(kept.Size);
            file.Flush(flushToDisk: true);
        }

        file.Seek(kept.Size, SeekOrigin.Begin);
        if (isNew) DurableFiles.FlushFolder(Path.GetDirectoryName(path)!);
        return new ReceiptFile(file, kept, isDurable);
    }

    /// <summary>Adds a receipt durably.</summary>
    /// <exception cref="IOException">It could not be written: nothing is added, and nothing may be shown.</exception>
    public void Add(SignedReceipt receipt)
    {
        if (!Log.With(receipt.Receipt).TryGet(out var next, out var refusal)) throw new InvalidOperationException(refusal.Detail);

        var line = ReceiptLines.LineOf(receipt);
        if (_size + line.Length > ReceiptLines.MaxSize) throw new IOException($"'{_file.Name}' is full ({ReceiptLines.MaxSize} bytes): report it, and go on with another --gate-directory and wallet.");

        try
        {
            _file.Write(line);
            if (_isDurable) _file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            _file.SetLength(_size);
            _file.Seek(_size, SeekOrigin.Begin);
            throw;
        }

        _size += line.Length;
        Log = next;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
