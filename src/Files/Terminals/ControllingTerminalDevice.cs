using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files.Terminals;

/// <summary>/dev/tty: the caller's own controlling terminal, whichever that is.</summary>
/// <source>tty(4).</source>
public sealed class ControllingTerminalDevice : CharacterDevice
{
    /// <errors>ENXIO: the caller's session has none.</errors>
    public override bool TryOpen(
        Inode inode, in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        JobControl jobs = JobControl.Installed;
        Terminal? terminal = jobs.CallerHasNoTerminal ? null : jobs.CallerSession?.Terminal;
        if (terminal is not null)
        {
            return TerminalDevice.TryOpen(terminal, inode, request, becomesControlling: false, isConsole: false, out file, out error);
        }

        file = null;
        error = Errno.ENXIO;
        return false;
    }
}
