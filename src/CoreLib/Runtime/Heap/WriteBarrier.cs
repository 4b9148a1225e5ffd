using System.Runtime;
using System.Runtime.CompilerServices;

namespace Cashew.Runtime;

/// <summary>
/// While marking is under way, whoever stores a reference marks what it refers to, so that nothing that was
/// followed ever refers to what is not marked. Stores that the compiler writes come by RhpAssignRef and its
/// like (Runtime.S); those of this library that it does not see as stores of references come here.
/// </summary>
/// <remarks>
/// It has to be the new reference, not the old one: the compiler stores null without any helper. References
/// on stacks are not stores; stacks are looked at again.
/// </remarks>
internal static unsafe class WriteBarrier
{
    private static bool s_isOn; // changed while all processors are at safe points

    internal static bool IsOn
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => s_isOn;
    }

    internal static void TurnOn()
    {
        s_isOn = true;
        SetMarkOffset(Block.MarkOffset);
    }

    internal static void TurnOff()
    {
        s_isOn = false;
        SetMarkOffset(0);
    }

    /// <summary>A reference was stored as a plain word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Stored(nint reference)
    {
        if (s_isOn && HeapLayout.IsInHeap(reference))
        {
            ShadeUndisturbed(reference);
        }
    }

    /// <summary>
    /// Words were moved, some of which are references: the others look like one only by chance, and then
    /// something lives a collection longer.
    /// </summary>
    internal static void Moved(nint* words, nint count)
    {
        for (nint i = 0; i < count; i++)
        {
            if (HeapLayout.IsInHeap(words[i]) && Roots.Find(words[i]) == words[i])
            {
                ShadeUndisturbed(words[i]);
            }
        }
    }

    /// <summary>Marks with interrupts off, because their handlers store references, too.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_shade_undisturbed")]
    private static extern void ShadeUndisturbed(nint reference);

    /// <summary>Tells Runtime.S where an object's block has its marks; zero: nothing is being
    /// marked.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_set_mark_offset")]
    private static extern void SetMarkOffset(nint offset);
}
