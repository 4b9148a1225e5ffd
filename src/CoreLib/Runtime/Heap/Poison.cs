namespace Cashew.Runtime;

/// <summary>
/// Makes the use of a freed object show: its first word, where the method table was, becomes an address that
/// every access faults on. Without this, a lost object looks whole until its cell is used again.
/// </summary>
internal static unsafe class Poison
{
    private const byte Value = 0xDB;

    /// <summary>
    /// Overwrites what the collection that ends now has freed of a block; before sweeping begins anew, and as
    /// long as the other bits still say what lived before.
    /// </summary>
    internal static void OverwriteFreed(Block* block)
    {
        ulong* bits = Block.LiveBits(block);
        ulong* previous = Block.MarkBits(block);
        uint end = Block.EndOffset(block);
        for (uint cell = Block.CellsOffset; cell < end; cell += block->CellBytes)
        {
            // What was neither marked last time nor swept since has its poison, or never was an object.
            bool wasInUse = cell < block->SweepCursor || Block.Test(previous, cell);
            if (wasInUse && !Block.Test(bits, cell))
            {
                RuntimeMemory.Fill((byte*)block + cell, Value, block->CellBytes);
            }
        }
    }
}
