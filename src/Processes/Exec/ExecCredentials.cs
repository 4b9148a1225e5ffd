using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Who a thread is once it runs a program.</summary>
/// <source>execve(2), "Effect on process attributes"; capabilities(7), "Transformation of capabilities during
/// execve()", "Capabilities and execution of programs by root", "Safety checking for capability-dumb
/// binaries" and "Set-user-ID-root programs that have file capabilities".</source>
internal ref struct ExecCredentials
{
    private const uint SetIdClearedPersonality =
        PersonalityBits.READ_IMPLIES_EXEC | PersonalityBits.ADDR_NO_RANDOMIZE | PersonalityBits.ADDR_COMPAT_LAYOUT
        | PersonalityBits.MMAP_PAGE_ZERO;

    private readonly UserThread _thread;
    private readonly OpenFile _program;
    private readonly Credentials _old;
    private uint _euid;
    private uint _egid;
    private bool _hasFileCapabilities;
    private bool _isEffective;
    private bool _changesId;
    private CapabilitySet _permitted;

    internal ExecCredentials(UserThread thread, OpenFile program)
    {
        _thread = thread;
        _program = program;
        _old = thread.Credentials;
        _euid = _old.Euid;
        _egid = _old.Egid;
        Result = _old;
        // The 64-bit domain never has it; programs of 32 bits, which do, are not run here.
        ClearedPersonality = PersonalityBits.READ_IMPLIES_EXEC;
    }

    internal Credentials Result { get; private set; }

    /// <summary>Whether the program has more rights than whoever started it, and must not trust its
    /// environment.
    /// </summary>
    /// <source>getauxval(3), AT_SECURE.</source>
    internal bool IsSecure { get; private set; }

    /// <summary>Flags of personality(2) that would help to attack a program with more rights.</summary>
    internal uint ClearedPersonality { get; private set; }

    /// <errors>EPERM: the program would not get capabilities that it relies on. EINVAL: an attribute that
    /// says nothing.
    /// </errors>
    internal Errno Transform()
    {
        bool honorsRights = _program.Location.IsNone || !_program.Location.Mount.Has(MountOptions.NoSetUid);
        if (honorsRights && !_thread.HasNoNewPrivileges) ReadSetId();
        Errno error = honorsRights ? TakeFileCapabilities() : Errno.None;
        if (error != Errno.None) return error;

        TakeRootCapabilities();
        bool gains = !_permitted.IsSubsetOf(_old.Permitted | _old.Ambient);
        if (gains) ClearedPersonality |= SetIdClearedPersonality;
        // The effective ids are not the caller's real ones: so Linux asks, although it comes down to more
        // than this program's bits. What the program is not given in the end makes it no less a privileged
        // one.
        _changesId = _euid != _old.Uid || _egid != _old.Gid;
        if (_changesId || gains)
        {
            KeepSharersOut();
            if (IsRestrained) Restrain();
        }

        Finish();
        return Errno.None;
    }

    /// <summary>
    /// No new rights for who has given up on them, for who is watched, nor for who shares his working
    /// directory and root with other processes, which could change them under the program.
    /// </summary>
    private readonly bool IsRestrained =>
        _thread.HasNoNewPrivileges || IsWatchedByLesser || _thread.Filesystem.UserCount > CountOwnSharers();

    /// <summary>A tracer could make a program with more rights than its own do anything.</summary>
    /// <source>execve(2): set-user-ID has no effect when "the calling process is being ptraced"; ptrace(2):
    /// but for a tracer with CAP_SYS_PTRACE.</source>
    private readonly bool IsWatchedByLesser =>
        _thread.Tracee is { } tracee && !tracee.TracerCredentials.Has(Capability.CAP_SYS_PTRACE);

    /// <summary>Until then nobody new may share the caller's root; null if that does not matter.</summary>
    internal FilesystemContext? Guarded { get; private set; }

    private void KeepSharersOut()
    {
        Guarded = _thread.Filesystem;
        Guarded.BeginExec();
    }

    private readonly int CountOwnSharers()
    {
        int count = 0;
        using SpinLock.Guard guard = ProcessTree.Lock.Acquire();
        for (UserThread? thread = _thread.Process.FirstThread; thread is not null; thread = thread.NextThread)
        {
            if (ReferenceEquals(thread.FilesystemOrNone, _thread.Filesystem)) count++;
        }

        return count;
    }

    private void ReadSetId()
    {
        const uint GroupExecutable = Mode.S_ISGID | Mode.S_IXGRP;
        Inode inode = _program.Inode;
        uint mode = inode.Mode;
        if ((mode & Mode.S_ISUID) != 0)
        {
            _euid = inode.Uid;
            ClearedPersonality |= SetIdClearedPersonality;
        }

        // Without group execution the bit once meant mandatory locking.
        if ((mode & GroupExecutable) != GroupExecutable) return;
        _egid = inode.Gid;
        ClearedPersonality |= SetIdClearedPersonality;
    }

    private Errno TakeFileCapabilities()
    {
        if (!FileCapabilities.TryRead(_old, _program, out FileCapabilities file, out Errno error)) return error;
        _hasFileCapabilities = true;
        _isEffective = file.IsEffective;
        _permitted = (_old.Bounding & file.Permitted) | (_old.Inheritable & file.Inheritable);
        // With the bit the program does not look at what it has, so it must have all.
        return _isEffective && !file.Permitted.IsSubsetOf(_permitted) ? Errno.EPERM : Errno.None;
    }

    private void TakeRootCapabilities()
    {
        if ((_old.SecureBits & Identity.SecureNoRoot) != 0) return;
        // A program that somebody else runs as root, and that has capabilities of its own, gets just these.
        if (_hasFileCapabilities && _old.Uid != 0 && _euid == 0) return;
        if (_old.Uid != 0 && _euid != 0) return;
        _permitted = _old.Bounding | _old.Inheritable;
        if (_euid == 0) _isEffective = true;
    }

    private void Restrain()
    {
        if (!_old.Has(Capability.CAP_SETUID) || _thread.HasNoNewPrivileges)
        {
            _euid = _old.Uid;
            _egid = _old.Gid;
        }

        _permitted &= _old.Permitted;
    }

    private void Finish()
    {
        bool isPrivileged = _hasFileCapabilities || _changesId;
        CapabilitySet ambient = isPrivileged ? CapabilitySet.None : _old.Ambient;
        CapabilitySet permitted = _permitted | ambient;
        Result = new Credentials(_old)
        {
            Euid = _euid,
            Suid = _euid,
            Fsuid = _euid,
            Egid = _egid,
            Sgid = _egid,
            Fsgid = _egid,
            Permitted = permitted,
            Effective = _isEffective ? permitted : ambient,
            Ambient = ambient,
            SecureBits = _old.SecureBits & ~Identity.SecureKeepCapabilities,
        };
        IsSecure = _changesId || (_old.Uid != 0 && (_isEffective || !permitted.IsSubsetOf(ambient)));
    }
}
