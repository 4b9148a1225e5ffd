namespace Cashew.Runtime;

/// <summary>
/// In stress modes: when marking ends, looks at everything anew. If all roots and all references of
/// marked objects lead to marked objects, then whatever can be reached is marked; if one does not, a store
/// has escaped the write barrier, or a stack its second look, and an object would be freed that is in use.
/// </summary>
internal static unsafe class MarkVerifier
{
    private const CollectorStress WhenVerified = CollectorStress.EverySafePoint | CollectorStress.SmallSteps;

    /// <summary>
    /// Where the collector's own part of this stack ends. What lies there may be left over from anything.
    /// </summary>
    internal static nint StackFloor { get; set; }

    internal static void Verify()
    {
        if ((Collector.Stress & WhenVerified) == 0)
        {
            return;
        }

        Roots.ForEach(&CheckReference);
        RuntimeHooks.ForEachStack(&CheckStack);
        BlockList.ForEach(&CheckBlock);
    }

    private static void CheckStack(nint low, nint end)
    {
        nint here = (nint)(&low);
        nint start = low <= here + HeapLayout.GranuleBytes && here < end && StackFloor > low && StackFloor < end
            ? StackFloor
            : low;
        for (nint* word = (nint*)((start + 7) & ~7); word < (nint*)end; word++)
        {
            if (HeapLayout.IsInHeap(*word))
            {
                CheckReference((nint)word, Roots.Find(*word));
            }
        }
    }

    private static void CheckBlock(Block* block)
    {
        if (block->HasUnscanned)
        {
            RuntimeHooks.Fatal("the collector has left objects that were not followed");
        }

        ulong* marks = Block.MarkBits(block);
        for (uint cell = Block.CellsOffset; cell < Block.EndOffset(block); cell += block->CellBytes)
        {
            nint address = (nint)block + (nint)cell + HeapLayout.HeaderBytes;
            if (Block.Test(marks, cell) && HeapLayout.IsObject(address) && HasReferences(address))
            {
                GcDescriptor.ForEachReference(address, &CheckReference);
            }
        }
    }

    private static bool HasReferences(nint address) =>
        (*(Internal.Runtime.MethodTable**)address)->HasPointers;

    /// <param name="holder">Who has the reference: an object, a word of a stack, an entry of statics.</param>
    private static void CheckReference(nint holder, nint reference)
    {
        if (!HeapLayout.IsInHeap(reference))
        {
            return;
        }

        Block* block = Block.Of(reference);
        if (!Block.Test(Block.MarkBits(block), (uint)(reference - (nint)block)))
        {
            Collector.Stress = CollectorStress.None; // what follows allocates
            RuntimeHooks.Fatal(
                "an object is in use and not marked: " + Describe(reference) + ", in " + Describe(holder));
        }
    }

    /// <summary>Its address, and its first word: of an object, the method table, which the image's symbols
    /// name.</summary>
    private static string Describe(nint address) => Hex(address) + " (" + Hex(*(nint*)address) + ")";

    private static string Hex(nint value)
    {
        System.Span<char> digits = stackalloc char[16];
        for (int i = digits.Length - 1; i >= 0; i--, value >>= 4)
        {
            digits[i] = "0123456789abcdef"[(int)(value & 15)];
        }

        return new string(digits);
    }
}
