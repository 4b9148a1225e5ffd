namespace Internal.Runtime;

/// <summary>Finds the method of a type that implements an interface method.</summary>
/// <source>ECMA-335 II.12.2, with C# 8's default implementations as a second pass.</source>
internal static unsafe class InterfaceResolver
{
    /// <summary>The code address, or zero when the type does not implement the interface.</summary>
    internal static nint Find(MethodTable* type, MethodTable* interfaceType, int interfaceSlot)
    {
        nint code = FindInHierarchy(type, interfaceType, interfaceSlot, useDefaults: false);
        return code != 0 ? code : FindInHierarchy(type, interfaceType, interfaceSlot, useDefaults: true);
    }

    private static nint FindInHierarchy(
        MethodTable* type, MethodTable* interfaceType, int slot, bool useDefaults)
    {
        for (MethodTable* current = type; current != null; current = current->BaseType)
        {
            // An exact match on a class wins over a variant one on the same class.
            if (TryFindIn(current, interfaceType, slot, useDefaults, allowVariance: false, out int found)
                || TryFindIn(current, interfaceType, slot, useDefaults, allowVariance: true, out found))
            {
                return found < current->VirtualSlotCount
                    ? MethodTable.VirtualSlots(type)[found]
                    : MethodTable.SealedVirtualSlot(current, found - current->VirtualSlotCount);
            }
        }

        return 0;
    }

    private static bool TryFindIn(
        MethodTable* type, MethodTable* interfaceType, int slot, bool useDefaults, bool allowVariance,
        out int found)
    {
        found = 0;
        DispatchMap* map = MethodTable.Dispatch(type);
        if (map == null)
        {
            return false;
        }

        DispatchMap.Entry* entry = DispatchMap.Entries(map) + (useDefaults ? map->StandardCount : 0);
        DispatchMap.Entry* end = entry + (useDefaults ? map->DefaultCount : map->StandardCount);
        for (; entry != end; entry++)
        {
            if (entry->InterfaceSlot != slot)
            {
                continue;
            }

            MethodTable* candidate = MethodTable.Interfaces(type)[entry->InterfaceIndex];
            bool matches = allowVariance
                ? System.Runtime.TypeCast.IsVariantMatch(candidate, interfaceType, type->IsArray)
                : candidate == interfaceType;
            if (matches)
            {
                found = entry->ImplementationSlot;
                return true;
            }
        }

        return false;
    }
}
