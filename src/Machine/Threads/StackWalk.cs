using System.Diagnostics;

namespace Cashew.Machine;

/// <summary>
/// The collector's way through all stacks, in steps: every context of the list, then those whose threads have
/// switched away since, and so used their stacks, until there are none. A stack that nobody runs on does not
/// change.
/// </summary>
/// <remarks>
/// Noted, and forgotten, under the lock of the list of contexts; walked while everybody else is stopped, with
/// interrupts off.
/// </remarks>
internal static unsafe class StackWalk
{
    private static bool s_isOn;
    private static ThreadContext? s_next;  // of the list, to be shown
    private static ThreadContext? s_noted; // linked by NextNoted: to be shown again

    /// <summary>Is it to be noted who uses a stack? One test at each switch of threads.</summary>
    internal static bool IsOn => s_isOn;

    internal static void Begin()
    {
        Debug.Assert(s_noted is null);
        s_next = ThreadContext.First;
        s_isOn = true;
    }

    internal static void End()
    {
        Debug.Assert(s_next is null && s_noted is null);
        s_isOn = false;
    }

    internal static bool HasShownAll() => s_next is null;

    /// <summary>Shows the next stack; false when there is none left. Those that run are not shown: they are
    /// noted when they switch away.</summary>
    internal static bool ShowNext(delegate*<nint, nint, void> visit)
    {
        while (TryTake() is { } context)
        {
            if (context.HasIdleStack)
            {
                visit((nint)context.StackLow, (nint)context.StackTop);
                return true;
            }
        }

        return false;
    }

    /// <summary>Shows all stacks but those that are running, whatever was shown before.</summary>
    internal static void ForEachOther(delegate*<nint, nint, void> visit)
    {
        for (ThreadContext? context = ThreadContext.First; context is not null; context = context.Next)
        {
            if (context.HasIdleStack)
            {
                visit((nint)context.StackLow, (nint)context.StackTop);
            }
        }
    }

    /// <summary>A thread switches away, or is new. Interrupts are off, or nobody else knows it.</summary>
    internal static void NoteLocked(ThreadContext context)
    {
        if (!context.IsNoted)
        {
            context.IsNoted = true;
            context.NextNoted = s_noted;
            s_noted = context;
        }
    }

    /// <summary>A context leaves the list of all.</summary>
    internal static void ForgetLocked(ThreadContext context)
    {
        if (s_next == context)
        {
            s_next = context.Next;
        }
    }

    private static ThreadContext? TryTake()
    {
        ThreadContext? context = s_next;
        if (context is not null)
        {
            s_next = context.Next;
            return context;
        }

        context = s_noted;
        if (context is not null)
        {
            s_noted = context.NextNoted;
            context.NextNoted = null;
            context.IsNoted = false;
        }

        return context;
    }
}
