using System.Net;
using System.Text.Json;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Api.Tests.Contract;

public sealed class StakesTests
{
    [Fact] // S4.5, S4.6, S4.7, S4.15
    public async Task The_story_ends_with_alice_who_has_73_and_25_staked_and_bob_who_has_112()
    {
        using var stage = new StakeStage();
        var (alice, bob) = (stage.Node.KeepAccount(), stage.Node.OwnAccount("bob"));
        await stage.Node.TopUpAsync(alice, 110);
        await stage.Node.TopUpAsync(bob, 100);
        await stage.SealAsync();

        await stage.Api.PostAsync("/transactions", alice, "transfer", new { recipient = bob.Id, amount = 12 });
        await stage.Api.PostAsync("/stake", alice, "stake", new { amount = 25, commitment = stage.CommitmentOf("alice") });
        (await stage.Api.GetAsync($"/accounts/{alice.Id}?pending=true")).GetProperty("stake").GetInt64().Should().Be(25);
        await stage.SealAsync();

        var (a, b) = (await stage.Api.GetAsync($"/accounts/{alice.Id}"), await stage.Api.GetAsync($"/accounts/{bob.Id}"));
        (a.GetProperty("balance").GetInt64(), a.GetProperty("stake").GetInt64(), b.GetProperty("balance").GetInt64()).Should().Be((73, 25, 112));
        b.GetProperty("stake").GetInt64().Should().Be(0);
        a.TryGetProperty("unbonding", out _).Should().BeFalse();
    }

    [Fact]
    public async Task Stake_comes_back_when_unbonding_is_over_and_not_before()
    {
        using var stage = new StakeStage();
        var alice = stage.Node.OwnAccount("alice");
        await stage.Node.TopUpAsync(alice, 100);
        await stage.Api.PostAsync("/stake", alice, "stake", new { amount = 30, commitment = stage.CommitmentOf("alice") });
        await stage.SealAsync();
        await stage.Api.PostAsync("/unstake", alice, "unstake", new { amount = 30 });
        var out_ = (await stage.SealAsync()).GetProperty("index").GetInt64();

        var left = await stage.Api.GetAsync($"/accounts/{alice.Id}");
        (left.GetProperty("balance").GetInt64(), left.GetProperty("stake").GetInt64(), left.GetProperty("unbonding").GetInt64()).Should().Be((70, 0, 30));
        await stage.UntilFinalAsync(out_ + 5);
        (await stage.Api.GetAsync($"/accounts/{alice.Id}")).GetProperty("unbonding").GetInt64().Should().Be(30, "one block more must be final");
        await stage.UntilFinalAsync(out_ + 6);

        var paid = await stage.Api.GetAsync($"/accounts/{alice.Id}");
        (paid.GetProperty("balance").GetInt64(), paid.TryGetProperty("unbonding", out _)).Should().Be((100, false));
    }

    [Fact]
    public async Task Validators_are_listed_page_by_page_with_what_they_have_and_did()
    {
        using var stage = new StakeStage(others: [("silent", 50), ("quiet", 50)]);
        for (var i = 0; i < 12; i++) await stage.SealAsync();

        var all = await stage.Api.GetAllAsync("/validators", 1);

        all.Select(one => one.GetProperty("address").GetString()!.ToLowerInvariant()).Should().HaveCount(3).And.BeInAscendingOrder(StringComparer.Ordinal);
        all.SelectMany(one => one.EnumerateObject().Select(field => field.Name)).Distinct()
            .Should().Equal("address", "stake", "share", "chance", "unbonding", "forged", "missed", "slashed");
        var ours = all.Single(one => one.GetProperty("address").GetString() == stage.Forger.Id);
        (ours.GetProperty("stake").GetInt64(), ours.GetProperty("share").GetDecimal(), ours.GetProperty("chance").GetDecimal()).Should().Be((900, 0.9m, 0.9m));
        (ours.GetProperty("forged").GetInt64(), ours.GetProperty("missed").GetInt64()).Should().Be((12, MissedBy(stage, stage.Forger.Id)));
        all.Sum(one => one.GetProperty("missed").GetInt64()).Should().Be(Misses(stage).Count, "each slot that was passed over is somebody's");
    }

    [Fact]
    public async Task A_stake_that_waits_shows_when_it_is_asked_for_and_its_chance_comes_an_epoch_or_two_later()
    {
        using var stage = new StakeStage();
        var alice = stage.Node.OwnAccount("alice");
        await stage.Node.TopUpAsync(alice, 100);
        await stage.Api.PostAsync("/stake", alice, "stake", new { amount = 100, commitment = stage.CommitmentOf("alice") });

        (await stage.Api.GetAllAsync("/validators", 10)).Should().HaveCount(1);
        var waiting = (await stage.Api.GetAllAsync("/validators?pending=true", 10)).Single(one => one.GetProperty("address").GetString() == alice.Id);

        (waiting.GetProperty("stake").GetInt64(), waiting.GetProperty("share").GetDecimal(), waiting.GetProperty("chance").GetDecimal()).Should().Be((100, 0.1m, 0m));
        await stage.UntilFinalAsync(8);
        (await stage.Api.GetAllAsync("/validators", 10)).Single(one => one.GetProperty("address").GetString() == alice.Id).GetProperty("chance").GetDecimal().Should().Be(0.1m);
    }

    [Fact]
    public async Task The_schedule_says_whose_turn_it_is_and_what_of_it_is_certain()
    {
        using var stage = new StakeStage(others: [("silent", 900)]);
        await stage.SealAsync();
        var slot = stage.Node.Node.Snapshot.Chain.Turns!.Slot;

        var schedule = await stage.Api.GetAsync("/validators/schedule?slots=50");
        var turns = schedule.GetProperty("items").EnumerateArray().ToArray();

        (schedule.GetProperty("slot").GetInt64(), schedule.GetProperty("tip_slot").GetInt64(), schedule.GetProperty("slot_time").GetInt32(), schedule.GetProperty("epoch").GetInt64()).Should().Be((slot, slot, StakeStage.SlotTime, 1));
        turns.Select(turn => turn.GetProperty("slot").GetInt64()).Should().Equal(Enumerable.Range(1, 50).Select(i => slot + i));
        turns.Select(turn => turn.GetProperty("certain").GetBoolean()).Should().Equal(Enumerable.Range(1, 50).Select(i => i == 1), "each block brings another seed");
        turns.Select(turn => turn.GetProperty("forger").GetString()).Distinct().Should().HaveCount(2);
        DateTimeOffset.Parse(turns[0].GetProperty("starts_at").GetString()!, System.Globalization.CultureInfo.InvariantCulture).Should().Be(stage.Node.Clock.Now.AddMilliseconds(StakeStage.SlotTime));
        (await stage.Api.GetAsync("/validators/schedule")).GetProperty("items").GetArrayLength().Should().Be(20);

        stage.Node.Clock.Advance(TimeSpan.FromMilliseconds(5 * StakeStage.SlotTime));
        var later = (await stage.Api.GetAsync("/validators/schedule?slots=1")).GetProperty("items")[0];
        (later.GetProperty("slot").GetInt64(), later.GetProperty("certain").GetBoolean()).Should().Be((slot + 5, false), "a block of an earlier slot may still come");
        later.GetProperty("forger").GetString().Should().Be(turns[4].GetProperty("forger").GetString());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1001")]
    [InlineData("1.5")]
    [InlineData("many")]
    [InlineData("")]
    public async Task A_schedule_of_another_length_is_refused(string slots)
    {
        using var stage = new StakeStage();

        await stage.Api.GetRefusedAsync($"/validators/schedule?slots={slots}", HttpStatusCode.BadRequest, "invalid_field");
    }

    [Fact]
    public async Task A_block_asked_for_in_anothers_slot_is_refused_with_the_next_slot_of_ours()
    {
        using var stage = new StakeStage(others: [("silent", 900)]);
        await stage.SealAsync();
        var turns = (await stage.Api.GetAsync("/validators/schedule?slots=200")).GetProperty("items").EnumerateArray().ToArray();
        var others = turns.First(turn => turn.GetProperty("forger").GetString() != stage.Forger.Id);
        stage.Node.Clock.Advance(At(others) - stage.Node.Clock.Now);

        var refused = await stage.Api.PostRefusedAsync("/mine", "{}", HttpStatusCode.Conflict, "not_forger");

        var next = turns.SkipWhile(turn => turn.GetProperty("slot").GetInt64() <= others.GetProperty("slot").GetInt64()).First(turn => turn.GetProperty("forger").GetString() == stage.Forger.Id);
        refused.GetProperty("next").GetProperty("slot").GetInt64().Should().Be(next.GetProperty("slot").GetInt64());
        refused.GetProperty("next").GetProperty("starts_at").GetString().Should().Be(next.GetProperty("starts_at").GetString());
        stage.Node.Clock.Advance(At(next) - stage.Node.Clock.Now);
        (await stage.Api.PostAsync("/mine", "{}", HttpStatusCode.OK)).GetProperty("index").GetInt64().Should().Be(2);
        await stage.Api.PostRefusedAsync("/mine", "{}", HttpStatusCode.Conflict, "not_forger");

        static DateTimeOffset At(JsonElement turn) => DateTimeOffset.Parse(turn.GetProperty("starts_at").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_validator_whose_clock_was_ahead_says_why_it_makes_no_block()
    {
        using var stage = new StakeStage();
        stage.Node.Clock.Advance(TimeSpan.FromHours(1));
        await stage.SealAsync();
        stage.Node.Clock.Advance(TimeSpan.FromHours(-1));

        (await stage.Api.PostRefusedAsync("/mine", "{}", HttpStatusCode.Conflict, "not_forger")).GetProperty("detail").GetString().Should().Contain("its clock was ahead");
    }

    [Fact]
    public async Task A_node_without_a_forging_key_and_another_miner_than_its_own_make_no_block()
    {
        using var keyless = new StakeStage(hasKey: false);
        using var stage = new StakeStage();
        stage.Node.Clock.Advance(TimeSpan.FromMilliseconds(StakeStage.SlotTime));

        (await keyless.Api.PostRefusedAsync("/mine", "{}", HttpStatusCode.Conflict, "not_forger")).TryGetProperty("next", out _).Should().BeFalse();
        await stage.Api.PostRefusedAsync($"/mine?miner={stage.Node.KeepAccount().Id}", "{}", HttpStatusCode.Conflict, "not_forger");
    }

    [Fact]
    public async Task What_is_final_says_so_of_blocks_transactions_and_tickets()
    {
        using var stage = new StakeStage();
        var organiser = stage.Node.OwnAccount("organiser");
        var created = await stage.Api.PostAsync("/events", organiser, "create_event", new { name = "Concert", venue = "Hall", sessions = new[] { new { date = "2027-06-15", time = "19:00" } } });
        var ticket = (await stage.Api.PostAsync("/tickets", organiser, "issue_tickets", new { event_id = created.GetProperty("event_id").GetString(), session = 0, seats = new[] { "A-1" }, price = 1 })).GetProperty("ticket_ids")[0].GetString();
        var transaction = created.GetProperty("transaction_id").GetString();
        (await stage.Api.GetAsync($"/transactions/{transaction}")).GetProperty("final").GetBoolean().Should().BeFalse();
        await stage.SealAsync();

        (await FinalAsync("/chain/blocks/1")).Should().BeFalse();
        foreach (var path in new[] { "/chain/blocks/1", $"/chain/blocks/{stage.Node.Node.Snapshot.Tip.Hash}", "/chain" })
        {
            using var answer = await stage.Api.Http.GetAsync(path);
            new object?[] { answer.Headers.ETag, answer.Headers.CacheControl?.MaxAge, answer.Content.Headers.Expires, answer.Content.Headers.LastModified }
                .Should().OnlyContain(static one => one == null, "no cache is given a reason to keep {0}, of which a block is not final yet", path);
        }

        (await FinalAsync("/chain/blocks/0")).Should().BeTrue("genesis is");
        (await FinalAsync($"/transactions/{transaction}")).Should().BeFalse();
        (await FinalAsync($"/tickets/{ticket}")).Should().BeFalse();
        await stage.UntilFinalAsync(1);

        (await FinalAsync("/chain/blocks/1")).Should().BeTrue();
        (await FinalAsync($"/transactions/{transaction}")).Should().BeTrue();
        (await FinalAsync($"/tickets/{ticket}")).Should().BeTrue();
        (await stage.Api.GetAsync($"/transactions/{transaction}/proof")).GetProperty("transaction").GetProperty("final").GetBoolean().Should().BeTrue();
        var info = await stage.Api.GetAsync("/info");
        var final = stage.Node.Node.Snapshot.Final;
        info.GetProperty("engine").GetString().Should().Be("proof-of-stake");
        info.GetProperty("final").GetProperty("index").GetInt64().Should().Be(final);
        info.GetProperty("final").GetProperty("hash").GetString().Should().Be((await stage.Api.GetAsync($"/chain/blocks/{final}")).GetProperty("hash").GetString());
        info.GetProperty("slot").GetInt64().Should().Be(stage.Node.Node.Spec.SlotOf(stage.Node.Clock.Now.ToUnixTimeMilliseconds()));
        info.GetProperty("epoch").GetInt64().Should().Be((stage.Node.Node.Snapshot.Tip.Index + 1) / 2);
        info.GetProperty("validators").GetInt32().Should().Be(1);
        info.GetProperty("forger").GetString().Should().Be(stage.Forger.Id);
        (await stage.Api.GetAsync("/chain")).GetProperty("chain").EnumerateArray().Select(block => block.GetProperty("final").GetBoolean())
            .Should().Equal(Enumerable.Range(0, (int)stage.Node.Node.Snapshot.Tip.Index + 1).Select(index => index <= final));
        (await stage.Api.GetAsync("/chain/validate")).GetProperty("valid").GetBoolean().Should().BeTrue();

        async Task<bool> FinalAsync(string path) => (await stage.Api.GetAsync(path)).GetProperty("final").GetBoolean();
    }

    [Fact]
    public async Task With_work_final_is_what_lies_deeper_than_any_reorganisation_and_there_are_no_stakes()
    {
        using var folder = new SpecFolder(SpecFolder.Effortless.Replace("effortless", "secuticket-dev").Replace("\"reward\":0", "\"reward\":0,\"reorganisation_limit\":2"));
        using var node = new NodeFactory(settings: [("Node:ChainSpec", folder.File)]);
        using var alice = Wallet.Own("alice");
        await node.SealAsync();
        var created = await node.Api.PostAsync("/events", alice, "create_event", new { name = "Concert", venue = "Hall", sessions = new[] { new { date = "2027-06-15", time = "19:00" } } });
        var ticket = (await node.Api.PostAsync("/tickets", alice, "issue_tickets", new { event_id = created.GetProperty("event_id").GetString(), session = 0, seats = new[] { "A-1" }, price = 1 })).GetProperty("ticket_ids")[0].GetString();
        for (var i = 0; i < 3; i++)
        {
            (await node.Api.GetAsync($"/tickets/{ticket}?pending=true")).GetProperty("final").GetBoolean().Should().BeFalse("two blocks must follow its own");
            await node.SealAsync();
        }

        (await node.Api.GetAsync($"/tickets/{ticket}")).GetProperty("final").GetBoolean().Should().BeTrue();
        (await node.Api.GetAsync($"/accounts/{alice.Id}/transactions")).GetProperty("items").EnumerateArray().Select(transaction => transaction.GetProperty("final").GetBoolean()).Should().Equal(true, true);
        var commitment = new string('0', 64);

        (await node.Api.GetAsync("/chain")).GetProperty("chain").EnumerateArray().Select(block => block.GetProperty("final").GetBoolean()).Should().Equal(true, true, true, false, false);
        var info = await node.Api.GetAsync("/info");
        (info.GetProperty("engine").GetString(), info.GetProperty("final").GetProperty("index").GetInt64()).Should().Be(("proof-of-work", 2));
        info.EnumerateObject().Select(field => field.Name).Should().NotContain(["slot", "epoch", "validators", "forger"]);
        await node.Api.GetRefusedAsync("/validators", HttpStatusCode.UnprocessableEntity, "no_stakes");
        await node.Api.GetRefusedAsync("/validators/schedule", HttpStatusCode.UnprocessableEntity, "no_stakes");
        await node.Api.PostRefusedAsync("/stake", alice, "stake", new { amount = 1, commitment }, HttpStatusCode.UnprocessableEntity, "no_stakes");
        await node.Api.PostRefusedAsync("/unstake", alice, "unstake", new { amount = 1 }, HttpStatusCode.UnprocessableEntity, "no_stakes");
        await node.Api.PostRefusedAsync("/transactions", alice, "vote", new { source_index = 0, source = commitment, target_index = 1, target = commitment }, HttpStatusCode.UnprocessableEntity, "no_stakes");
    }

    [Fact]
    public async Task One_story_gives_the_same_tickets_and_balances_whichever_engine_makes_the_blocks()
    {
        using var stage = new StakeStage();
        using var folder = new SpecFolder(SpecFolder.Effortless.Replace("effortless", "secuticket-dev").Replace("\"reward\":0", $"\"reward\":0,\"exchange_authorities\":[\"{DevelopmentChain.Spec.ExchangeAuthorities[0]}\"]"));
        using var node = new NodeFactory(settings: [("Node:ChainSpec", folder.File)]);

        var staked = await StoryAsync(stage.Node, stage.SealAsync);
        var worked = await StoryAsync(node, () => node.SealAsync());

        staked.Should().Equal(worked).And.StartWith(["organiser 5000", "ann 20500", "bob 14500", "True sold 1"]);
    }

    [Fact]
    public async Task Stakes_that_are_wrong_are_refused_each_with_its_code()
    {
        using var stage = new StakeStage(change: stake => stake["minimum"] = 10);
        var (alice, bob) = (stage.Node.OwnAccount("alice"), stage.Node.KeepAccount());
        await stage.Node.TopUpAsync(alice, 100);
        await stage.SealAsync();
        var commitment = stage.CommitmentOf("alice");

        foreach (var amount in new object[] { 0, -1, "10", true })
        {
            await Stake(alice, new { amount, commitment }, 400, "invalid_field");
            await Unstake(alice, new { amount }, 400, "invalid_field");
        }

        await Stake(alice, new { commitment }, 400, "missing_field");
        await Stake(alice, new { amount = 10 }, 400, "missing_field");
        await Stake(alice, new { amount = 10, commitment = "00" }, 400, "invalid_field");
        await Stake(alice, new { amount = 10, commitment, validator = alice.Id }, 400, "unknown_field");
        await Stake(alice, new { amount = 9, commitment }, 422, "stake_too_small");
        await Stake(alice, new { amount = 101, commitment }, 422, "insufficient_funds");
        await Stake(bob, new { amount = 10, commitment }, 422, "insufficient_funds");
        await Unstake(alice, new { amount = 1 }, 422, "insufficient_stake");

        await stage.Api.PostAsync("/stake", alice, "stake", new { amount = 20, commitment });
        await Unstake(alice, new { amount = 21 }, 422, "insufficient_stake");
        await Unstake(alice, new { amount = 11 }, 422, "stake_too_small");
        await stage.Api.PostAsync("/unstake", alice, "unstake", new { amount = 20 });
        await Unstake(alice, new { amount = 20 }, 422, "insufficient_stake");

        Task Stake(Wallet who, object fields, int status, string code) => stage.Api.PostRefusedAsync("/stake", who, "stake", fields, (HttpStatusCode)status, code);
        Task Unstake(Wallet who, object fields, int status, string code) => stage.Api.PostRefusedAsync("/unstake", who, "unstake", fields, (HttpStatusCode)status, code);
    }

    [Fact]
    public async Task Votes_that_are_wrong_are_refused_each_with_its_code()
    {
        using var stage = new StakeStage();
        using var stranger = Wallet.Own("stranger");
        await stage.SealAsync();
        var (genesis, tip) = (stage.Node.Node.Spec.Genesis.Hash.ToString(), stage.Node.Node.Snapshot.Tip.Hash.ToString());

        await Vote(stage.Forger, 0, genesis, 0, genesis, 400, "invalid_field");
        await Vote(stranger, 0, genesis, 1, tip, 403, "not_validator");
        await Vote(stage.Forger, 0, genesis, 2, tip, 422, "unknown_checkpoint");
        await Vote(stage.Forger, 0, genesis, 1, genesis, 422, "unknown_checkpoint");
        await Vote(stage.Forger, 0, tip, 1, tip, 422, "wrong_source");
        await stage.Api.PostAsync("/transactions", stage.Forger, "vote", new { source_index = 0, source = genesis, target_index = 1, target = tip });
        await Vote(stage.Forger, 0, genesis, 1, tip, 409, "already_voted");

        Task Vote(Wallet who, long source, string from, long target, string to, int status, string code) =>
            stage.Api.PostRefusedAsync("/transactions", who, "vote", new { source_index = source, source = from, target_index = target, target = to }, (HttpStatusCode)status, code);
    }

    [Fact]
    public async Task Two_headers_of_one_slot_cost_their_signer_its_stake_and_pay_whoever_reports_it()
    {
        using var stage = new StakeStage(others: [("silent", 40)], change: stake => (stake["slash_percent"], stake["reporter_percent"]) = (50, 25));
        using var silent = Wallet.Own("silent");
        var reporter = stage.Node.KeepAccount();
        await stage.SealAsync();
        var (one, other) = (Statement("silent", 1), Statement("silent", 2));

        await Refused(one, one, 422, "invalid_evidence");
        await Refused(one, Statement("forger", 2), 422, "invalid_evidence");
        await Refused(one, Statement("silent", 2, StakeStage.SlotTime), 422, "invalid_evidence");
        await Refused(Statement("stranger", 1), Statement("stranger", 2), 403, "not_validator");
        var forged = other[..^1] + (other[^1] == '0' ? '1' : '0');
        await Refused(one, forged, 401, "signature_invalid");
        await Refused(forged, one, 401, "signature_invalid");
        await stage.Api.PostRefusedAsync("/validators/report", stage.Forger, "report", new { first = one, second = forged }, HttpStatusCode.Unauthorized, "signature_invalid");
        await Refused(one, "00", 400, "invalid_field");
        await Refused(one, new string('g', 616), 400, "invalid_field");
        await stage.Api.PostAsync("/validators/report", reporter, "report", new { first = one, second = other });
        await Refused(other, one, 409, "slashed");
        await stage.SealAsync();

        var slashed = (await stage.Api.GetAllAsync("/validators", 10)).Single(validator => validator.GetProperty("address").GetString() == silent.Id);
        (slashed.GetProperty("stake").GetInt64(), slashed.GetProperty("unbonding").GetInt64(), slashed.GetProperty("slashed").GetInt64()).Should().Be((0, 20, 20));
        (await stage.Api.GetAsync($"/accounts/{reporter.Id}")).GetProperty("balance").GetInt64().Should().Be(5);
        foreach (var turn in (await stage.Api.GetAsync("/validators/schedule?slots=1000")).GetProperty("items").EnumerateArray())
            turn.TryGetProperty("empty", out _).Should().Be(turn.GetProperty("forger").GetString() == silent.Id);
        await stage.Api.PostRefusedAsync("/stake", silent, "stake", new { amount = 1 }, HttpStatusCode.Conflict, "slashed");

        string Statement(string name, byte root, long later = 0)
        {
            using var wallet = Wallet.Own(name);
            var spec = stage.Node.Node.Spec;
            var header = new BlockHeader(2, spec.ChainHash, 1, spec.Genesis.Hash, Hash256.Sha256([root]), default, spec.StartOf(7) + later, 0, wallet.Address, 0);
            return wallet.State(header.Encode());
        }

        Task Refused(string first, string second, int status, string code) =>
            stage.Api.PostRefusedAsync("/validators/report", reporter, "report", new { first, second }, (HttpStatusCode)status, code);
    }

    [Fact]
    public async Task A_header_is_given_with_its_seal_by_index_and_by_hash()
    {
        using var stage = new StakeStage();
        var hash = (await stage.SealAsync()).GetProperty("hash").GetString();

        var header = await stage.Api.GetAsync($"/chain/headers/{hash}");

        header.GetRawText().Should().Be((await stage.Api.GetAsync("/chain/headers/1")).GetRawText()).And.Be((await stage.Api.GetAsync("/chain/headers?from=1")).GetProperty("headers")[0].GetRawText());
        header.GetProperty("seal").GetProperty("scheme").GetString().Should().Be("p256");
        header.GetProperty("header").GetString().Should().StartWith("00000002");
        await stage.Api.GetRefusedAsync("/chain/headers/7", HttpStatusCode.NotFound, "not_found");
        await stage.Api.GetRefusedAsync("/chain/headers/x", HttpStatusCode.BadRequest, "invalid_field");
        await stage.Api.GetRefusedAsync($"/chain/headers/{new string('0', 64)}", HttpStatusCode.NotFound, "not_found");
    }

    // Ann buys and lists, bob buys it of her; somebody too late is refused. What is left of it, in words.
    private static async Task<List<string>> StoryAsync(NodeFactory node, Func<Task> sealAsync)
    {
        var (organiser, ann, bob) = (node.OwnAccount("organiser"), node.OwnAccount("ann"), node.OwnAccount("bob"));
        foreach (var fan in new[] { ann, bob }) await node.TopUpAsync(fan, 20_000);
        var created = await node.Api.PostAsync("/events", organiser, "create_event", new { name = "Concert", venue = "Hall", sessions = new[] { new { date = "2027-07-15", time = "19:00" } }, resale = new { resale = "capped", max_price_percent = 110 } });
        var ticket = (await node.Api.PostAsync("/tickets", organiser, "issue_tickets", new { event_id = created.GetProperty("event_id").GetString(), session = 0, seats = new[] { "A-1" }, price = 5_000 })).GetProperty("ticket_ids")[0].GetString();
        await sealAsync();
        await node.Api.PostAsync("/tickets/purchase", ann, "purchase_ticket", new { ticket_id = ticket, max_price = 5_000 });
        await node.Api.PostRefusedAsync("/tickets/purchase", bob, "purchase_ticket", new { ticket_id = ticket, max_price = 5_000 }, HttpStatusCode.Conflict, "ticket_not_available");
        await node.Api.PostRefusedAsync("/tickets/list", ann, "list_ticket", new { ticket_id = ticket, price = 5_501 }, HttpStatusCode.UnprocessableEntity, "price_above_cap");
        await node.Api.PostAsync("/tickets/list", ann, "list_ticket", new { ticket_id = ticket, price = 5_500 });
        await sealAsync();
        await node.Api.PostAsync("/tickets/purchase", bob, "purchase_ticket", new { ticket_id = ticket, max_price = 5_500 });
        await sealAsync();

        var left = new List<string>();
        foreach (var (name, who) in new[] { ("organiser", organiser), ("ann", ann), ("bob", bob) }) left.Add($"{name} {(await node.Api.GetAsync($"/accounts/{who.Id}")).GetProperty("balance").GetInt64()}");
        var shown = await node.Api.GetAsync($"/tickets/{ticket}");
        left.Add($"{shown.GetProperty("owner").GetString() == bob.Id} {shown.GetProperty("status").GetString()} {shown.GetProperty("resales").GetInt32()}");
        left.AddRange((await node.Api.GetAsync($"/tickets/{ticket}/history")).GetProperty("items").EnumerateArray().Select(change => $"{change.GetProperty("type").GetString()} {change.GetProperty("status").GetString()}"));
        return left;
    }

    // Slots that were passed over between two blocks, with whose they were, worked out from the chain.
    private static List<Address> Misses(StakeStage stage)
    {
        var (spec, store) = (stage.Node.Node.Spec, stage.Node.Node.Store);
        var headers = store.ReadHeaders(0, 100).Select(stored => BlockHeader.Decode(stored.Bytes.Span[..BlockHeader.Size]).Value).ToArray();
        var turns = Core.Ledger.Stakes.StakeState.Genesis(spec, spec.Stake!).TurnsAfter(spec.Stake!);
        var table = turns.Table!;
        var missed = new List<Address>();
        foreach (var header in headers.Skip(1))
        {
            // The first block comes after more slots than are counted.
            var slot = spec.SlotOf(header.Timestamp);
            for (var passed = Math.Max(turns.Slot + 1, slot - 64); passed < slot; passed++) missed.Add(table.Draw(turns.Seed, passed));
            turns = turns.After(header, spec);
        }

        return missed;
    }

    private static long MissedBy(StakeStage stage, string account) => Misses(stage).Count(address => address.ToString() == account);
}
