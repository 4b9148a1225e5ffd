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

    internal static void MarkExact(MarkQueue* queue)
    {
        ModuleHeader.Find(
            Startup.Module, ModuleHeader.SectionKind.GcStaticRegion, out byte* start, out byte* end);
        for (int* entry = (int*)start; entry < end; entry++)
        {
            nint holder = *(nint*)((byte*)entry + *entry);
            queue->Mark(holder);
        }

        for (int i = 0; i < s_frozenCount; i++)
        {
            queue->Follow(s_frozen[i]);
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
            : Block.Test((ulong*)((byte*)block + Block.PreviousBitmapOffset), cellOffset);
        return isObject ? address : 0;
    }

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
