using SecuTicket.Node.Peers;

namespace SecuTicket.Simulation;

/// <summary>Somebody on the network who can be called.</summary>
public interface IReachable
{
    /// <summary>Its place in the network.</summary>
    int Number { get; }

    /// <summary>A request came over the network.</summary>
    /// <param name="request">The request.</param>
    /// <param name="answer">Takes the answer, when there is one.</param>
    /// <returns>Whether anybody is there.</returns>
    bool Serve(ReceivedRequest request, Action<WireAnswer> answer);
}
