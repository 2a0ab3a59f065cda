namespace SecuTicket.Cli.Completion;

/// <summary>Scripts that ask the tool itself what may follow: <c>secuticket "[suggest:POSITION]" "LINE"</c> prints one candidate a line.</summary>
internal static class CompletionScript
{
    private const string Bash =
        """
        _secuticket_complete() {
          local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" candidates
          candidates=$(secuticket "[suggest:${#line}]" "$line" 2>/dev/null) || return
          mapfile -t COMPREPLY < <(compgen -W "$candidates" -- "$word")
        }
        complete -o default -F _secuticket_complete secuticket

        """;

    private const string Zsh =
        """
        #compdef secuticket
        _secuticket_complete() {
          local line="${BUFFER[1,CURSOR]}"
          local -a candidates
          candidates=("${(@f)$(secuticket "[suggest:${#line}]" "$line" 2>/dev/null)}")
          compadd -- $candidates
          _files
        }
        compdef _secuticket_complete secuticket

        """;

    private const string Fish =
        """
        complete -c secuticket -a '(set -l line (commandline -cp); secuticket "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)'

        """;

    private const string PowerShell =
        """
        Register-ArgumentCompleter -Native -CommandName secuticket -ScriptBlock {
          param($word, $ast, $position)
          secuticket "[suggest:$position]" "$ast" 2>$null | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
          }
        }

        """;

    /// <summary>The shells there is a script for.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    /// <summary>The script for a shell.</summary>
    public static string For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => PowerShell,
    };
}
