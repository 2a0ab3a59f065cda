using System.Runtime.Intrinsics.X86;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Cryptography.Lanes;
using ArmSha256 = System.Runtime.Intrinsics.Arm.Sha256;

namespace SecuTicket.Core.Tests.Cryptography.Lanes;

public class LaneWidthTests
{
    [Theory]
    [MemberData(nameof(NonceSearchTests.Widths), MemberType = typeof(NonceSearchTests))]
    public void Only_SHA_instructions_take_the_place_of_lanes_and_only_of_those_too_few_to_beat_them(int lanes)
    {
        var widest = (LaneWidth)lanes;
        foreach (var least in LaneWidths.All)
        {
            LaneWidths.For(least, widest, sha: false).Should().Be(widest);
            LaneWidths.For(least, widest, sha: true).Should().Be(lanes < (int)least ? LaneWidth.Scalar : widest, "{0} lanes beat them", (int)least);
        }
    }

    [Fact]
    public void Messages_are_hashed_one_by_one_below_sixteen_lanes_and_nodes_below_eight()
    {
        var sha = LaneWidths.HasShaInstructions && LibcryptoSha256.IsAvailable;

        LaneWidths.ForMessages.Should().Be(sha && LaneWidths.Widest < LaneWidth.Vector512 ? LaneWidth.Scalar : LaneWidths.Widest);
        LaneWidths.ForNodes.Should().Be(sha && LaneWidths.Widest < LaneWidth.Vector256 ? LaneWidth.Scalar : LaneWidths.Widest);
    }

    [Fact]
    public void The_processor_has_SHA_instructions_when_the_system_says_so()
    {
        if (!OperatingSystem.IsLinux() || !(X86Base.IsSupported || ArmSha256.IsSupported)) return;

        var features = File.ReadAllText("/proc/cpuinfo").Split((char[])[' ', '\n', '\t']);
        LaneWidths.HasShaInstructions.Should().Be(features.Contains("sha_ni") || features.Contains("sha2"));
    }
}
