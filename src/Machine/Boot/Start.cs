using System.Runtime;

namespace Cashew.Machine;

internal static unsafe class Start
{
    [RuntimeExport("cashew_start")]
    internal static void Run(int protocol, nint info)
    {
        string hello = "hello from C#\r\n";
        for (int i = 0; i < hello.Length; i++)
            Out(0x3f8, (byte)hello[i]);
        Out(0x501, 0x10);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_out8")]
    private static extern void Out(ushort port, byte value);
}
