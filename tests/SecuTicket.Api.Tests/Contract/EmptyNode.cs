namespace SecuTicket.Api.Tests.Contract;

/// <summary>One node for all tests of a class that change nothing: starting one costs more than asking it.</summary>
public sealed class EmptyNode : IDisposable
{
    public NodeFactory Node { get; } = new();

    public ApiClient Api => Node.Api;

    public void Dispose() => Node.Dispose();
}
