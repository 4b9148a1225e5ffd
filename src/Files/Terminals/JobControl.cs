using System.Diagnostics.CodeAnalysis;

namespace Cashew.Files.Terminals;

/// <summary>What terminals ask of the process model, which installs one at boot. "The caller" is the running
/// thread's process; kernel threads have neither session nor group.</summary>
public abstract class JobControl
{
    private static JobControl? s_installed;

    public static JobControl Installed => s_installed!;

    public static void Install(JobControl jobControl) => s_installed = jobControl;

    /// <summary>Whether the running thread is a program's, and has a capability.</summary>
    public static bool CallerMay(int capability) => s_installed is { } installed && installed.CallerHas(capability);

    /// <summary>Whether the running thread is a program's that is in a group.</summary>
    public static bool CallerIsIn(uint group) => s_installed is { } installed && installed.CallerIsInGroup(group);

    public abstract TerminalSession? CallerSession { get; }
    public abstract TerminalGroup? CallerGroup { get; }
    public abstract bool CallerIsSessionLeader { get; }
    public abstract bool CallerIgnoresOrBlocks(int signal);

    /// <summary>The caller, who leads no session, has given up its session's terminal for itself and its
    /// children.</summary>
    public abstract bool CallerHasNoTerminal { get; }

    /// <summary>From now on <see cref="CallerHasNoTerminal"/>, until it starts a session.</summary>
    public abstract void GiveUpTerminal();

    public abstract bool CallerIsInGroup(uint group);

    public abstract bool CallerHas(int capability);
    public abstract bool TryFindGroup(int id, [NotNullWhen(true)] out TerminalGroup? group);
}
