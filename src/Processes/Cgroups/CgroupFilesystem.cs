using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>The hierarchy of control groups, as directories.</summary>
/// <source>cgroups(7).</source>
/// <deviation>The options that say how namespaces and protection of memory work are accepted and shown: there
/// are no namespaces, and no memory is given up that could be protected.</deviation>
internal sealed class CgroupFilesystem : GeneratedFilesystem
{
    private const uint Permissions = 0x1ED; // 0755

    private readonly CgroupDirectory _root;
    private bool _delegatesByNamespace;
    private bool _countsMemoryEventsLocally;
    private bool _protectsRecursively;

    internal CgroupFilesystem(FilesystemType type)
        : base(type, FilesystemMagic.CGROUP2_SUPER_MAGIC)
    {
        _root = new CgroupDirectory(this, NextNumber(), DirectoryNode, Cgroups.Root);
        Cgroups.Root.Directory = _root;
        Keep();
    }

    public override bool HasOwners => true;

    protected override GeneratedDirectory Root => _root;

    protected override uint DirectoryPermissions => Permissions;

    internal ulong NewNumber() => NextNumber();

    /// <errors>EINVAL: an option is not understood.</errors>
    public override Errno Remount(ReadOnlySpan<byte> options)
    {
        bool delegates = false;
        bool isLocal = false;
        bool isRecursive = false;
        while (!options.IsEmpty)
        {
            int comma = options.IndexOf((byte)',');
            ReadOnlySpan<byte> option = comma < 0 ? options : options[..comma];
            options = comma < 0 ? default : options[(comma + 1)..];
            if (option.SequenceEqual("nsdelegate"u8)) delegates = true;
            else if (option.SequenceEqual("memory_localevents"u8)) isLocal = true;
            else if (option.SequenceEqual("memory_recursiveprot"u8)) isRecursive = true;
            else if (!option.SequenceEqual("favordynmods"u8) && !option.IsEmpty) return Errno.EINVAL;
        }

        _delegatesByNamespace = delegates;
        _countsMemoryEventsLocally = isLocal;
        _protectsRecursively = isRecursive;
        return Errno.None;
    }

    public override void AppendOptions(ByteBuilder text)
    {
        if (_delegatesByNamespace) text.Append(",nsdelegate"u8);
        if (_countsMemoryEventsLocally) text.Append(",memory_localevents"u8);
        if (_protectsRecursively) text.Append(",memory_recursiveprot"u8);
    }
}
