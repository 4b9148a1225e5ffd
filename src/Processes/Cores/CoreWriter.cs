using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>Writes a core file from its beginning to its end, up to the size that RLIMIT_CORE allows.</summary>
internal sealed class CoreWriter(OpenFile file, long limitBytes)
{
    private readonly OpenFile _file = file;
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

    /// <summary>From the memory of the program itself, which is the current one. What it may not read is a hole.
    /// </summary>
    internal void WriteMemory(UserAddress at, int lengthBytes)
    {
        if (!MayGrow(lengthBytes)) return;
        UserSource source = new(at, lengthBytes);
        IoResult result = _file.WriteAt(ref source, Position, long.MaxValue);
        if (result.Error == Errno.EFAULT) Position += lengthBytes;
        else Finish(result, lengthBytes);
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
