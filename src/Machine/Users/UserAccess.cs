using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>The routines of UserCopy.S, and how they recover from faults.</summary>
internal static unsafe class UserAccess
{
    /// <summary>Was it one of the routines that faulted, and where does it go on?</summary>
    internal static bool TryFindFixup(ulong instruction, out ulong continuation)
    {
        Image* image = Image.Table;
        continuation = 0;
        if (instruction < image->UserAccessStart || instruction >= image->UserAccessEnd)
        {
            return false;
        }

        for (Fixup* fixup = (Fixup*)image->UserFixups; fixup < (Fixup*)image->UserFixupsEnd; fixup++)
        {
            if (instruction >= fixup->Start && instruction < fixup->End)
            {
                continuation = fixup->Continuation;
                return true;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_user_copy")]
    internal static extern ulong Copy(void* destination, void* source, ulong lengthBytes);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_user_clear")]
    internal static extern ulong Clear(void* destination, ulong lengthBytes);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_user_read32")]
    internal static extern long Read32(void* source);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_user_exchange32")]
    internal static extern long Exchange32(void* at, uint expected, uint value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_user_string")]
    internal static extern long String(byte* destination, void* source, long capacity);

    [StructLayout(LayoutKind.Sequential)]
    private struct Fixup
    {
        internal ulong Start;
        internal ulong End;
        internal ulong Continuation;
    }
}
