using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Hosting;
using SecuTicket.Core.Primitives;
using Serilog.Events;

namespace SecuTicket.Api.Tests.Edge;

public sealed class HostingTests
{
    [Fact]
    public async Task A_request_is_logged_once_with_what_happened_and_none_of_its_secrets()
    {
        await using var host = await EdgeHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/tickets/purchase?key=query-secret");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer header-secret");
        request.Content = new StringContent("body-secret");

        await host.Client.SendAsync(request);

        var line = host.Log.Lines.Should().ContainSingle(logged => logged.Properties.ContainsKey("ElapsedMs")).Subject;
        line.Level.Should().Be(LogEventLevel.Information);
        line.Properties["Method"].Should().Be("POST");
        line.Properties["Path"].Should().Be("/tickets/purchase");
        line.Properties["Status"].Should().Be(415);
        line.Properties["Code"].Should().Be("unsupported_media_type");
        line.Properties["Bytes"].Should().BeOfType<long>().Which.Should().BeGreaterThan(100);
        line.Properties["TraceId"].As<string>().Should().NotBeEmpty();
        host.Log.Lines.Where(logged => logged.Properties.ContainsKey("ElapsedMs")).Should().NotContain(logged => logged.Text.Contains("secret"));
    }

    [Theory]
    [InlineData("/broken", LogEventLevel.Error)]
    [InlineData("/events", LogEventLevel.Information)]
    [InlineData("/nowhere", LogEventLevel.Information)]
    [InlineData("/health/live", LogEventLevel.Debug)]
    [InlineData("/metrics", LogEventLevel.Debug)]
    public async Task Only_the_nodes_own_faults_are_errors_and_probes_are_quiet(string path, LogEventLevel level)
    {
        await using var host = await EdgeHost.StartAsync();

        await host.Client.GetAsync(path);

        host.Log.Lines.Should().ContainSingle(line => line.Properties.ContainsKey("ElapsedMs")).Which.Level.Should().Be(level);
    }

    [Fact]
    public async Task Where_of_all_that_is_said_only_requests_are_logged_their_lines_are_whole()
    {
        await using var host = await EdgeHost.StartAsync(levels: static log => log.MinimumLevel.Warning().MinimumLevel.Override("Serilog.AspNetCore", LogEventLevel.Information));

        await host.Client.GetAsync("/swagger/v1/swagger.json");

        host.Log.Lines.Should().ContainSingle().Which.Properties["Bytes"].Should().BeOfType<long>().Which.Should().BePositive();
    }

    [Fact]
    public async Task A_path_can_not_forge_a_log_line()
    {
        await using var host = await EdgeHost.StartAsync();

        await host.Client.GetAsync("/a%0D%0AGET%20/fake%20200" + new string('x', 500));

        var path = host.Log.Lines.Single(line => line.Properties.ContainsKey("ElapsedMs")).Properties["Path"].As<string>();
        path.Should().NotContain("\n").And.NotContain("\r");
        path.Length.Should().BeLessThanOrEqualTo(200);
    }

    [Fact]
    public async Task Requests_are_measured_by_route_template_and_status_class()
    {
        await using var host = await EdgeHost.StartAsync();
        await host.Client.GetAsync("/tickets/1/numbered?days=1");
        await host.Client.GetAsync("/tickets/2/numbered?days=1");
        await host.Client.GetAsync("/chosen/by/a/client");
        await host.Client.SendAsync(new HttpRequestMessage(new HttpMethod("CHOSEN"), "/events"));

        var answer = await host.Client.GetAsync("/metrics");

        answer.Content.Headers.ContentType!.ToString().Should().Be("text/plain; version=0.0.4; charset=utf-8");
        var text = await answer.Content.ReadAsStringAsync();
        text.Should().Contain("# TYPE http_request_duration_seconds histogram\n");
        text.Should().Contain("http_request_duration_seconds_count{method=\"GET\",route=\"/tickets/{number:int}/numbered\",status=\"2xx\"} 2\n");
        text.Should().Contain("http_request_duration_seconds_bucket{method=\"GET\",route=\"/tickets/{number:int}/numbered\",status=\"2xx\",le=\"+Inf\"} 2\n");
        text.Should().Contain("http_request_duration_seconds_count{method=\"GET\",route=\"none\",status=\"4xx\"} 1\n");
        text.Should().Contain("method=\"other\"").And.NotContain("CHOSEN").And.NotContain("/chosen");
        text.Should().EndWith("\n");
    }

    [Fact]
    public void Metrics_are_written_as_Prometheus_reads_them()
    {
        var metrics = new Metrics();
        var blocks = metrics.AddCounter("blocks_total", "Blocks\nby \\ sealer.", "sealer");
        blocks.Increment("a\"b\\c\nd");
        blocks.Increment("a\"b\\c\nd");
        metrics.AddGauge("pending", "Pending transactions.", () => 2.5);
        var waits = metrics.AddHistogram("wait_seconds", "Waits.");
        waits.Of().Observe(TimeSpan.FromMilliseconds(1));
        waits.Of().Observe(TimeSpan.FromSeconds(20));

        var text = metrics.ToString();

        text.Should().StartWith("# HELP blocks_total Blocks\\nby \\\\ sealer.\n# TYPE blocks_total counter\nblocks_total{sealer=\"a\\\"b\\\\c\\nd\"} 2\n");
        text.Should().Contain("# TYPE pending gauge\npending 2.5\n");
        text.Should().Contain("wait_seconds_bucket{le=\"0.0005\"} 0\nwait_seconds_bucket{le=\"0.001\"} 1\n");
        text.Should().Contain("wait_seconds_bucket{le=\"+Inf\"} 2\nwait_seconds_sum 20.001\nwait_seconds_count 2\n");
        metrics.Invoking(m => m.AddGauge("pending", "", () => 0)).Should().Throw<ArgumentException>();
        blocks.Invoking(counter => counter.Increment()).Should().Throw<ArgumentException>();
    }

    [Fact]
    public async Task Readiness_is_asked_for_and_liveness_is_not()
    {
        await using var host = await EdgeHost.StartAsync();
        (await host.Client.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.OK);

        host.Readiness = new Refusal("unfinished", "State is being loaded.", RefusalKind.Transient);

        var problem = await (await host.Client.GetAsync("/health/ready")).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "not_ready");
        problem.GetProperty("detail").GetString().Should().Be("State is being loaded.");
        (await host.Client.GetStringAsync("/health/live")).Should().Be("""{"status":"live"}""");
    }

    [Fact]
    public async Task The_banner_says_where_everything_is_and_a_wildcard_is_shown_as_an_address_to_click_on()
    {
        using var output = new StringWriter();

        await new StartupBanner("/srv/data", "secuticket-dev", ["http://127.0.0.1:5001"], ["The exchange key is public."]).WriteAsync(output, ["http://localhost:5000", "http://[::]:5001", "http://0.0.0.0:5001"]);

        output.ToString().ReplaceLineEndings("\n").Should().Be(
            """
            SecuTicket is running. Ctrl+C stops it.
              API      http://localhost:5000
              Site     http://localhost:5000/
              Swagger  http://localhost:5000/swagger
              API      http://localhost:5001
              Site     http://localhost:5001/
              Swagger  http://localhost:5001/swagger
              Data     /srv/data
              Chain    secuticket-dev
              Peer     http://127.0.0.1:5001
              Warning: The exchange key is public.

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_port_in_use_is_one_sentence_and_an_exit_code()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        var (exitCode, output, error) = await RunAsync(url);

        exitCode.Should().Be(ExitCode.Unavailable);
        output.Should().BeEmpty();
        error.Trim().Should().StartWith($"The address {url} is in use").And.NotContain("\n").And.NotContain(" at ");
    }

    [Theory]
    [InlineData("http://203.0.113.9:5999", ExitCode.Misconfigured)]
    [InlineData("nonsense", ExitCode.Misconfigured)]
    [InlineData("ftp://localhost:5999", ExitCode.Misconfigured)]
    public async Task An_address_that_can_not_be_listened_on_is_one_sentence(string url, int expected)
    {
        var (exitCode, _, error) = await RunAsync(url);

        exitCode.Should().Be(expected);
        error.Trim().Should().Contain(url).And.NotContain("\n");
    }

    [Theory]
    [InlineData("http://localhost:5000")]
    [InlineData("http://127.0.0.1:1;https://[::1]:2", "urls", "http://127.0.0.1:1; https://[::1]:2", "http_ports", "8080")]
    [InlineData("http://*:8080;http://*:8081;https://*:8443", "http_ports", "8080;8081", "https_ports", "8443")]
    [InlineData("http://0.0.0.0:3", "Kestrel:Endpoints:Web:Url", "http://0.0.0.0:3", "urls", "http://127.0.0.1:1")]
    [InlineData("http://127.0.0.1:1", "Kestrel:Endpoints:Web:Url", "http://0.0.0.0:3", "urls", "http://127.0.0.1:1", "preferHostingUrls", "true")]
    [InlineData("http://0.0.0.0:3", "Kestrel:Endpoints:Web:Url", "http://0.0.0.0:3", "preferHostingUrls", "true")]
    public void Where_it_listens_is_what_the_setting_says_that_counts(string expected, params string[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Chunk(2).Select(static one => KeyValuePair.Create(one[0], (string?)one[1]))).Build();

        string.Join(';', ListeningAddresses.Of(configuration)).Should().Be(expected);
    }

    [Theory]
    [InlineData("http://localhost:1", true)]
    [InlineData("http://127.9.9.9:1", true)]
    [InlineData("https://[::1]:1", true)]
    [InlineData("http://unix:/run/node.sock", true)]
    [InlineData("http://*:1", false)]
    [InlineData("http://[::]:1", false)]
    [InlineData("http://0.0.0.0:1", false)]
    [InlineData("http://localhost.example:1", false)]
    public void Only_this_machine_reaches_its_loopback_addresses(string address, bool expected) =>
        ListeningAddresses.IsLoopback(BindingAddress.Parse(address)).Should().Be(expected);

    [Fact]
    public async Task Stopping_takes_less_than_five_seconds_by_setting()
    {
        await using var host = await EdgeHost.StartAsync();

        host.Service<IOptions<HostOptions>>().Value.ShutdownTimeout.Should().BeLessThan(TimeSpan.FromSeconds(4));
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string url)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["urls"] = url;
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await NodeProcess.RunAsync(builder.Build(), () => new StartupBanner("/srv", "chain", [], []), output, error);
        return (exitCode, output.ToString(), error.ToString());
    }
}
