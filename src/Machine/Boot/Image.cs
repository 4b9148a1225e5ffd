using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>Where the linker put the kernel; see Image.S.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Image
{
    internal const ulong KernelBase = 0xFFFF_FFFF_8000_0000;

    internal readonly ulong DispatchCache;
    internal readonly ulong DispatchCacheEnd;
    internal readonly ulong ModulesStart;
    internal readonly ulong ModulesEnd;
    internal readonly ulong Start;
    internal readonly ulong End;
    internal readonly ulong TextStart;
    internal readonly ulong TextEnd;
    internal readonly ulong ReadOnlyStart;
    internal readonly ulong ReadOnlyEnd;
    internal readonly ulong DataStart;
    internal readonly ulong DataEnd;
    internal readonly ulong SymbolsStart;
    internal readonly ulong SymbolsEnd;
    internal readonly ulong BootStackTop;
    internal readonly ulong BootStackBottom;
    internal readonly ulong TrapStubs;
    internal readonly ulong SystemCallEntry;
    internal readonly ulong UserAccessStart;
    internal readonly ulong UserAccessEnd;
    internal readonly ulong UserFixups;
    internal readonly ulong UserFixupsEnd;
    internal readonly ulong SmapSites;
    internal readonly ulong SmapSitesEnd;
    internal readonly ulong ThreadStart;
    internal readonly ulong VdsoStart;
    internal readonly ulong VdsoEnd;

    internal static Image* Table => Addresses();

    /// <summary>Physical address of something in the image.</summary>
    internal static ulong Physical(ulong address) => address - KernelBase;

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_image_table")]
    private static extern Image* Addresses();
}
