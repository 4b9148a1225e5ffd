using System.Runtime.Intrinsics.X86;
using System.Threading;
using Cashew.Runtime;

namespace System.Runtime.CompilerServices;

/// <summary>
/// Runs a static constructor on first use. The kernel's rooms initialize explicitly at boot, so what comes
/// here are the few statics that the compiler could not compute; they allocate at most, and never block, so
/// that a processor stands for the thread that runs on it. An interrupt handler must not be the first to use
/// such a static: it would allocate, and could meet one that the interrupted code has half initialized. Debug
/// builds check it.
/// </summary>
/// <source>ECMA-335 II.10.5.3.3: who would wait for himself, in a circle of any length, passes
/// instead.</source>
internal static unsafe class ClassConstructorRunner
{
    // The word before the statics is the constructor's address, in the image; this plus a processor's number
    // while that one runs it; zero afterwards, which compiled code tests by itself.
    private const nint RunningBase = 1;

    // the constructor lock: every context's word that is not zero, and s_waitsFor
    private static RuntimeLock s_lock;
    private static Waits s_waitsFor;

    private static object CheckStaticClassConstructionReturnGCStaticBase(
        StaticClassConstructionContext* context, object gcStaticBase)
    {
        EnsureClassConstructorRun(context);
        return gcStaticBase;
    }

    private static nint CheckStaticClassConstructionReturnNonGCStaticBase(
        StaticClassConstructionContext* context, nint nonGcStaticBase)
    {
        EnsureClassConstructorRun(context);
        return nonGcStaticBase;
    }

    private static object CheckStaticClassConstructionReturnThreadStaticBase(
        Internal.Runtime.TypeManagerSlot* module, int typeTlsIndex,
        StaticClassConstructionContext* context) =>
        throw new NotSupportedException();

    private static void CheckStaticClassConstruction(ref StaticClassConstructionContext context) =>
        EnsureClassConstructorRun((StaticClassConstructionContext*)Unsafe.AsPointer(ref context));

    private static void EnsureClassConstructorRun(StaticClassConstructionContext* context)
    {
        if (Volatile.Read(ref context->cctorMethodAddress) == 0)
        {
            return;
        }

        int self = RuntimeHooks.CurrentProcessor();
        s_lock.Enter();
        nint state = context->cctorMethodAddress;
        if (IsConstructor(state))
        {
            context->cctorMethodAddress = RunningBase + self;
            s_lock.Exit();
            if (RuntimeHooks.CheckAllocation != null)
            {
                RuntimeHooks.CheckAllocation();
            }

            ((delegate*<void>)state)();
            Volatile.Write(ref context->cctorMethodAddress, 0);
            return;
        }

        bool mustWait = !WouldWaitForItself(self, context);
        s_waitsFor.Context[self] = mustWait ? (ulong)context : 0;
        s_lock.Exit();
        while (mustWait && Volatile.Read(ref context->cctorMethodAddress) != 0)
        {
            X86Base.Pause();
        }

        Volatile.Write(ref s_waitsFor.Context[self], 0);
    }

    private static bool IsConstructor(nint state) => (ulong)state >= HeapLayout.ImageBase;

    /// <summary>Does waiting for a constructor lead back here, through what the others wait for?</summary>
    private static bool WouldWaitForItself(int self, StaticClassConstructionContext* context)
    {
        while (context != null)
        {
            nint state = Volatile.Read(ref context->cctorMethodAddress);
            if (state == 0)
            {
                return false; // done meanwhile: whoever waits for it is about to go on
            }

            int runner = (int)(state - RunningBase);
            if (runner == self)
            {
                return true;
            }

            // No endless loop: a circle without us is never closed, for its last member passed.
            context = (StaticClassConstructionContext*)s_waitsFor.Context[runner];
        }

        return false;
    }

    /// <summary>For each processor the constructor that it waits for, or null.</summary>
    private struct Waits
    {
        internal fixed ulong Context[AllocationContext.MaximumProcessors];
    }
}
