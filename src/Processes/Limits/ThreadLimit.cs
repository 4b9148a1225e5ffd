using System.Threading;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>How many threads there may be in the whole system, whoever they belong to.</summary>
/// <source>proc_sys_kernel(5), threads-max: so many that the kernel's part of them takes an eighth of memory.
/// clone(2), EAGAIN.</source>
public static class ThreadLimit
{
    public const int Fewest = 20;

    // An eighth of it is 16 KiB: the stack. With page tables, registers and objects a process that has just
    // been forked comes to three times that, which still leaves more than half of memory.
    private const long BytesPerThread = 128 * 1024;

    private static int s_most;

    /// <summary>What root may set; as long as nobody has (it is 0), it follows from the size of
    /// memory.</summary>
    public static int Most
    {
        get
        {
            int most = Volatile.Read(ref s_most);
            return most != 0 ? most : For(Frame.TotalCount * Frame.SizeBytes);
        }

        set => Volatile.Write(ref s_most, value);
    }

    public static bool IsReached => UserAccounts.TotalThreadCount >= Most;

    internal static int For(long memoryBytes) =>
        (int)long.Clamp(memoryBytes / BytesPerThread, Fewest, PidTable.MaxCount);
}
