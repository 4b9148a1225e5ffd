using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Internal.Runtime;

/// <summary>
/// Interface calls that the compiler could not turn into direct ones. Each call site has a cell {code, data};
/// the site loads the cell's address into r11 and calls its code. Cells are never rewritten, so that no
/// processor can see half of an update: the code is always the stub in Dispatch.S, which looks in a global
/// cache of (type, cell) -> method and comes here on a miss.
/// </summary>
internal static unsafe class InterfaceDispatch
{
    private const nint FlagMask = 3;

    /// <summary>A call site's cell. A run of cells for one method ends with one whose code is zero.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Cell
    {
        internal nint Code;
        internal nint Data;
    }

    /// <summary>Called by the stub: finds the target and enters it into the cache.</summary>
    [RuntimeExport("RhpResolveInterfaceMethod")]
    internal static nint ResolveMethod(object? target, nint cellAddress)
    {
        if (target is null)
        {
            throw new NullReferenceException();
        }

        Cell* cell = (Cell*)cellAddress;
        MethodTable* type = target.TypeOf;
        nint code = InterfaceResolver.Find(type, InterfaceOf(cell), SlotOf(cell));
        if (code == 0)
        {
            throw new InvalidCastException();
        }

        DispatchCache.Add(type, cellAddress, code);
        return code;
    }

    private static MethodTable* InterfaceOf(Cell* cell)
    {
        // The interface's method table, as a 32-bit distance from the cell's second word with flags in the
        // low bits.
        int distance = *(int*)&cell->Data;
        nint flags = distance & FlagMask;
        byte* address = (byte*)&cell->Data + (distance - (int)flags);
        return flags == 2 ? *(MethodTable**)address : (MethodTable*)address;
    }

    private static int SlotOf(Cell* cell)
    {
        while (cell->Code != 0)
        {
            cell++;
        }

        return (ushort)cell->Data;
    }
}
