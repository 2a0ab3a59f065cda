using System.Runtime.Intrinsics;

namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>How many messages are hashed side by side.</summary>
internal enum LaneWidth
{
    /// <summary>One, without vectors.</summary>
    Scalar = 1,

    /// <summary>Four, in vectors of 128 bits.</summary>
    Vector128 = 4,

    /// <summary>Eight, in vectors of 256 bits.</summary>
    Vector256 = 8,

    /// <summary>Sixteen, in vectors of 512 bits.</summary>
    Vector512 = 16,
}

/// <summary>Which width this machine has.</summary>
internal static class LaneWidths
{
    /// <summary>All of them; each works everywhere, those that the machine lacks slowly.</summary>
    public static IReadOnlyList<LaneWidth> All { get; } = [LaneWidth.Scalar, LaneWidth.Vector128, LaneWidth.Vector256, LaneWidth.Vector512];

    /// <summary>The widest that the machine has.</summary>
    public static LaneWidth Widest { get; } =
        Vector512.IsHardwareAccelerated ? LaneWidth.Vector512
        : Vector256.IsHardwareAccelerated ? LaneWidth.Vector256
        : Vector128.IsHardwareAccelerated ? LaneWidth.Vector128
        : LaneWidth.Scalar;
}
