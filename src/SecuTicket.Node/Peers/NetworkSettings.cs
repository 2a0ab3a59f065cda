using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>The habits and limits of a node among others. Times in milliseconds.</summary>
public sealed record NetworkSettings
{
    /// <summary>Between two looks at a peer's tip. Every node must look at least every 10 s.</summary>
    public long LookInterval { get; init; } = 5_000;

    /// <summary>Between two tries to find peers to call.</summary>
    public long DialInterval { get; init; } = 1_000;

    /// <summary>Between two questions for addresses of other nodes.</summary>
    public long DiscoveryInterval { get; init; } = 60_000;

    /// <summary>Handshakes under way at once.</summary>
    public int Dials { get; init; } = 8;

    /// <summary>Failures in a row after which a peer is given up, and called again later.</summary>
    public int FailuresBeforeLeaving { get; init; } = 3;

    /// <summary>How long a session lasts with a peer that is in order; one that forgets it sooner again and again is left.</summary>
    public long SessionGrace { get; init; } = 60_000;

    /// <summary>How long none of the nodes that are called answers until the operator hears of it; a peer that is started again comes back sooner.</summary>
    public long AloneGrace { get; init; } = 30_000;

    /// <summary>How long an address rests that turned out to be our own.</summary>
    public long SelfRestTime { get; init; } = 86_400_000;

    /// <summary>Time in which points of misconduct halve.</summary>
    public long MisconductHalfLife { get; init; } = 3_600_000;

    /// <summary>Points of misconduct at which a peer is dropped.</summary>
    public int MisconductLimit { get; init; } = 100;

    /// <summary>How long a dropped peer stays away.</summary>
    public long BanTime { get; init; } = 3_600_000;

    /// <summary>Nodes whose misconduct is remembered.</summary>
    public int RememberedMisconduct { get; init; } = 1_024;

    /// <summary>Leaves remembered of what one peer has, more or less.</summary>
    public int KnownLeaves { get; init; } = 16_384;

    /// <summary>Leaves that wait to be announced to one peer; those beyond follow when these have gone.</summary>
    public int QueuedLeaves { get; init; } = 20_000;

    /// <summary>Between two announcements to one peer, unless the second one is full: 50 a second, and as many messages that bring what is wanted.</summary>
    public long AnnouncementInterval { get; init; } = 20;

    /// <summary>How long a peer is left alone with transactions that did not take the last ones.</summary>
    public long AnnouncementRest { get; init; } = 500;

    /// <summary>Leaves remembered that are not wanted for now, because they were refused or confirmed; and of each kind as many that were asked for or refused before.</summary>
    public int UnwantedLeaves { get; init; } = 100_000;

    /// <summary>How long a transaction that was asked for may take to come.</summary>
    public long WantedFor { get; init; } = 10_000;

    /// <summary>How long of that time only one caller is asked for it.</summary>
    public long AskedOfOneFor { get; init; } = 2_000;

    /// <summary>How long a caller that did not bring a transaction in time is not asked for it again.</summary>
    public long AskAgainAfter { get; init; } = 20_000;

    /// <summary>Leaves remembered that one caller was asked for: of two announcements, and an honest node has one on its way.</summary>
    public int AskedOfCaller { get; init; } = 2 * PeerLimits.Leaves;

    /// <summary>Callers whose transactions are remembered; where there are more, the one that was silent for longest is forgotten. As many as have sessions.</summary>
    public int RememberedCallers { get; init; } = 512;

    /// <summary>Transactions that a caller brings at once, none of which it was asked for, from which on that is misconduct.</summary>
    public int UnsolicitedTransactions { get; init; } = 100;

    /// <summary>How long a transaction that our ledger refused is not asked for again at first: what it depends on may come.</summary>
    public long RefusedFor { get; init; } = 2_000;

    /// <summary>How long it is not asked for at the most, however often it was refused.</summary>
    public long RefusedForMost { get; init; } = 600_000;

    /// <summary>How long it is remembered that a transaction was refused.</summary>
    public long RefusalsKept { get; init; } = 3_600_000;

    /// <summary>How long a transaction that was confirmed is not asked for again.</summary>
    public long ConfirmedFor { get; init; } = 600_000;

    /// <summary>How long after its first announcement a leaf is announced once more. Longer than <see cref="AskedOfOneFor"/> and <see cref="RefusedFor"/>: who asked another in vain, or refused it for want of one that it depends on, takes it then.</summary>
    public long OfferSoonAfter { get; init; } = 3_000;

    /// <summary>Between two offers of all that waits, so that what a peer lost or refused too early comes to it again.</summary>
    public long OfferAgainInterval { get; init; } = 30_000;

    /// <summary>Transactions of one such offer, 32 bytes each: a full pending set in 150 s.</summary>
    public int OfferedAgain { get; init; } = 20_000;

    /// <summary>Transactions from peers that are being judged; while there are more, none are asked for.</summary>
    public int TransactionsUnderJudgement { get; init; } = 10_000;

    /// <summary>Of them those of one caller: an eighth, and more than one announcement holds.</summary>
    public int TransactionsOfCallerUnderJudgement { get; init; } = 1_250;

    /// <summary>Announced blocks that are being put together at once.</summary>
    public int Assemblies { get; init; } = 4;

    /// <summary>Missing blocks up to which each is fetched in short: most of its transactions are likely to wait here already.</summary>
    public int FetchedInShort { get; init; } = 8;

    /// <summary>Blocks that are offered to the ledger at once while catching up.</summary>
    public int OfferedBlocks { get; init; } = 64;

    /// <summary>Bytes of such an offer after which no further block is added to it. One is applied and written while the next is checked, so small ones keep the cores busy, and large ones are written with less effort.</summary>
    public long OfferedBytes { get; init; } = 1024 * 1024;

    /// <summary>Such offers at once: one that is written, one that is checked, and one that waits. What else came waits in the download.</summary>
    public int OffersAhead { get; init; } = 3;

    /// <summary>How slowly a peer may give headers, in headers a second, after <see cref="HeaderGrace"/>.</summary>
    public int LeastHeaderRate { get; init; } = 500;

    /// <summary>Time before the speed of headers counts.</summary>
    public long HeaderGrace { get; init; } = 30_000;

    /// <summary>How long a peer whose chain could not be taken is not asked for it again; twice as long each further time, up to <see cref="SetAsideAtMost"/>.</summary>
    public long SetAsideFor { get; init; } = 5_000;

    /// <summary>How long at the most a peer is not asked for a chain that could not be taken.</summary>
    public long SetAsideAtMost { get; init; } = 300_000;

    /// <summary>Between two reports about one peer's branch: that it is heavier and leaves ours too far back, or does not come to the operator's checkpoint.</summary>
    public long AlarmInterval { get; init; } = 600_000;

    /// <summary>How long at the most a header of the future is waited for; then the peer is asked again, which may have left that branch.</summary>
    public long FutureWait { get; init; } = 60_000;

    /// <summary>How long a peer may bring nothing of a chain it was asked for while another one has a heavier chain than ours, too; one that is far away twice as long as it takes to answer.</summary>
    public long Patience { get; init; } = 2_000;

    /// <summary>How long a branch is read that does not make ours heavier before another peer's is read beside it.</summary>
    public long ReadingSlice { get; init; } = 10_000;

    /// <summary>Branches that are read at a time, at the most.</summary>
    public int Readings { get; init; } = 3;

    /// <summary>How long a branch is read that does not make ours heavier when so many are read and others wait.</summary>
    public long ReadingAtMost { get; init; } = 60_000;

    /// <summary>How long the tips of peers that do not answer are waited for when somebody wants the heaviest chain.</summary>
    public long TipPatience { get; init; } = 4_000;

    /// <summary>How long somebody who wants the heaviest chain waits at the most.</summary>
    public long ResolveTime { get; init; } = 25_000;

    /// <summary>How long after an operator registered a node its chain is first looked at, unless somebody asks for it: so that who registers and then resolves sees what it gave.</summary>
    public long LookAfterRegistration { get; init; } = 3_000;

    /// <summary>Most operators that wait for an answer at once.</summary>
    public int Waiting { get; init; } = 256;
}
