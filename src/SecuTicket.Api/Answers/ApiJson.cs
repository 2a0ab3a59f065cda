using System.Text.Json.Serialization;
using SecuTicket.Api.Accounts;
using SecuTicket.Api.Chain;
using SecuTicket.Api.Events;
using SecuTicket.Api.Gate;
using SecuTicket.Api.Mining;
using SecuTicket.Api.Nodes;
using SecuTicket.Api.Transactions;

namespace SecuTicket.Api.Answers;

/// <summary>How this API writes its answers: snake_case, absent where null unless the contract says null, no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccountCreatedContract))]
[JsonSerializable(typeof(AddressContract))]
[JsonSerializable(typeof(BlockContract))]
[JsonSerializable(typeof(BlockchainContract))]
[JsonSerializable(typeof(DelegationContract))]
[JsonSerializable(typeof(ForgedContract))]
[JsonSerializable(typeof(GateCodeContract))]
[JsonSerializable(typeof(MessageContract))]
[JsonSerializable(typeof(NewBlockContract))]
[JsonSerializable(typeof(NodeContract))]
[JsonSerializable(typeof(PeersContract))]
[JsonSerializable(typeof(RejectedNodeContract[]))]
[JsonSerializable(typeof(ResolutionContract))]
[JsonSerializable(typeof(ScanContract))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(SubmissionAnswer))]
[JsonSerializable(typeof(RefusedLine))]
internal sealed partial class ApiJson : JsonSerializerContext;
