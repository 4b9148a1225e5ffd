using System;
using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>
/// Function names and line numbers of the image, put into it by the build: header, functions {start, name},
/// lines {start, file, line}, file names, strings. Starts are distances from the kernel's base, ascending.
/// </summary>
internal static unsafe class Symbols
{
    private const uint Magic = 0x4D59_5343; // "CSYM"

    internal struct Location
    {
        internal byte* Function;
        internal uint Offset;
        internal byte* File;
        internal int Line;
    }

    internal static bool TryFind(ulong address, out Location location)
    {
        location = default;
        Header* header = (Header*)Image.Table->SymbolsStart;
        if (Image.Table->SymbolsEnd - Image.Table->SymbolsStart < (ulong)sizeof(Header) || header->Magic != Magic
            || address < Image.KernelBase)
        {
            return false;
        }

        uint distance = (uint)(address - Image.KernelBase);
        Function* functions = (Function*)(header + 1);
        Line* lines = (Line*)(functions + header->FunctionCount);
        uint* files = (uint*)(lines + header->LineCount);
        byte* strings = (byte*)header + header->StringsOffset;

        // Both records begin with the start and are eight bytes long, so one search serves.
        int function = Search((ulong*)functions, (int)header->FunctionCount, distance);
        if (function < 0)
        {
            return false;
        }

        location.Function = strings + functions[function].Name;
        location.Offset = distance - functions[function].Start;
        int line = Search((ulong*)lines, (int)header->LineCount, distance);
        if (line >= 0 && lines[line].Start >= functions[function].Start)
        {
            location.File = strings + files[lines[line].File];
            location.Line = lines[line].Number;
        }

        return true;
    }

    /// <summary>The last record that starts at or before the distance; -1 when there is none.</summary>
    private static int Search(ulong* records, int count, uint distance)
    {
        int low = 0;
        int high = count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if ((uint)records[middle] <= distance)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        internal uint Magic;
        internal uint Version;
        internal uint FunctionCount;
        internal uint LineCount;
        internal uint FileCount;
        internal uint StringsOffset;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Function
    {
        internal uint Start;
        internal uint Name;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Line
    {
        internal uint Start;
        internal ushort File;
        internal ushort Number;
    }
}
