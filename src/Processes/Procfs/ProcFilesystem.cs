using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>The one instance of proc.</summary>
/// <source>proc(5).</source>
public sealed class ProcFilesystem : GeneratedFilesystem
{
    private const int ShownBlockBytes = 1024;

    private readonly ProcRoot _root;

    internal ProcFilesystem(FilesystemType type)
        : base(type, FilesystemMagic.PROC_SUPER_MAGIC)
    {
        _root = new ProcRoot(this, NextNumber(), DirectoryNode);
        Keep();
        AddSelf("self"u8, isThread: false);
        AddSelf("thread-self"u8, isThread: true);
    }

    public override int BlockBytes => ShownBlockBytes;

    protected override GeneratedDirectory Root => _root;

    private void AddSelf(ReadOnlySpan<byte> name, bool isThread)
        => _root.Add(name, new SelfLink(this, NextNumber(), LinkNode, isThread));
}
