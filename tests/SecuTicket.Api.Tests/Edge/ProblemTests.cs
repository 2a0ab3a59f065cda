using System.Net;
using System.Text.Json;
using SecuTicket.Api.Problems;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Tests.Edge;

public sealed class ProblemTests
{
    public static TheoryData<string, int> Codes => new()
    {
        { "malformed_json", 400 }, { "duplicate_key", 400 }, { "missing_field", 400 }, { "unknown_field", 400 }, { "invalid_field", 400 },
        { "not_canonical", 400 }, { "signature_missing", 401 }, { "signature_invalid", 401 }, { "unknown_account", 401 },
        { "not_organiser", 403 }, { "not_seller", 403 }, { "event_signature_missing", 403 }, { "not_holder", 403 }, { "not_gate", 403 },
        { "not_exchange_authority", 403 }, { "not_sealer", 403 }, { "admin_only", 403 }, { "not_found", 404 }, { "method_not_allowed", 405 },
        { "conflict", 409 }, { "ticket_exists", 409 }, { "ticket_not_available", 409 }, { "already_redeemed", 409 }, { "reference_used", 409 },
        { "account_exists", 409 }, { "token_used", 409 }, { "too_large", 413 }, { "unsupported_media_type", 415 }, { "price_above_cap", 422 },
        { "price_above_max", 422 }, { "resale_forbidden", 422 }, { "transfer_forbidden", 422 }, { "reseller_not_allowed", 422 },
        { "resale_limit", 422 }, { "outside_window", 422 }, { "insufficient_funds", 422 }, { "wrong_chain", 422 }, { "expired", 422 },
        { "too_far_ahead", 422 }, { "event_cancelled", 422 }, { "rules_worse", 422 }, { "return_forbidden", 422 }, { "supply_exceeded", 422 },
        { "no_stakes", 422 }, { "stake_too_small", 422 }, { "insufficient_stake", 422 }, { "too_many_validators", 422 }, { "too_many_withdrawals", 422 },
        { "not_validator", 403 }, { "slashed", 409 }, { "unknown_checkpoint", 422 }, { "wrong_source", 422 }, { "already_voted", 409 }, { "invalid_evidence", 422 },
        { "not_forger", 409 }, { "invalid_slot", 422 }, { "invalid_reveal", 422 }, { "invalid_weight", 422 }, { "rate_limited", 429 }, { "internal_error", 500 }, { "pool_full", 503 }, { "not_ready", 503 }, { "storage_failed", 503 },
    };

    [Theory, MemberData(nameof(Codes))]
    public void Every_code_of_the_contract_has_its_status(string code, int status)
    {
        ProblemTable.Contains(code).Should().BeTrue();
        ProblemTable.Of(code).Status.Should().Be(status);
    }

    [Fact]
    public void Every_code_Core_refuses_with_is_in_the_table()
    {
        var codes = typeof(RefusalCodes).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

        codes.Should().NotBeEmpty().And.OnlyContain(code => ProblemTable.Contains(code));
    }

    [Fact]
    public void Codes_are_listed_once_each_in_snake_case_and_those_of_bare_statuses_agree_with_the_table()
    {
        ProblemTable.All.Select(entry => entry.Code).Should().OnlyHaveUniqueItems().And.AllSatisfy(code => code.Should().MatchRegex("^[a-z]+(_[a-z]+)*$"));
        foreach (var status in new[] { 400, 401, 403, 404, 405, 406, 408, 409, 411, 413, 414, 415, 417, 429, 431, 500, 501, 503, 505 })
            ProblemTable.Of(ProblemTable.CodeOf(status)).Status.Should().Be(status);
        ProblemTable.CodeOf(418).Should().Be("malformed_request");
        ProblemTable.CodeOf(599).Should().Be("internal_error");
    }

    [Fact]
    public async Task A_refusal_answers_as_a_problem_with_its_field_and_readable_text()
    {
        await using var host = await EdgeHost.StartAsync();

        var answer = await host.Client.GetAsync("/refused/price_above_cap");

        var problem = await answer.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "price_above_cap");
        problem.GetProperty("detail").GetString().Should().Be("It's « found »; <b>expected</b> other.");
        problem.GetProperty("errors").GetProperty("resale.max_price_percent").EnumerateArray().Should().ContainSingle();
        problem.TryGetProperty("trace_id", out _).Should().BeFalse();
        (await answer.Content.ReadAsStringAsync()).Should().Contain("It's « found »");
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Fact]
    public async Task A_code_nobody_listed_is_a_rule_and_never_a_500()
    {
        await using var host = await EdgeHost.StartAsync();

        await (await host.Client.GetAsync("/refused/brand_new_rule")).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "brand_new_rule");
    }

    [Fact]
    public async Task An_unauthenticated_answer_names_the_scheme_and_never_Basic()
    {
        await using var host = await EdgeHost.StartAsync();

        var answer = await host.Client.GetAsync("/refused/signature_missing");

        await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "signature_missing");
        answer.Headers.WwwAuthenticate.Should().ContainSingle().Which.Scheme.Should().Be("SecuTicket");
    }

    [Fact]
    public async Task The_frameworks_own_refusals_are_problems_too()
    {
        await using var host = await EdgeHost.StartAsync();

        await (await host.Client.GetAsync("/no/such/<route>")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
        var wrongMethod = await host.Client.DeleteAsync("/events");
        await wrongMethod.ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        wrongMethod.Content.Headers.Allow.Should().Equal("GET");
        var malformed = await (await host.Client.GetAsync("/tickets/1/numbered?days=many")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_field");
        malformed.GetProperty("errors").GetProperty("days").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task An_unhandled_exception_shows_nothing_of_itself_but_is_found_in_the_log_by_its_trace_id()
    {
        await using var host = await EdgeHost.StartAsync("Development");

        var answer = await host.Client.GetAsync("/broken");

        var problem = await answer.ShouldBeProblemAsync(HttpStatusCode.InternalServerError, "internal_error");
        problem.ToString().Should().NotContain("secret inside").And.NotContain("Exception");
        var trace = problem.GetProperty("trace_id").GetString();
        host.Log.Lines.Should().Contain(line => line.Text.Contains("the secret inside") && Equals(line.Properties.GetValueOrDefault("TraceId"), trace));
    }

    [Theory]
    [InlineData("/diskless")]
    [InlineData("/diskless/threads")]
    public async Task A_broken_disk_is_the_nodes_trouble_and_not_for_ever(string path)
    {
        await using var host = await EdgeHost.StartAsync();

        var problem = await (await host.Client.GetAsync(path)).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "storage_failed");

        problem.ToString().Should().NotContain("/srv/data");
    }

    [Fact]
    public async Task The_type_of_a_problem_leads_to_what_it_means()
    {
        await using var host = await EdgeHost.StartAsync();

        var one = JsonDocument.Parse(await host.Client.GetStringAsync("/problems/price_above_cap")).RootElement;
        one.GetProperty("status").GetInt32().Should().Be(422);
        var all = JsonDocument.Parse(await host.Client.GetStringAsync("/problems")).RootElement;
        all.GetArrayLength().Should().Be(ProblemTable.All.Count);
        await (await host.Client.GetAsync("/problems/none")).ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
    }
}
