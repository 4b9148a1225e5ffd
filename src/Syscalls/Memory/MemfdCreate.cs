using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Processes;

namespace Cashew.Syscalls;

internal static class MemfdCreate
{
    // MFD_NOEXEC_SEAL and MFD_EXEC came with Linux 6.3.
    private const uint KnownFlags = MemfdBits.MFD_CLOEXEC | MemfdBits.MFD_ALLOW_SEALING;

    /// <summary>Makes a file of memory that has no name.</summary>
    /// <errors>EINVAL: an unknown flag, or too long a name. EFAULT: the name. EMFILE, ENFILE,
    /// ENOMEM.</errors>
    /// <source>memfd_create(2)</source>
    internal static SyscallResult Invoke(UserThread caller, UserAddress name, uint flags)
    {
        if ((flags & ~KnownFlags) != 0) return Errno.EINVAL;

        Span<byte> buffer = stackalloc byte[MemoryFile.MaxNameBytes + 1];
        int length = UserMemory.CopyInString(buffer, name);
        if (length < 0) return Errno.EFAULT;
        if (length == buffer.Length) return Errno.EINVAL;

        FileSeals seals = (flags & MemfdBits.MFD_ALLOW_SEALING) != 0 ? FileSeals.None : FileSeals.Seal;
        if (!MemoryFile.TryCreate(caller.FileCaller, buffer[..length], seals, out OpenFile? file, out Errno error))
            return error;
        return NewFile.Install(caller, file, (flags & MemfdBits.MFD_CLOEXEC) != 0 ? OpenBits.O_CLOEXEC : 0);
    }
}
