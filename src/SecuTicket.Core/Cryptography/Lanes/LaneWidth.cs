using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmSha256 = System.Runtime.Intrinsics.Arm.Sha256;

namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>How many messages are hashed side by side.</summary>
internal enum LaneWidth
{
    /// <summary>One: without vectors, or by the processor's own SHA instructions.</summary>
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

    /// <summary>What costs least for messages.</summary>
    public static LaneWidth ForMessages { get; } = For(LaneWidth.Vector512, Widest, HasShaInstructions && LibcryptoSha256.IsAvailable);

    /// <summary>What costs least for the nodes of a tree, which take less to be put into lanes.</summary>
    public static LaneWidth ForNodes { get; } = For(LaneWidth.Vector256, Widest, HasShaInstructions && LibcryptoSha256.IsAvailable);

    /// <summary>Whether the processor has instructions for SHA-256.</summary>
    /// <remarks>.NET has those of Arm; those of x86 are bit 29 of EBX of CPUID's leaf 7 (Intel, Software Developer's Manual, volume 2A, CPUID).</remarks>
    internal static bool HasShaInstructions =>
        ArmSha256.IsSupported || (X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 0).Ebx & (1 << 29)) != 0);

    /// <summary>The widest, or one by one where SHA instructions are within reach.</summary>
    /// <param name="least">The width from which on lanes cost less than these instructions.</param>
    /// <param name="widest">The widest that the machine has.</param>
    /// <param name="sha">Whether the instructions can be reached.</param>
    internal static LaneWidth For(LaneWidth least, LaneWidth widest, bool sha) => sha && widest < least ? LaneWidth.Scalar : widest;
}
