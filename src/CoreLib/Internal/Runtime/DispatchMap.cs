using System.Runtime.InteropServices;

namespace Internal.Runtime;

/// <summary>
/// Which virtual slot implements which interface method: counts, then entries of three 16-bit words.
/// </summary>
/// <source>dotnet/runtime 10.0, NativeAOT: MethodTable.cs.</source>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DispatchMap
{
    private readonly ushort _standardCount;
    private readonly ushort _defaultCount;
    private readonly ushort _standardStaticCount;
    private readonly ushort _defaultStaticCount;

    internal readonly int StandardCount => _standardCount;
    internal readonly int DefaultCount => _defaultCount;

    internal static Entry* Entries(DispatchMap* map) => (Entry*)(map + 1);

    [StructLayout(LayoutKind.Sequential)]
    internal struct Entry
    {
        internal readonly ushort InterfaceIndex;
        internal readonly ushort InterfaceSlot;
        internal readonly ushort ImplementationSlot;
    }
}
