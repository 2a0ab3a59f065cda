namespace SecuTicket.Node.Peers;

/// <summary>In which address block each host was last connected to, as long as a call or a connection holds it. Thread-safe.</summary>
/// <remarks>A call takes whatever connection is free, and the HTTP client does not say which. What is held by nobody is forgotten: there are never more hosts than calls and connections.</remarks>
internal sealed class ReachedBlocks
{
    private readonly Lock _changing = new();
    private readonly Dictionary<(string Host, int Port), Entry> _entries = [];

    /// <summary>Hosts that are held.</summary>
    public int Count
    {
        get
        {
            lock (_changing) return _entries.Count;
        }
    }

    /// <summary>Keeps what is known of a host until it is disposed.</summary>
    public Hold Take(string host, int port)
    {
        lock (_changing)
        {
            if (!_entries.TryGetValue((host, port), out var entry)) _entries[(host, port)] = entry = new Entry();
            entry.Holds++;
            return new Hold(this, (host, port), entry);
        }
    }

    /// <summary>One host, held.</summary>
    internal sealed class Hold(ReachedBlocks blocks, (string Host, int Port) host, Entry entry) : IDisposable
    {
        private bool _isReleased;

        /// <summary>Where it was last connected to; means nothing before a connection stood.</summary>
        public AddressBlock Block
        {
            get
            {
                lock (blocks._changing) return entry.Block;
            }

            set
            {
                lock (blocks._changing) entry.Block = value;
            }
        }

        public void Dispose()
        {
            lock (blocks._changing)
            {
                if (_isReleased) return;

                _isReleased = true;
                if (--entry.Holds == 0) blocks._entries.Remove(host);
            }
        }
    }

    internal sealed class Entry
    {
        public int Holds { get; set; }

        public AddressBlock Block { get; set; }
    }
}
