using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Demo;

/// <summary>Somebody in the demonstration.</summary>
/// <param name="Name">What they are called in it.</param>
/// <param name="Address">Their account, kept by the node.</param>
/// <param name="Secret">Its secret, 64 hex digits.</param>
public sealed record DemoAccount(string Name, Address Address, string Secret)
{
    /// <summary>The name alone: a secret must not reach a log by being formatted.</summary>
    public override string ToString() => Name;
}

/// <summary>A step of the demonstration was refused.</summary>
public sealed class DemoStoppedException : Exception
{
    /// <summary>Stops it.</summary>
    /// <param name="step">What was tried.</param>
    /// <param name="refusal">Why it was refused.</param>
    public DemoStoppedException(string step, Refusal refusal)
        : base($"{step} was refused: {refusal.Code}, {refusal.Detail}")
    {
    }
}
