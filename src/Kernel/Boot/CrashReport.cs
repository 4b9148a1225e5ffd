using System;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Kernel.Boot;

/// <summary>Says in a panic report which program ran, and what it had asked for.</summary>
internal sealed class CrashReport : PanicContext
{
    public override void Describe()
    {
        if (UserThread.CurrentOrNone is not { } thread)
        {
            Panic.Print("in a thread of the kernel\r\n"u8);
            return;
        }

        Span<byte> name = stackalloc byte[CommandName.MaxLengthBytes];
        int length = thread.Name.CopyTo(name);
        Panic.Print("in process "u8);
        Panic.Print(thread.Process.Id);
        Panic.Print(" ("u8);
        Panic.Print(name[..length]);
        Panic.Print("), thread "u8);
        Panic.Print(thread.Id);
        if (thread.IsInSystemCall)
        {
            Panic.Print(", system call "u8);
            Panic.Print((long)thread.Context.User.OriginalRax);
        }

        Panic.Print("\r\n"u8);
    }
}
