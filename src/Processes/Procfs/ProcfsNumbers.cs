namespace Cashew.Processes;

/// <summary>How inode numbers of proc are made: the kernel's own files have small ones; those of processes
/// have the id, and in the low bits which file it is.</summary>
internal static class ProcfsNumbers
{
    internal const ulong TaskBit = 1UL << 60;
    internal const int IdShift = 32;

    internal const int DirectorySlot = 0;
    internal const int FirstEntrySlot = 1;

    // A descriptor is at most 2^20.
    internal const int FirstDescriptorSlot = 1 << 24;
    internal const int FirstDescriptorInfoSlot = 1 << 25;
    internal const int FirstNetworkSlot = 1 << 26;
    internal const int FirstNamespaceSlot = 1 << 27;
}
