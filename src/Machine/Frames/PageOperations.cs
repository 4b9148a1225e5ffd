using System.Runtime;
using System.Runtime.CompilerServices;

namespace Cashew.Machine;

/// <summary>Whole pages at a time (Page.S).</summary>
internal static unsafe class PageOperations
{
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_page_clear")]
    internal static extern void Clear(void* page);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_page_copy")]
    internal static extern void Copy(void* destination, void* source);
}
