namespace SecuTicket.Node.Peers;

/// <summary>The limits of a <see cref="PeerBook"/> while it is filled from the disk: counted along, so that a large book costs no more for each record than a small one.</summary>
internal sealed class PeerBookRoom(PeerBookSettings settings, PeerBook book)
{
    private readonly Dictionary<string, int> _ofBlock = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ofSource = new(StringComparer.Ordinal);
    private int _all;
    private int _forgotten;
    private int _registered;
    private int _unproven;

    /// <summary>Counts a record, if there is room for it.</summary>
    public bool TryTake(PeerRecord record)
    {
        if (record.IsForgotten) return ++_forgotten <= settings.Forgotten;

        var block = record.Block is not null && book.CapsBlock(record) ? record.Block : null;
        var isUnproven = record is { IsWanted: false, IsProven: false };
        var isRegistered = record.Origin == PeerOrigin.Registered;
        var source = record.Source ?? "";
        if (_all >= settings.Records || (isRegistered && _registered >= settings.Registered)) return false;
        if (block is not null && _ofBlock.GetValueOrDefault(block) >= settings.PerBlock) return false;
        if (isUnproven && (_unproven >= settings.Unproven || _ofSource.GetValueOrDefault(source) >= settings.UnprovenPerSource)) return false;

        _all++;
        if (isRegistered) _registered++;
        if (block is not null) _ofBlock[block] = _ofBlock.GetValueOrDefault(block) + 1;
        if (isUnproven)
        {
            _unproven++;
            _ofSource[source] = _ofSource.GetValueOrDefault(source) + 1;
        }

        return true;
    }
}
