using System.ComponentModel.DataAnnotations;
using SecuTicket.Node.Contact;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Composition;

/// <summary>The node's settings: section <c>Node</c> of the configuration.</summary>
public sealed class NodeOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Node";

    private static readonly IdentityLimits VaultDefaults = new KeptAccountsOptions().Identities;
    private static readonly ContactLimits ContactDefaults = new();

    /// <summary>Where ledger and key lie; by default <c>data/&lt;port&gt;</c> under the current folder.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>The file with the key that kept accounts are encrypted under; by default in the data directory.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The address under which other nodes reach this one.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>A chain specification; by default the built-in <c>secuticket-dev</c>.</summary>
    public string? ChainSpec { get; set; }

    /// <summary>A PEM file with the private key of an exchange authority of the chain, for <c>/accounts/{address}/top-up</c>.</summary>
    public string? ExchangeKeyFile { get; set; }

    /// <summary>A PEM file with the P-256 private key of a validator, on chains with stakes: this node makes its blocks and votes. One node for one key.</summary>
    public string? ForgingKeyFile { get; set; }

    /// <summary>The passphrase of that file, where it is encrypted; better in a file, or in the environment, than on a command line.</summary>
    public string? ForgingKeyPassphrase { get; set; }

    /// <summary>A file whose first line is that passphrase, readable by nobody else.</summary>
    public string? ForgingKeyPassphraseFile { get; set; }

    /// <summary>The folder of trust anchors and revocation lists for organisers' certificates; by default <c>trust</c> in the data directory, and it may be missing.</summary>
    public string? TrustAnchors { get; set; }

    /// <summary>Whether a certificate whose issuer has no revocation list in that folder stays unverified.</summary>
    public bool RequireRevocationLists { get; set; }

    /// <summary>Most identities kept. Default 1,000,000.</summary>
    [Range(1, long.MaxValue)]
    public long VaultRecords { get; set; } = VaultDefaults.Records;

    /// <summary>Most bytes of all identities kept. Default 2 GiB.</summary>
    [Range(1, long.MaxValue)]
    public long VaultBytes { get; set; } = VaultDefaults.Bytes;

    /// <summary>Most accounts that organisers may write to. Default 1,000,000.</summary>
    [Range(1, 100_000_000)]
    public int Contacts { get; set; } = ContactDefaults.Contacts;

    /// <summary>Most messages about one event within 24 hours. Default 10.</summary>
    [Range(1, 1_000_000)]
    public int MessagesPerEventPerDay { get; set; } = ContactDefaults.MessagesPerEventPerDay;

    /// <summary>Most messages kept; for a newer one the oldest of the organiser who has the most goes. Default 100,000.</summary>
    [Range(1, 100_000_000)]
    public int Messages { get; set; } = ContactDefaults.Messages;

    /// <summary>Most messages that one account has, and four times what it has of one organiser; for a newer one the oldest goes. Default 200.</summary>
    [Range(1, 100_000)]
    public int InboxMessages { get; set; } = ContactDefaults.InboxMessages;

    /// <summary>How long a message is kept. Default 365 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan MessagesKeptFor { get; set; } = ContactDefaults.KeptFor;

    /// <summary>The limits of identities.</summary>
    internal IdentityLimits Vault => new(VaultRecords, VaultBytes);

    /// <summary>The limits of what organisers write.</summary>
    internal ContactLimits Contact => new()
    {
        Contacts = Contacts,
        MessagesPerEventPerDay = MessagesPerEventPerDay,
        Messages = Messages,
        InboxMessages = InboxMessages,
        KeptFor = MessagesKeptFor,
    };

    /// <summary>The administrators' key; without one administrative routes answer loopback callers in Development only.</summary>
    public string? AdminKey { get; set; }

    /// <summary>Whether the node asks itself for the first pages once when the process has started, so that nobody waits for it.</summary>
    public bool WarmPages { get; set; } = true;

    /// <summary>Addresses of other nodes, which this one always calls. One is enough: it tells of others.</summary>
    [MaxLength(MaxPeers)]
    public List<string> Peers { get; set; } = [];

    /// <summary>Whether peers may be on this machine and in private networks; by default in Development only.</summary>
    public bool? AllowPrivatePeers { get; set; }

    /// <summary>A PEM file with the only roots that peers' certificates may come from; by default those that the operating system trusts.</summary>
    public string? PeerCertificates { get; set; }

    /// <summary>Most addresses of other nodes.</summary>
    public const int MaxPeers = 64;

    /// <summary>The addresses of other nodes, each once.</summary>
    internal IEnumerable<PeerAddress> PeerAddresses => Peers.Select(static text => PeerAddress.TryParse(text, out var address) ? address : null).OfType<PeerAddress>().Distinct();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PublicUrl is not null && !PeerAddress.TryParse(PublicUrl, out _))
            yield return new ValidationResult($"Node:PublicUrl is '{PublicUrl}', expected http or https, a host and a port, such as http://tickets.example:5000.", [nameof(PublicUrl)]);
        foreach (var peer in Peers.Where(peer => !PeerAddress.TryParse(peer, out _)))
            yield return new ValidationResult($"Node:Peers has '{peer}', expected http or https, a host and a port, such as http://127.0.0.1:5001.", [nameof(Peers)]);
    }

    /// <summary>Takes what is set to nothing for what is not set: a line of an environment file that was left empty names no file.</summary>
    internal void ForgetEmpty()
    {
        (DataDirectory, KeyFile, PublicUrl, ChainSpec) = (Named(DataDirectory), Named(KeyFile), Named(PublicUrl), Named(ChainSpec));
        (ExchangeKeyFile, ForgingKeyFile, ForgingKeyPassphraseFile) = (Named(ExchangeKeyFile), Named(ForgingKeyFile), Named(ForgingKeyPassphraseFile));
        (TrustAnchors, PeerCertificates) = (Named(TrustAnchors), Named(PeerCertificates));
    }

    private static string? Named(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

/// <summary>When blocks are sealed: section <c>Mining</c> of the configuration.</summary>
public sealed class MiningOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Mining";

    /// <summary>Whether blocks are sealed without being asked for; <c>/mine</c> works either way.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Transactions that must wait for a block to be sealed at once.</summary>
    [Range(1, 1_000_000)]
    public int MinPending { get; set; } = 5;

    /// <summary>How long a transaction waits at the most.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "30.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Least time between the starts of two automatic seals.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan MinSpacing { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Threads that search for a nonce.</summary>
    [Range(1, 1024)]
    public int Threads { get; set; } = 1;
}
