using System.Diagnostics;

namespace SecuTicket.Cli.Tests.Commands;

public sealed class CompletionTests : IDisposable
{
    private readonly Machine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData("bash", "complete -o default -F _secuticket_complete secuticket")]
    [InlineData("zsh", "compdef _secuticket_complete secuticket")]
    [InlineData("fish", "complete -c secuticket")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName secuticket")]
    public async Task Each_shell_has_a_script_that_asks_the_tool(string shell, string line)
    {
        (await _machine.DoAsync("completion", shell)).Text.Should().Contain(line).And.Contain("[suggest:");
    }

    [Theory]
    [InlineData("secuticket ticket r", "redeem", "return", "revoke")]
    [InlineData("secuticket event create --resale ", "capped", "face_value", "forbidden", "free")]
    public async Task The_tool_says_what_may_follow(string line, params string[] expected)
    {
        var suggested = await _machine.DoAsync($"[suggest:{line.Length}]", line);

        suggested.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().Contain(expected);
    }

    [SkippableFact]
    public async Task Bash_completes_with_the_script()
    {
        Skip.If(OperatingSystem.IsWindows());
        var script = _machine.Write("completion.bash", (await _machine.DoAsync("completion", "bash")).Text);
        var tool = Path.Combine(AppContext.BaseDirectory, "secuticket.dll");
        var dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var commands =
            $$"""
            set -euo pipefail
            secuticket() { '{{dotnet}}' '{{tool}}' "$@"; }
            source '{{script}}'
            COMP_LINE='secuticket wallet e' COMP_POINT=19 COMP_CWORD=2 COMP_WORDS=(secuticket wallet e)
            _secuticket_complete
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", commands]) { RedirectStandardOutput = true })!;

        (await bash.StandardOutput.ReadToEndAsync()).Should().Be("export\n");
        await bash.WaitForExitAsync();
        bash.ExitCode.Should().Be(0);
    }
}
