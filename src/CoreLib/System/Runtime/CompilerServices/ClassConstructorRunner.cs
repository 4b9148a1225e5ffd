using System.Threading;

namespace System.Runtime.CompilerServices;

/// <summary>
/// Runs a static constructor on first use. The kernel's rooms initialize explicitly at boot, on one processor, so what
/// comes here are the few statics that the compiler could not compute (mostly of generic types), and they only
/// allocate. A second processor that arrives while the first is at it waits; the same processor passes, as ECMA-335
/// II.10.5.3.3 allows for a cycle.
/// </summary>
internal static unsafe class ClassConstructorRunner
{
    private const nint Running = 1;

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
        Internal.Runtime.TypeManagerSlot* module, int typeTlsIndex, StaticClassConstructionContext* context) =>
        throw new NotSupportedException();

    private static void CheckStaticClassConstruction(ref StaticClassConstructionContext context) =>
        EnsureClassConstructorRun((StaticClassConstructionContext*)Unsafe.AsPointer(ref context));

    private static void EnsureClassConstructorRun(StaticClassConstructionContext* context)
    {
        nint method = context->cctorMethodAddress;
        if (method is 0 or Running)
        {
            return;
        }

        if (Interlocked.CompareExchange(ref context->cctorMethodAddress, Running, method) != method)
        {
            while (Volatile.Read(ref context->cctorMethodAddress) == Running)
            {
            }

            return;
        }

        ((delegate*<void>)method)();
        Volatile.Write(ref context->cctorMethodAddress, 0);
    }
}
