namespace Cashew.Machine;

/// <summary>All of RAM, mapped once with large pages at a fixed distance from its physical address.</summary>
internal static unsafe class DirectMap
{
    internal const ulong Base = 0xFFFF_8000_0000_0000;

    /// <summary>What the boot tables cover; the final ones cover everything.</summary>
    internal const ulong BootLimit = 4UL << 30;

    internal static T* Pointer<T>(ulong physical)
        where T : unmanaged => (T*)(Base + physical);

    internal static ulong Physical(void* pointer) => (ulong)pointer - Base;
}
