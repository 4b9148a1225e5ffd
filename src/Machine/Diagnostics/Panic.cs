using System.Diagnostics.CodeAnalysis;

namespace Cashew.Machine;

/// <summary>Our own mistake: a report on the console, then the machine stops with a distinct exit
/// code.</summary>
public static unsafe class Panic
{
    private static int s_depth;
    private static PanicContext? s_context;

    /// <summary>Says what ran when it happened: the task and its system call. Installed by the
    /// kernel.</summary>
    public static void SetContext(PanicContext context) => s_context = context;

    [DoesNotReturn]
    public static void Stop(string message) =>
        Report(message, default, null, Instructions.FramePointer());

    [DoesNotReturn]
    public static void Stop(ref LogMessage message) =>
        Report("", message.Text, null, Instructions.FramePointer());

    /// <summary>For an exception inside the kernel, with the registers at that point.</summary>
    [DoesNotReturn]
    internal static void Stop(string message, TrapFrame* frame, ulong faultAddress)
    {
        Report(message, default, frame, frame->Registers.Rbp, faultAddress);
    }

    [DoesNotReturn]
    private static void Report(
        string message, System.ReadOnlySpan<byte> text, TrapFrame* frame, ulong framePointer, ulong faultAddress = 0)
    {
        Instructions.DisableInterrupts();
        // A fault inside the report must not start another one.
        if (s_depth++ == 0)
        {
            EarlyConsole.Write("\r\nkernel panic: ");
            EarlyConsole.Write(message);
            EarlyConsole.Write(text);
            EarlyConsole.Write("\r\n");
            s_context?.Describe();
            if (frame != null)
            {
                PrintRegisters(&frame->Registers, faultAddress);
                Backtrace.Print(frame->Registers.Rip, framePointer);
            }
            else
            {
                ulong* caller = (ulong*)framePointer;
                Backtrace.Print(caller[1] - 1, caller[0]);
            }
        }

        Power.StopAfterPanic();
    }

    /// <summary>Prints a line of the report; only for <see cref="PanicContext"/>.</summary>
    public static void Print(System.ReadOnlySpan<byte> text) => EarlyConsole.Write(text);

    /// <summary>Prints a number of the report; only for <see cref="PanicContext"/>.</summary>
    public static void Print(long value) => EarlyConsole.WriteDecimal((ulong)value);

    private static void PrintRegisters(UserRegisters* r, ulong faultAddress)
    {
        PrintRow("rip", r->Rip, "rsp", r->Rsp, "rflags", r->Rflags, "cr2", faultAddress);
        PrintRow("rax", r->Rax, "rbx", r->Rbx, "rcx", r->Rcx, "rdx", r->Rdx);
        PrintRow("rsi", r->Rsi, "rdi", r->Rdi, "rbp", r->Rbp, "err", r->OriginalRax);
        PrintRow("r8 ", r->R8, "r9 ", r->R9, "r10", r->R10, "r11", r->R11);
        PrintRow("r12", r->R12, "r13", r->R13, "r14", r->R14, "r15", r->R15);
    }

    private static void PrintRow(
        string n0, ulong v0, string n1, ulong v1, string n2, ulong v2, string n3, ulong v3)
    {
        PrintCell(n0, v0);
        PrintCell(n1, v1);
        PrintCell(n2, v2);
        PrintCell(n3, v3);
        EarlyConsole.Write("\r\n");
    }

    private static void PrintCell(string name, ulong value)
    {
        EarlyConsole.Write("  ");
        EarlyConsole.Write(name);
        EarlyConsole.Write(" ");
        EarlyConsole.WriteHex(value);
    }
}
