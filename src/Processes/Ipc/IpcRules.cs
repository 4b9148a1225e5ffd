using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>What shmget(2), semget(2) and msgget(2) have in common.</summary>
internal static class IpcRules
{
    internal const uint ReadAll = 0x124;  // S_IRUGO
    internal const uint WriteAll = 0x92;  // S_IWUGO
    internal const uint ExecuteAll = 0x49; // S_IXUGO

    /// <summary>What an existing object and the flags amount to, but for permissions and sizes.</summary>
    /// <errors>ENOENT: none, and none is to be made. EEXIST: one, and a new one is wanted.</errors>
    internal static Errno CheckExistence(IpcObject? found, int flags)
    {
        if (found is null) return (flags & ShmBits.IPC_CREAT) != 0 ? Errno.None : Errno.ENOENT;
        const int Exclusive = ShmBits.IPC_CREAT | ShmBits.IPC_EXCL;
        return (flags & Exclusive) == Exclusive ? Errno.EEXIST : Errno.None;
    }

    /// <summary>The object that a command is about: by id, or by its place in the table for the STAT
    /// commands.</summary>
    /// <errors>EINVAL. EACCES.</errors>
    internal static bool TryFindToRead<T>(
        IpcTable<T> table, int idOrSlot, bool isSlot, bool isForAny, Credentials caller,
        [NotNullWhen(true)] out T? found, out Errno error)
        where T : IpcObject
    {
        if (isSlot)
        {
            found = table.At(idOrSlot);
            error = found is null ? Errno.EINVAL : Errno.None;
        }
        else
        {
            _ = table.TryFind(idOrSlot, out found, out error);
        }

        if (found is not null && !isForAny && !found.Allows(caller, ReadAll))
        {
            found = null;
            error = Errno.EACCES;
        }

        return found is not null;
    }

    /// <summary>The object that IPC_SET or IPC_RMID is about.</summary>
    /// <errors>EINVAL. EPERM.</errors>
    internal static bool TryFindToChange<T>(
        IpcTable<T> table, int id, Credentials caller, [NotNullWhen(true)] out T? found, out Errno error)
        where T : IpcObject
    {
        if (!table.TryFind(id, out found, out error)) return false;
        if (found.IsOwnedBy(caller)) return true;
        error = Errno.EPERM;
        found = null;
        return false;
    }
}
