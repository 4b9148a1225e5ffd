namespace Cashew.Tool.Support;

using System;
using System.Diagnostics;
using System.IO;
using Spectre.Console;

/// <summary>
/// Progress and messages, always on standard error: standard output belongs to the guest program.
/// A spinner on a terminal, one plain line a step elsewhere.
/// </summary>
internal sealed class Reporter
{
    private readonly TextWriter _error = Console.Error;
    private readonly bool _isTerminal =
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");
    private IAnsiConsole? _ansi;

    // Made when first needed: loading Spectre costs more than a whole run without steps.
    private IAnsiConsole Ansi => _ansi ??= AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(_error),
    });

    internal void Step(string title, Action work) => Progress(title, _ => work());

    /// <summary>A step that knows how far it is: it calls what it is given with percents.</summary>
    internal void Progress(string title, Action<Action<double>> work)
    {
        long start = Stopwatch.GetTimestamp();
        string shown = Markup.Escape(title);
        if (_isTerminal)
        {
            Ansi.Status().Spinner(Spinner.Known.Dots).Start(
                shown, status => work(percent => status.Status($"{shown}: {percent:0} %")));
        }
        else
        {
            work(static _ => { });
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        if (_isTerminal)
            Ansi.MarkupLine($"[green]✓[/] {Markup.Escape(title)} [grey]{seconds:0.0} s[/]");
        else
            _error.WriteLine($"cashew: {title}: {seconds:0.0} s");
    }

    internal void Say(string message)
    {
        if (_isTerminal)
            Ansi.MarkupLine($"[grey]cashew:[/] {Markup.Escape(message)}");
        else
            _error.WriteLine($"cashew: {message}");
    }

    internal void Fail(Failure failure)
    {
        if (_isTerminal)
            Ansi.MarkupLine($"[red]cashew:[/] {Markup.Escape(failure.Message)}");
        else
            _error.WriteLine($"cashew: {failure.Message}");
        if (failure.Details.Length > 0)
            _error.WriteLine(failure.Details);
    }
}
