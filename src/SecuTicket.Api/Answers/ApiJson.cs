using System.Text.Json.Serialization;
using SecuTicket.Api.Accounts;
using SecuTicket.Api.Chain;
using SecuTicket.Api.Events;
using SecuTicket.Api.Gate;
using SecuTicket.Api.Mining;
using SecuTicket.Api.Nodes;
using SecuTicket.Api.Organisers;
using SecuTicket.Api.Proofs;
using SecuTicket.Api.Stakes;
using SecuTicket.Api.Streaming;
using SecuTicket.Api.Tickets;
using SecuTicket.Api.Transactions;

namespace SecuTicket.Api.Answers;

/// <summary>How this API writes its answers: snake_case, absent where null unless the contract says null, no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccountContract))]
[JsonSerializable(typeof(AccountCreatedContract))]
[JsonSerializable(typeof(AddressContract))]
[JsonSerializable(typeof(BlockchainContract))]
[JsonSerializable(typeof(BlockContract))]
[JsonSerializable(typeof(BlockEvent))]
[JsonSerializable(typeof(CertificateContract))]
[JsonSerializable(typeof(ChainContract))]
[JsonSerializable(typeof(ChainValidationContract))]
[JsonSerializable(typeof(ContactContract))]
[JsonSerializable(typeof(DelegationContract))]
[JsonSerializable(typeof(ErasureReceiptContract))]
[JsonSerializable(typeof(EventContract))]
[JsonSerializable(typeof(EventStatsContract))]
[JsonSerializable(typeof(ForgedContract))]
[JsonSerializable(typeof(ForkTooDeepEvent))]
[JsonSerializable(typeof(GateCodeContract))]
[JsonSerializable(typeof(GateReportContract))]
[JsonSerializable(typeof(HeaderContract))]
[JsonSerializable(typeof(HeadersContract))]
[JsonSerializable(typeof(IdentityOpeningContract))]
[JsonSerializable(typeof(MessageContract))]
[JsonSerializable(typeof(NewBlockContract))]
[JsonSerializable(typeof(NodeContract))]
[JsonSerializable(typeof(NodesRegisteredContract))]
[JsonSerializable(typeof(Page<EventContract>))]
[JsonSerializable(typeof(Page<PairingClaimContract>))]
[JsonSerializable(typeof(Page<ReceivedMessageContract>))]
[JsonSerializable(typeof(Page<TicketChangeContract>))]
[JsonSerializable(typeof(Page<TicketContract>))]
[JsonSerializable(typeof(Page<TransactionAnswer>))]
[JsonSerializable(typeof(Page<ValidatorContract>))]
[JsonSerializable(typeof(PairedContract))]
[JsonSerializable(typeof(PairingCodeContract))]
[JsonSerializable(typeof(PeersContract))]
[JsonSerializable(typeof(ProofContract))]
[JsonSerializable(typeof(PublicEventContract))]
[JsonSerializable(typeof(RawJson))]
[JsonSerializable(typeof(ReceiptVerdictsContract))]
[JsonSerializable(typeof(RefusedLine))]
[JsonSerializable(typeof(RejectedNodeContract[]))]
[JsonSerializable(typeof(ReorganisationEvent))]
[JsonSerializable(typeof(ResolutionContract))]
[JsonSerializable(typeof(ScanContract))]
[JsonSerializable(typeof(ScheduleContract))]
[JsonSerializable(typeof(SentMessageContract))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(SubmissionAnswer))]
[JsonSerializable(typeof(TicketContract))]
[JsonSerializable(typeof(TransactionAnswer))]
[JsonSerializable(typeof(TransactionEvent))]
[JsonSerializable(typeof(VerificationContract))]
internal sealed partial class ApiJson : JsonSerializerContext;
