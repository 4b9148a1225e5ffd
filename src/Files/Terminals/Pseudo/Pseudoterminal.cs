using System.Threading;
using Cashew.Files.Systems;

namespace Cashew.Files.Terminals;

/// <summary>A terminal, the slave, whose device is a program that has its other side, the master.</summary>
/// <source>pty(7), pts(4).</source>
public sealed class Pseudoterminal
{
    private const uint FirstMajor = 136;
    private const uint MinorsPerMajor = 256;

    private readonly DevptsFilesystem _names;
    private int _isLocked = 1;

    internal Pseudoterminal(DevptsFilesystem names, int number, uint uid, uint gid)
    {
        _names = names;
        Number = number;
        Device = new DeviceNumber(FirstMajor + (uint)number / MinorsPerMajor, (uint)number % MinorsPerMajor);
        Port = new PseudoPort(this);
        Slave = new Terminal("pts", Device, Port);
        Inode = new DevptsSlave(names, this, uid, gid);
    }

    public int Number { get; }

    public Terminal Slave { get; }

    internal DeviceNumber Device { get; }

    internal PseudoPort Port { get; }

    /// <summary>The slave's, in its devpts.</summary>
    internal DevptsSlave Inode { get; }

    /// <summary>The slave cannot be opened: the master has first to give it to its owner.</summary>
    /// <source>unlockpt(3).</source>
    internal bool IsLocked
    {
        get => Volatile.Read(ref _isLocked) != 0;
        set => Volatile.Write(ref _isLocked, value ? 1 : 0);
    }

    /// <summary>The master is gone: so is the name, and who has the slave open sees a hang-up.</summary>
    internal void CloseMaster()
    {
        Port.CloseMaster();
        _names.RemoveName(this);
        Slave.HangUp();
    }

    /// <summary>Neither side is open any more.</summary>
    internal void ReleaseNumber() => _names.ReleaseNumber(this);
}
