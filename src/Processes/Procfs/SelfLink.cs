using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>/proc/self and /proc/thread-self: a different text for each reader.</summary>
/// <source>proc(5).</source>
internal sealed class SelfLink(GeneratedFilesystem filesystem, ulong number, in NewNode node, bool isThread)
    : GeneratedInode(filesystem, number, node)
{
    private readonly bool _isThread = isThread;

    public override bool TryReadLink(
        in FileCaller caller, [NotNullWhen(true)] out byte[]? target, out Errno error)
    {
        target = null;
        error = Errno.ENOENT;
        if (UserThread.CurrentOrNone is not { } thread) return false;

        ByteBuilder text = new();
        text.Append((long)thread.Process.Id);
        if (_isThread) text.Append("/task/"u8).Append((long)thread.Id);
        target = text.ToArray();
        error = Errno.None;
        return true;
    }
}
