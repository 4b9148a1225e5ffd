using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Files;

/// <summary>How many files may be open in the whole system.</summary>
/// <source>proc_sys_fs(5), file-max: a tenth of memory at a kilobyte each, which is more than one takes, and
/// not for those who have CAP_SYS_ADMIN; open(2), ENFILE.</source>
public static class OpenFileLimit
{
    private const long Fewest = 8192;
    private const long BytesPerFile = 1024;
    private const long MemoryParts = 10;

    private static long s_most;

    /// <summary>What root may set; as long as nobody has (it is 0), it follows from the size of
    /// memory.</summary>
    public static long Most
    {
        get
        {
            long most = Volatile.Read(ref s_most);
            if (most != 0) return most;
            return Math.Max(Frame.TotalCount * (Frame.SizeBytes / BytesPerFile) / MemoryParts, Fewest);
        }

        set => Volatile.Write(ref s_most, value);
    }

    /// <summary>Asked before a file is opened or made; what may be opened at once, more or less, by several
    /// processors does no harm.</summary>
    /// <errors>ENFILE: as many are open as may be. ENOMEM.</errors>
    public static Errno Check(Credentials credentials)
    {
        if (OpenFile.Count >= Most && !credentials.Has(Capability.CAP_SYS_ADMIN)) return Errno.ENFILE;
        return KernelObjects.MayCreateFile() ? Errno.None : Errno.ENOMEM;
    }
}
