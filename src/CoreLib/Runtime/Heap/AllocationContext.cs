using System.Runtime.InteropServices;

namespace Cashew.Runtime;

/// <summary>
/// What one processor allocates from without a lock: the kernel is not preempted inside an allocation, and
/// interrupt handlers do not allocate. Allocate.S knows the first two fields.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AllocationContext
{
    /// <summary>As many as there are processors in Machine's CpuBlock.</summary>
    internal const int MaximumProcessors = 64;

    private const int ClassSlots = 40; // SizeClasses.Count, rounded up
    private const int LookupSlots = 136; // SizeClasses.LookupCount, rounded up

    private static Storage s_storage;
    private static int s_preparedCount;

    /// <summary>
    /// For each size class the first of a list of free cells, cleared but for the link in the first word.
    /// </summary>
    internal fixed ulong FreeCells[ClassSlots];

    /// <summary>HEAP_CLASSES in Allocate.S: the class of a size in units of 16 bytes, rounded up.</summary>
    internal fixed byte Classes[LookupSlots];

    /// <summary>For each size class the block that is being swept, or null.</summary>
    internal fixed ulong Blocks[ClassSlots];

    /// <summary>
    /// Granules that TryReserve took for what is to come; see <see cref="HeapReserve"/>. Zero for none.
    /// </summary>
    internal nint ReservedRun;
    internal int ReservedGranules;

    /// <summary>A processor's context. Good from the first instruction on: it is part of the image.</summary>
    internal static AllocationContext* Of(int processor)
    {
        fixed (ulong* first = s_storage.Words)
        {
            return (AllocationContext*)((byte*)first + processor * sizeof(AllocationContext));
        }
    }

    /// <summary>
    /// Makes a processor's context ready; before its first allocation, one processor after the other.
    /// </summary>
    internal static void Prepare(int processor)
    {
        AllocationContext* context = Of(processor);
        int sizeClass = 0;
        for (int unit = 0; unit < SizeClasses.LookupCount; unit++)
        {
            if (SizeClasses.CellBytes(sizeClass) < unit * HeapLayout.CellUnitBytes)
            {
                sizeClass++;
            }

            context->Classes[unit] = (byte)sizeClass;
        }

        s_preparedCount = processor + 1;
    }

    /// <summary>
    /// Takes the free cells away, so that whatever is allocated from here on comes from cells that are swept,
    /// and marked, while marking goes on. The next sweep finds those again.
    /// </summary>
    internal static void ForgetCells()
    {
        for (int processor = 0; processor < s_preparedCount; processor++)
        {
            RuntimeMemory.Clear(Of(processor)->FreeCells, ClassSlots * sizeof(ulong));
        }
    }

    /// <summary>
    /// Takes the free cells and blocks away when all is marked: cells were marked before anybody had them,
    /// and these are still free.
    /// </summary>
    internal static void ForgetAll()
    {
        for (int processor = 0; processor < s_preparedCount; processor++)
        {
            AllocationContext* context = Of(processor);
            for (int i = 0; i < SizeClasses.Count; i++)
            {
                UnmarkList(context->FreeCells[i]);
                context->FreeCells[i] = 0;
                context->Blocks[i] = 0;
            }
        }
    }

    private static void UnmarkList(ulong first)
    {
        for (ulong cell = first; cell != 0; cell = *(ulong*)cell)
        {
            Block* block = Block.Of((nint)cell);
            Block.ClearMark(block, (uint)(cell - (ulong)block));
        }
    }

    private struct Storage
    {
        private const int ContextWords = ClassSlots + LookupSlots / sizeof(ulong) + ClassSlots + 2;

        internal fixed ulong Words[MaximumProcessors * ContextWords];
    }
}
