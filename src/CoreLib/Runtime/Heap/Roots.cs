using Internal.Runtime;

namespace Cashew.Runtime;

/// <summary>
/// Where marking starts: statics and frozen objects exactly, stacks by looking at every word.
/// </summary>
internal static unsafe class Roots
{
    // Frozen objects with references, which may refer to the heap: their addresses.
    private static nint* s_frozen;
    private static int s_frozenCount;
    private static int s_position; // how far marking is: in the statics, then in the frozen objects

    // What one root counts for, in words looked at.
    private const int WorkForRoot = 8;

    /// <summary>Lists the frozen objects that have references. Once, at boot.</summary>
    internal static void Initialize()
    {
        int count = 0;
        ForEachFrozen(null, ref count);
        int order = 0;
        while ((4096 << order) < count * sizeof(nint))
        {
            order++;
        }

        s_frozen = (nint*)RuntimeHooks.AllocateFrames(order);
        if (s_frozen == null)
        {
            RuntimeHooks.Fatal("no memory for the list of frozen objects");
        }

        ForEachFrozen(s_frozen, ref s_frozenCount);
    }

    internal static void BeginMarking() => s_position = 0;

    /// <summary>
    /// Marks on what statics and frozen objects refer to; true when all is. Once is enough: what is stored
    /// there afterwards passes the write barrier.
    /// </summary>
    internal static bool TryFinishMarking(MarkQueue* queue, ref long work)
    {
        int staticCount = Statics(out int* entries);
        for (; work > 0 && s_position < staticCount + s_frozenCount; s_position++)
        {
            if (s_position < staticCount)
            {
                queue->Mark(Holder(entries + s_position));
            }
            else
            {
                queue->Follow(s_frozen[s_position - staticCount]);
            }

            work -= WorkForRoot;
        }

        return s_position == staticCount + s_frozenCount;
    }

    /// <summary>Shows each exact reference of a root, and where it is.</summary>
    internal static void ForEach(delegate*<nint, nint, void> visit)
    {
        int staticCount = Statics(out int* entries);
        for (int i = 0; i < staticCount; i++)
        {
            visit((nint)(entries + i), Holder(entries + i));
        }

        for (int i = 0; i < s_frozenCount; i++)
        {
            GcDescriptor.ForEachReference(s_frozen[i], visit);
        }
    }

    /// <summary>
    /// The object that a word may refer to, from the object's header to the end of its cell; zero for none.
    /// While marking goes on.
    /// </summary>
    internal static nint Find(nint word)
    {
        Block* block = GranuleMap.Find(word);
        if (block == null)
        {
            return 0;
        }

        nint offset = word - (nint)block;
        if (offset < Block.CellsOffset
            || offset >= Block.CellsOffset + (nint)block->CellCount * block->CellBytes)
        {
            return 0;
        }

        uint cell = ((uint)offset - Block.CellsOffset) / block->CellBytes;
        uint cellOffset = Block.CellsOffset + cell * block->CellBytes;
        nint address = (nint)block + (nint)cellOffset + HeapLayout.HeaderBytes;
        bool isObject = cellOffset < block->SweepCursor
            ? HeapLayout.IsObject(address)
            : Block.Test(Block.LiveBits(block), cellOffset);
        return isObject ? address : 0;
    }

    private static int Statics(out int* entries)
    {
        ModuleHeader.Find(
            Startup.Module, ModuleHeader.SectionKind.GcStaticRegion, out byte* start, out byte* end);
        entries = (int*)start;
        return (int)((int*)end - entries);
    }

    /// <summary>The object that holds a class's static references: an entry is the distance to its
    /// address.</summary>
    private static nint Holder(int* entry) => *(nint*)((byte*)entry + *entry);

    private static void ForEachFrozen(nint* list, ref int count)
    {
        ModuleHeader.Find(
            Startup.Module, ModuleHeader.SectionKind.FrozenObjects, out byte* start, out byte* end);
        nint address = (nint)start + HeapLayout.HeaderBytes;
        while (address < (nint)end)
        {
            MethodTable* type = *(MethodTable**)address;
            if (type == null)
            {
                break;
            }

            if (type->HasPointers)
            {
                if (list != null)
                {
                    list[count] = address;
                }

                count++;
            }

            address += (nint)((HeapLayout.SizeBytesOf(address) + 7) & ~(nuint)7);
        }
    }
}
