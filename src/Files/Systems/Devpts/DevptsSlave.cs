using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files.Terminals;

namespace Cashew.Files.Systems;

/// <summary>The node of a slave: a terminal like any other, once its master has unlocked it.</summary>
internal sealed class DevptsSlave(DevptsFilesystem filesystem, Pseudoterminal pair, uint uid, uint gid)
    : Inode(filesystem, DevptsFilesystem.InodeNumber(pair.Number), new NewNode(filesystem.SlaveMode, uid, gid))
{
    private readonly Pseudoterminal _pair = pair;

    public override DeviceNumber Device => _pair.Device;

    /// <errors>EIO: it is locked, or the master is gone.</errors>
    public override bool TryOpen(
        in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        file = null;
        error = Errno.EIO;
        if (_pair.IsLocked || _pair.Port.IsMasterClosed) return false;
        Terminal slave = _pair.Slave;
        if (!TerminalDevice.TryOpen(slave, this, request, becomesControlling: true, isConsole: false, out file, out error))
        {
            return false;
        }

        // The master was closed in between: a file opened after the hang-up would never hear of it.
        if (_pair.Port.IsMasterClosed) ((TerminalFile)file).BeginHungUp();
        return true;
    }
}
