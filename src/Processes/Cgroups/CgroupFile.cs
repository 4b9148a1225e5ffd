using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

internal delegate Errno CgroupText(Cgroup group, ByteBuilder text, ref TextCursor cursor);

internal delegate Errno CgroupStore(Cgroup group, in FileCaller opener, ReadOnlySpan<byte> text);

/// <summary>A kind of file in the directories of control groups.</summary>
internal sealed class CgroupFile(ReadOnlySpan<byte> name, CgroupText? text, CgroupStore? store)
{
    internal byte[] Name { get; } = name.ToArray();
    internal CgroupText? Text { get; } = text;
    internal CgroupStore? Store { get; } = store;

    /// <summary>The controller that it belongs to; none of those that every group has.</summary>
    internal CgroupControllers Controller { get; init; }

    internal bool IsInRoot { get; init; }
    internal bool IsElsewhere { get; init; } = true;

    /// <summary>Whoever polls it is told when groups become populated, or empty.</summary>
    internal bool TellsChanges { get; init; }

    internal uint Permissions => Text is null ? GeneratedMode.OwnerStores
        : Store is null ? GeneratedMode.ReadOnly
        : GeneratedMode.OwnerWrites;

    internal bool IsIn(Cgroup group)
    {
        if (group.IsRoot) return IsInRoot;
        return IsElsewhere && (Controller == CgroupControllers.None || (group.Controllers & Controller) != 0);
    }
}
