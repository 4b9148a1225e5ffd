namespace Cashew.Machine;

/// <summary>Who called whom, from the chain of frame pointers.</summary>
internal static unsafe class Backtrace
{
    private const int MaximumFrames = 32;

    internal static void Print(ulong instruction, ulong framePointer)
    {
        PrintFrame(0, instruction);
        for (int i = 1; i < MaximumFrames && IsReadable(framePointer); i++)
        {
            ulong* frame = (ulong*)framePointer;
            if (frame[1] == 0)
            {
                break;
            }

            // The return address is behind the call; step back into it, so that the line is the call's.
            PrintFrame(i, frame[1] - 1);
            if (frame[0] <= framePointer)
            {
                break;
            }

            framePointer = frame[0];
        }
    }

    private static bool IsReadable(ulong address) =>
        address % sizeof(ulong) == 0 && (KernelStacks.Contains(address) || IsInImageData(address));

    private static bool IsInImageData(ulong address) =>
        address >= Image.Table->DataStart && address < Image.Table->DataEnd - 2 * sizeof(ulong);

    private static void PrintFrame(int index, ulong address)
    {
        EarlyConsole.Write("  #");
        EarlyConsole.WriteDecimal((ulong)index);
        EarlyConsole.Write(" ");
        EarlyConsole.WriteHex(address);
        if (Symbols.TryFind(address, out Symbols.Location location))
        {
            EarlyConsole.Write(" ");
            PrintText(location.Function);
            EarlyConsole.Write("+");
            EarlyConsole.WriteDecimal(location.Offset);
            if (location.File != null)
            {
                EarlyConsole.Write(" (");
                PrintText(location.File);
                EarlyConsole.Write(":");
                EarlyConsole.WriteDecimal((ulong)location.Line);
                EarlyConsole.Write(")");
            }
        }

        EarlyConsole.Write("\r\n");
    }

    private static void PrintText(byte* text)
    {
        for (; *text != 0; text++)
        {
            EarlyConsole.Write(*text);
        }
    }
}
