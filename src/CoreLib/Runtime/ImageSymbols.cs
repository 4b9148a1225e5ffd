using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cashew.Runtime;

/// <summary>Addresses that only the linker knows, gathered in one table by assembly (Image.S).</summary>
internal static unsafe class ImageSymbols
{
    internal static nint DispatchCache => Table()->DispatchCache;
    internal static nint* ModuleHeaders => (nint*)Table()->ModulesStart;
    internal static nint* ModuleHeadersEnd => (nint*)Table()->ModulesEnd;

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_image_table")]
    private static extern Addresses* Table();

    [StructLayout(LayoutKind.Sequential)]
    private struct Addresses
    {
        internal nint DispatchCache;
        internal nint DispatchCacheEnd;
        internal nint ModulesStart;
        internal nint ModulesEnd;
    }
}
