using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Gives a new program the vDSO: the page of data that it reads, and behind it the
/// library.</summary>
/// <source>vdso(7).</source>
public static class VdsoMapping
{
    private const ulong PageBytes = UserAddress.PageSizeBytes;

    /// <summary>The library lies above the stack, if there is room, before the next boundary of 2 MiB: its
    /// page table is one that the stack has anyway.</summary>
    private const ulong TableBytes = 2 << 20;

    private static KernelPages? s_data;
    private static KernelPages? s_library;

    /// <summary>Copies the library to frames that programs can share.</summary>
    /// <locking>At boot, before there are programs.</locking>
    public static void Start()
    {
        ReadOnlySpan<byte> library = Vdso.Library;
        Frame[] frames = new Frame[(int)(((ulong)library.Length + PageBytes - 1) / PageBytes)];
        for (int i = 0; i < frames.Length; i++)
        {
            if (!Frame.TryAllocateZeroed(out frames[i])) Panic.Stop("no memory for the vDSO");
            ReadOnlySpan<byte> rest = library[(i * UserAddress.PageSizeBytes)..];
            rest[..Math.Min(rest.Length, UserAddress.PageSizeBytes)].CopyTo(frames[i].Bytes);
        }

        s_library = new KernelPages("[vdso]"u8, isWritable: true, frames);
        s_data = new KernelPages("[vvar]"u8, isWritable: false, [Vdso.Data]);
    }

    /// <summary>Maps both; the library's address, or null when there is none, is for
    /// AT_SYSINFO_EHDR.</summary>
    /// <param name="space">The new program's.</param>
    /// <param name="stackTop">The end of its stack.</param>
    /// <param name="layout">Where things go.</param>
    /// <errors>ENOMEM.</errors>
    internal static Errno Map(
        AddressSpace space, UserAddress stackTop, in AddressLayout layout, out UserAddress library)
    {
        library = default;
        if (s_data is null || s_library is null) return Errno.None;

        ulong dataBytes = (ulong)s_data.LengthBytes;
        ulong lengthBytes = dataBytes + (ulong)s_library.LengthBytes;
        // Both at once first, so that they come to lie side by side.
        MapRequest request = new()
        {
            Address = Wish(stackTop.PageUp, lengthBytes, layout),
            LengthBytes = lengthBytes,
            Rights = PageRights.None,
        };
        if (!space.TryMap(request, out UserAddress at, out Errno error)) return error;

        error = MapPages(space, at, s_data, PageRights.Read);
        if (error != Errno.None) return error;
        library = at + dataBytes;
        return MapPages(space, library, s_library, PageRights.Read | PageRights.Execute);
    }

    private static UserAddress Wish(UserAddress stackTop, ulong lengthBytes, in AddressLayout layout)
    {
        ulong start = stackTop.Value;
        ulong end = Math.Min((start + lengthBytes + TableBytes - 1) & ~(TableBytes - 1), UserAddress.LimitValue);
        if (end < start + lengthBytes) return default;
        ulong places = (end - start - lengthBytes) / PageBytes + 1;
        return new UserAddress(start + layout.RandomBelow(places) * PageBytes);
    }

    private static Errno MapPages(AddressSpace space, UserAddress at, KernelPages pages, PageRights rights)
    {
        MapRequest request = new()
        {
            Address = at,
            LengthBytes = (ulong)pages.LengthBytes,
            Rights = rights,
            Flags = MapFlags.Fixed | MapFlags.Special,
            File = pages,
        };
        _ = space.TryMap(request, out _, out Errno error); // The address is the one asked for, or there is an error.
        return error;
    }
}
