using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files.Terminals;

/// <summary>A device node that is a certain terminal: /dev/ttyS0, /dev/console.</summary>
public sealed class TerminalDevice(Terminal terminal, bool isConsole) : CharacterDevice
{
    // /dev/console never becomes a controlling terminal by being opened, so that the first process does not
    // get one by accident.
    private readonly bool _isConsole = isConsole;

    public Terminal Terminal { get; } = terminal;

    public override bool TryOpen(
        Inode inode, in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
        => TryOpen(Terminal, inode, request, becomesControlling: !_isConsole, _isConsole, out file, out error);

    internal static bool TryOpen(
        Terminal terminal, Inode inode, in OpenRequest request, bool becomesControlling, bool isConsole,
        [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        file = null;
        error = terminal.AddUser();
        if (error != Errno.None) return false;

        file = new TerminalFile(terminal, inode, request, isConsole);
        if (becomesControlling && file.CanRead && !request.Has(OpenBits.O_NOCTTY)) terminal.OfferAsControlling();
        return true;
    }
}
