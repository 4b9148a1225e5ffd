namespace Cashew.Tool.Testing;

using System;
using System.Collections.Generic;

/// <summary>Tests that run in a guest, and what they need there.</summary>
internal sealed record GuestPlan
{
    /// <summary>The root file system and what lies over it, with <c>/tests/runner</c>.</summary>
    internal required IReadOnlyList<string> Archives { get; init; }

    /// <summary>The tests in the runner's order.</summary>
    internal required IReadOnlyList<string> Names { get; init; }

    /// <summary>What selected them: the runner selects in the same way.</summary>
    internal required IReadOnlyList<string> Patterns { get; init; }

    /// <summary>What the consoles' logs are called.</summary>
    internal required string LogName { get; init; }

    /// <summary>How long a runner may say nothing: longer than it lets any test take.</summary>
    internal required TimeSpan SilenceLimit { get; init; }

    internal IReadOnlyList<string> RunnerOptions { get; init; } = [];

    /// <summary>What is wrong with what a test printed; null when nothing is.</summary>
    internal Func<string, byte[], string?> Judge { get; init; } = (_, _) => null;
}
