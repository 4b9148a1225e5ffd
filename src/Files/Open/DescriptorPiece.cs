using System.Runtime.CompilerServices;
using System.Threading;

namespace Cashew.Files;

/// <summary>Sixty-four descriptors in a row: their files, and a bit each for being taken and for closing at
/// exec.</summary>
/// <locking>The table's, for all changes. Files are read without.</locking>
internal sealed class DescriptorPiece
{
    internal const int Count = 64;

    /// <summary>What one takes in the heap.</summary>
    internal const int SizeBytes = 544;

    /// <summary>Numbers that are open or reserved.</summary>
    internal ulong Taken;
    internal ulong CloseOnExec;

    private FileArray _files;

    internal static ulong BitOf(int fd) => 1UL << (fd % Count);

    internal OpenFile? Load(int fd) => Volatile.Read(ref _files[fd & (Count - 1)]);

    internal void Store(int fd, OpenFile? file) => Volatile.Write(ref _files[fd & (Count - 1)], file);

    internal bool IsTaken(int fd) => (Taken & BitOf(fd)) != 0;

    internal bool IsCloseOnExec(int fd) => (CloseOnExec & BitOf(fd)) != 0;

    internal void SetTaken(int fd, bool isSet) => Set(ref Taken, fd, isSet);

    internal void SetCloseOnExec(int fd, bool isSet) => Set(ref CloseOnExec, fd, isSet);

    private static void Set(ref ulong bits, int fd, bool isSet)
    {
        if (isSet) bits |= BitOf(fd);
        else bits &= ~BitOf(fd);
    }

    [InlineArray(Count)]
    private struct FileArray
    {
        private OpenFile? _first;
    }
}
