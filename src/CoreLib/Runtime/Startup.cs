using System;
using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace Cashew.Runtime;

/// <summary>Brings the runtime up: once, on the first processor, before any managed object is used.</summary>
public static unsafe class Startup
{
    private const nint UninitializedFlag = 1;
    private const nint HasInitialDataFlag = 2;
    private const nint FlagMask = 3;

    private static ModuleHeader* s_module;

    internal static ModuleHeader* Module => s_module;

    /// <summary>
    /// Allocates the objects that hold each type's static references and runs the eager constructors.
    /// </summary>
    public static void Run()
    {
        s_module = FindModule();
        GranuleMap.Initialize(RuntimeHooks.PhysicalLimit);
        GranuleSupply.Initialize(RuntimeHooks.PhysicalLimit);
        AllocationContext.Prepare(0);
        Collector.Initialize();
        Roots.Initialize();
        InitializeGcStatics();
        RunAll(ModuleHeader.SectionKind.EagerConstructors);
        RunAll(ModuleHeader.SectionKind.ModuleInitializers);
    }

    private static ModuleHeader* FindModule()
    {
        for (nint* entry = ImageSymbols.ModuleHeaders; entry < ImageSymbols.ModuleHeadersEnd; entry++)
        {
            // The linker pads the list with zeros.
            if (*entry != 0 && ((ModuleHeader*)*entry)->Signature == ModuleHeader.ExpectedSignature)
            {
                return (ModuleHeader*)*entry;
            }
        }

        RuntimeHooks.Fatal("the kernel image has no module header");
        return null;
    }

    private static void InitializeGcStatics()
    {
        ModuleHeader.Find(s_module, ModuleHeader.SectionKind.GcStaticRegion, out byte* start, out byte* end);
        for (int* entry = (int*)start; entry < end; entry++)
        {
            // Each entry points to a cell that names the type of the holder; we replace the name by the
            // object.
            int* cell = (int*)((byte*)entry + *entry);
            nint value = (nint)cell + *cell;
            if ((value & UninitializedFlag) == 0)
            {
                continue;
            }

            MethodTable* type = (MethodTable*)(value & ~FlagMask);
            object holder = Allocator.NewObject(type);
            nint address = *(nint*)&holder;
            if ((value & HasInitialDataFlag) != 0)
            {
                byte* initial = (byte*)(cell + 1) + cell[1];
                nuint lengthBytes = type->BaseSizeBytes - (nuint)(2 * sizeof(nint));
                Buffer.BulkMoveWithWriteBarrier(
                    ref *(byte*)(address + sizeof(nint)), ref *initial, lengthBytes);
            }

            *(nint*)cell = address;
        }
    }

    private static void RunAll(ModuleHeader.SectionKind kind)
    {
        ModuleHeader.Find(s_module, kind, out byte* start, out byte* end);
        for (int* entry = (int*)start; entry < end; entry++)
        {
            // Each entry holds the method's distance from itself.
            ((delegate*<void>)((byte*)entry + *entry))();
        }
    }
}
