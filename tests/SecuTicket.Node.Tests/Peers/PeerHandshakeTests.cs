using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>Who calls and who is called prove chain, genesis and key to each other, in one handshake and in no other.</summary>
public class PeerHandshakeTests
{
    private readonly TestPeer _alice = new("node alice");
    private readonly TestPeer _bob = new("node bob");
    private readonly TestPeer _mallory = new("node mallory");

    public static TheoryData<string> Claims => ["chain id", "genesis", "key", "address", "port", "height", "weight", "tip", "software", "challenge", "to"];

    [Fact]
    public void Two_nodes_prove_who_they_are()
    {
        var (hello, welcome, proof) = Shake(_alice, _bob);

        PeerHandshake.VerifyWelcome(hello, welcome, TestPeer.Verifier).IsAccepted.Should().BeTrue();
        PeerHandshake.VerifyProof(hello, welcome, proof, TestPeer.Verifier).IsAccepted.Should().BeTrue();
        proof.Challenge.Should().Be(welcome.Challenge);
    }

    [Theory]
    [MemberData(nameof(Claims))]
    public void A_signature_covers_every_claim_and_both_challenges(string claim)
    {
        var (hello, welcome, proof) = Shake(_alice, _bob);
        var changedHello = claim switch
        {
            "challenge" => hello with { Challenge = TestPeer.Challenge("x") },
            "to" => hello with { To = TestPeer.AddressOf("http://mallory.example:5000") },
            _ => hello with { Self = Change(hello.Self, claim) },
        };
        Code(PeerHandshake.VerifyWelcome(changedHello, welcome, TestPeer.Verifier)).Should().NotBeNull();
        Code(PeerHandshake.VerifyProof(changedHello, welcome, proof, TestPeer.Verifier)).Should().NotBeNull();
        if (claim == "to") return;

        var changedWelcome = claim == "challenge" ? welcome with { Challenge = TestPeer.Challenge("x") } : welcome with { Self = Change(welcome.Self, claim) };
        Code(PeerHandshake.VerifyWelcome(hello, changedWelcome, TestPeer.Verifier)).Should().NotBeNull();

        // What the other side says is covered too.
        string[] digests =
        [
            .. new[] { (hello, welcome), (changedHello, welcome), (hello, changedWelcome) }
                .SelectMany(one => new[] { PeerHandshake.WelcomeDigest(one.Item1, one.Item2.Self, one.Item2.Challenge), PeerHandshake.ProofDigest(one.Item1, one.Item2) })
                .Select(digest => digest.ToString()),
        ];
        digests.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void What_one_text_ends_with_is_not_taken_for_what_the_next_begins_with()
    {
        var (hello, welcome, _) = Shake(_alice, _bob);
        PeerHello With(string software) => hello with { Self = hello.Self with { Software = software } };

        PeerHandshake.ProofDigest(With("a"), welcome).Should().NotBe(PeerHandshake.ProofDigest(With("aa"), welcome));
        var address = hello with { Self = hello.Self with { Address = TestPeer.AddressOf("http://a.example") } };
        PeerHandshake.ProofDigest(address, welcome).Should().NotBe(PeerHandshake.ProofDigest(hello, welcome));
    }

    [Fact]
    public void A_welcome_of_another_handshake_is_refused()
    {
        var (_, welcome, _) = Shake(_alice, _bob, "first");
        var again = _alice.Hello("second");

        Code(PeerHandshake.VerifyWelcome(again, welcome, TestPeer.Verifier)).Should().Be("not_a_node");
    }

    [Fact]
    public void A_proof_of_another_handshake_is_refused_even_under_the_challenge_of_this_one()
    {
        var (_, _, old) = Shake(_alice, _bob, "first");
        var (hello, welcome, _) = Shake(_alice, _bob, "second");

        Code(PeerHandshake.VerifyProof(hello, welcome, old, TestPeer.Verifier)).Should().Be("not_a_node");
        Code(PeerHandshake.VerifyProof(hello, welcome, old with { Challenge = welcome.Challenge }, TestPeer.Verifier)).Should().Be("not_a_node");
    }

    [Fact]
    public void A_right_signature_under_another_challenge_is_refused()
    {
        var (hello, welcome, proof) = Shake(_alice, _bob);

        Code(PeerHandshake.VerifyProof(hello, welcome, proof with { Challenge = TestPeer.Challenge("x") }, TestPeer.Verifier)).Should().Be("not_a_node");
    }

    [Fact]
    public void A_signature_of_one_role_serves_in_no_other()
    {
        var (hello, welcome, proof) = Shake(_alice, _bob);
        var reflected = new PeerProof(welcome.Challenge, _alice.Sign(PeerHandshake.WelcomeDigest(hello, welcome.Self, welcome.Challenge)));
        var returned = welcome with { Signature = _bob.Sign(PeerHandshake.ProofDigest(hello, welcome)) };

        Code(PeerHandshake.VerifyProof(hello, welcome, reflected, TestPeer.Verifier)).Should().Be("not_a_node");
        Code(PeerHandshake.VerifyWelcome(hello, returned, TestPeer.Verifier)).Should().Be("not_a_node");
        Code(PeerHandshake.VerifyWelcome(hello, welcome with { Signature = proof.Signature }, TestPeer.Verifier)).Should().Be("not_a_node");
    }

    [Fact]
    public void What_a_node_signed_as_the_called_one_does_not_serve_it_as_the_caller()
    {
        // Mallory lets Bob sign a welcome for her hello, and shows that to Bob as Bob's own proof.
        var challenge = TestPeer.Challenge("shared");
        var signed = PeerHandshake.Welcome(HelloOf(_mallory.Identity, challenge), _bob.Identity, challenge, _bob.Sign).Value;
        var hello = HelloOf(_bob.Identity, challenge);
        var welcome = PeerHandshake.Welcome(hello, _alice.Identity, challenge, _alice.Sign).Value;

        Code(PeerHandshake.VerifyProof(hello, welcome, new PeerProof(challenge, signed.Signature), TestPeer.Verifier)).Should().Be("not_a_node");
    }

    [Fact]
    public void A_proof_for_one_node_is_none_for_another()
    {
        var hello = _alice.Hello("caller");
        var bobs = PeerHandshake.Welcome(hello, _bob.Identity, TestPeer.Challenge("called"), _bob.Sign).Value;
        var mallorys = PeerHandshake.Welcome(hello, _mallory.Identity, TestPeer.Challenge("called"), _mallory.Sign).Value;
        var proof = PeerHandshake.Prove(hello, mallorys, _alice.Sign);

        PeerHandshake.VerifyProof(hello, mallorys, proof, TestPeer.Verifier).IsAccepted.Should().BeTrue();
        Code(PeerHandshake.VerifyProof(hello, bobs, proof, TestPeer.Verifier)).Should().Be("not_a_node");
    }

    [Fact]
    public void Nobody_signs_for_another()
    {
        var (hello, welcome, _) = Shake(_alice, _bob);
        var forged = PeerHandshake.Welcome(hello, _bob.Identity, welcome.Challenge, _mallory.Sign).Value;

        Code(PeerHandshake.VerifyWelcome(hello, forged, TestPeer.Verifier)).Should().Be("not_a_node");
        Code(PeerHandshake.VerifyProof(hello, welcome, PeerHandshake.Prove(hello, welcome, _mallory.Sign), TestPeer.Verifier)).Should().Be("not_a_node");
    }

    [Fact]
    public void Another_chain_and_another_genesis_are_refused_by_both_sides()
    {
        foreach (var other in new[] { _alice.Identity with { ChainId = "other" }, _alice.Identity with { Genesis = TestPeer.Challenge("other") } })
        {
            var hello = HelloOf(other, TestPeer.Challenge("caller"));
            var called = PeerHandshake.Welcome(hello, _bob.Identity, TestPeer.Challenge("called"), _bob.Sign);
            called.Refusal!.Code.Should().Be("other_chain");
            called.Refusal.Detail.Should().Contain(_bob.Identity.Genesis.ToString(), "who is refused learns where he knocked");

            var honest = _bob.Hello("caller");
            var welcome = new PeerWelcome(other, TestPeer.Challenge("called"), _alice.Sign(PeerHandshake.WelcomeDigest(honest, other, TestPeer.Challenge("called"))));
            Code(PeerHandshake.VerifyWelcome(honest, welcome, TestPeer.Verifier)).Should().Be("other_chain");
        }
    }

    [Fact]
    public void A_node_that_meets_itself_knows_it()
    {
        PeerHandshake.Welcome(_alice.Hello("caller"), _alice.Identity, TestPeer.Challenge("called"), _alice.Sign).Refusal!.Code.Should().Be("self");

        // As when somebody hands a node's hello on to that node itself, and its welcome back.
        var hello = _alice.Hello("caller");
        var welcome = new PeerWelcome(_alice.Identity, TestPeer.Challenge("called"), _alice.Sign(PeerHandshake.WelcomeDigest(hello, _alice.Identity, TestPeer.Challenge("called"))));
        Code(PeerHandshake.VerifyWelcome(hello, welcome, TestPeer.Verifier)).Should().Be("self");
    }

    [Fact]
    public void Checked_are_form_then_chain_then_self_then_signature()
    {
        var hello = _alice.Hello("caller");
        var everythingWrong = _alice.Identity with { Software = string.Empty, ChainId = "other" };
        string Judge(PeerIdentity self) => Code(PeerHandshake.VerifyWelcome(hello, new PeerWelcome(self, default, default), TestPeer.Verifier))!;

        Judge(everythingWrong).Should().Be("not_a_node");
        Judge(everythingWrong with { Software = "x" }).Should().Be("other_chain");
        Judge(_alice.Identity).Should().Be("self");
        Judge(_bob.Identity).Should().Be("not_a_node");
    }

    [Fact]
    public void Claims_that_no_node_makes_are_refused_before_anything_is_signed()
    {
        var claims = _alice.Identity;
        PeerIdentity[] malformed =
        [
            claims with { ChainId = string.Empty }, claims with { ChainId = new string('a', 65) }, claims with { ChainId = "test chain" }, claims with { ChainId = "tést" },
            claims with { Software = string.Empty }, claims with { Software = new string('a', 65) }, claims with { Software = "a\nb" },
            claims with { Port = 0 }, claims with { Port = 65_536 }, claims with { Port = -1 }, claims with { Port = 5_000, Address = TestPeer.AddressOf("http://a.example") },
            claims with { Tip = claims.Tip with { Height = -1 } }, claims with { Tip = claims.Tip with { Height = (1L << 53) } },
        ];

        foreach (var one in malformed)
        {
            var signed = 0;
            Signature Sign(Hash256 digest)
            {
                signed++;
                return _bob.Sign(digest);
            }

            PeerHandshake.Welcome(HelloOf(one, default), _bob.Identity, default, Sign).Refusal!.Code.Should().Be("not_a_node", "of {0}", one);
            signed.Should().Be(0);
        }
    }

    [Fact]
    public void A_key_that_is_no_point_of_the_curve_proves_nothing()
    {
        var point = _alice.Identity.Key.Span.ToArray();
        point[40] ^= 1;
        var hello = HelloOf(_alice.Identity with { Key = new PublicKey(point) }, TestPeer.Challenge("caller"));
        var welcome = PeerHandshake.Welcome(hello, _bob.Identity, TestPeer.Challenge("called"), _bob.Sign).Value;

        hello.Self.Node.Should().Be(_alice.Node, "the account is of X and the parity of Y alone");
        Code(PeerHandshake.VerifyProof(hello, welcome, PeerHandshake.Prove(hello, welcome, _alice.Sign), TestPeer.Verifier)).Should().Be("not_a_node");
    }

    [Fact]
    public void Refusals_say_nothing_of_what_was_received()
    {
        var hello = _alice.Hello("caller");
        foreach (var other in new[] { _bob.Identity with { ChainId = "secretname" }, _bob.Identity with { Software = "secretname\n" } })
            PeerHandshake.VerifyWelcome(hello, new PeerWelcome(other, default, default), TestPeer.Verifier).Refusal!.Detail.Should().NotContain("secretname");
    }

    [Fact]
    public void The_protocol_prints_what_is_signed()
    {
        var printed = Printed();
        var hello = PeerCodec.DecodeRequest(PeerKinds.Hello, System.Text.Encoding.UTF8.GetBytes(printed["hello.request"]), DevelopmentChain.Spec).Value.Should().BeOfType<PeerRequest.Hello>().Subject.Claims;
        var welcome = PeerCodec.DecodeAnswer(PeerKinds.Hello, System.Text.Encoding.UTF8.GetBytes(printed["hello.answer"]), DevelopmentChain.Spec).Value.Should().BeOfType<PeerAnswer.Welcome>().Subject.Claims;

        printed["handshake.welcome.digest"].Should().Be($"{PeerHandshake.WelcomeDigest(hello, welcome.Self, welcome.Challenge)}").And.Be($"{Hash256.Sha256(Convert.FromHexString(printed["handshake.welcome.bytes"]))}");
        printed["handshake.proof.digest"].Should().Be($"{PeerHandshake.ProofDigest(hello, welcome)}").And.Be($"{Hash256.Sha256(Convert.FromHexString(printed["handshake.proof.bytes"]))}");
    }

    private static Dictionary<string, string> Printed()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "SecuTicket.sln"))) root = Path.GetDirectoryName(root)!;
        return File.ReadLines(Path.Combine(root, "docs", "protocol.md")).Where(line => line.StartsWith("hello.", StringComparison.Ordinal) || line.StartsWith("handshake.", StringComparison.Ordinal))
            .Select(line => line.Split(" = ", 2)).ToDictionary(parts => parts[0], parts => parts[1]);
    }

    private static (PeerHello Hello, PeerWelcome Welcome, PeerProof Proof) Shake(TestPeer caller, TestPeer called, string name = "session")
    {
        var hello = caller.Hello($"{name} caller");
        var welcome = PeerHandshake.Welcome(hello, called.Identity, TestPeer.Challenge($"{name} called"), called.Sign).Value;
        return (hello, welcome, PeerHandshake.Prove(hello, welcome, caller.Sign));
    }

    private static PeerHello HelloOf(PeerIdentity self, Hash256 challenge) => new(self, TestPeer.AddressOf("http://called.example:5000"), challenge);

    private PeerIdentity Change(PeerIdentity claims, string claim) => claim switch
    {
        "chain id" => claims with { ChainId = "another" },
        "genesis" => claims with { Genesis = TestPeer.Challenge("another") },
        "key" => claims with { Key = _mallory.Identity.Key },
        "address" => claims with { Address = TestPeer.AddressOf("http://mallory.example:5000") },
        "port" => claims with { Port = 6_666 },
        "height" => claims with { Tip = claims.Tip with { Height = 7 } },
        "weight" => claims with { Tip = claims.Tip with { Weight = 7 } },
        "tip" => claims with { Tip = claims.Tip with { Hash = TestPeer.Challenge("another") } },
        "software" => claims with { Software = "another" },
        _ => throw new ArgumentOutOfRangeException(nameof(claim)),
    };

    private static string? Code(Verdict verdict) => verdict.Refusal?.Code;
}
