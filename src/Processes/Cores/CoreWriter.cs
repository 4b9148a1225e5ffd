using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Writes a core file from its beginning to its end, up to the size that RLIMIT_CORE
/// allows.</summary>
internal sealed class CoreWriter(OpenFile file, long limitBytes)
{
    private readonly OpenFile _file = file;
    private byte[]? _page;
    private readonly long _limitBytes = limitBytes;

    /// <summary>Where the next byte goes.</summary>
    internal long Position { get; private set; }

    /// <summary>Something could not be written, and nothing will be any more.</summary>
    internal bool HasFailed { get; private set; }

    internal void Write(scoped ReadOnlySpan<byte> bytes)
    {
        if (!MayGrow(bytes.Length)) return;
        UserSource source = new(bytes);
        Finish(_file.WriteAt(ref source, Position, long.MaxValue), bytes.Length);
    }

    /// <summary>A page of the memory of the program itself, which is the current one. One that cannot be had
    /// is a hole.
    /// </summary>
    internal void WritePage(AddressSpace memory, UserAddress at)
    {
        if (!MayGrow(UserAddress.PageSizeBytes)) return;
        UserSource source = new(at, UserAddress.PageSizeBytes);
        IoResult result = _file.WriteAt(ref source, Position, long.MaxValue);
        if (result.Error == Errno.EFAULT) WriteUnreadable(memory, at);
        else Finish(result, UserAddress.PageSizeBytes);
    }

    /// <summary>Leaves a hole, which reads as zeros.</summary>
    internal void Skip(long lengthBytes)
    {
        if (MayGrow(lengthBytes)) Position += lengthBytes;
    }

    /// <summary>Gives the file its length if a hole is its end.</summary>
    internal void End()
    {
        // A hole that is too long for the file system is left out.
        if (!HasFailed && _file.Inode.LengthBytes < Position) _ = _file.Inode.SetLength(Position);
    }

    /// <summary>The program may not read the page itself, but a debugger wants to.</summary>
    private void WriteUnreadable(AddressSpace memory, UserAddress at)
    {
        _page ??= new byte[UserAddress.PageSizeBytes];
        if (memory.CopyInForced(_page, at) == _page.Length) Write(_page);
        else Position += _page.Length;
    }

    private bool MayGrow(long lengthBytes)
    {
        if (Position > _limitBytes - lengthBytes) HasFailed = true;
        return !HasFailed;
    }

    private void Finish(IoResult result, long lengthBytes)
    {
        if (result.Value != lengthBytes) HasFailed = true;
        else Position += lengthBytes;
    }
}
