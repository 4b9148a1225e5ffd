using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>A control group as a directory: its files, and the groups in it.</summary>
/// <remarks>Which files there are depends on the controllers that the group has, so that the cache remembers
/// groups only.</remarks>
internal sealed class CgroupDirectory : GeneratedDirectory
{
    // Behind the positions of the files.
    private const long FirstGroup = FirstChanging + 256;

    private readonly CgroupFilesystem _filesystem;
    private readonly Cgroup _group;

    // Made when somebody looks: owners and permissions stay.
    private readonly GeneratedFile?[] _files = new GeneratedFile?[CgroupFiles.All.Length];

    internal CgroupDirectory(CgroupFilesystem filesystem, ulong number, in NewNode node, Cgroup group)
        : base(filesystem, number, node)
    {
        _filesystem = filesystem;
        _group = group;
    }

    internal Cgroup Group => _group;

    public override bool CachesName(Inode? found) => found is CgroupDirectory;

    protected override bool TryFindChanging(ReadOnlySpan<byte> name, [NotNullWhen(true)] out Inode? inode)
    {
        for (int i = 0; i < CgroupFiles.All.Length; i++)
        {
            CgroupFile file = CgroupFiles.All[i];
            if (!name.SequenceEqual(file.Name) || !file.IsIn(_group)) continue;
            inode = FileAt(i);
            return true;
        }

        inode = FindGroup(name)?.Directory;
        return inode is not null;
    }

    protected override Errno ListChanging(ref long position, ref DirectorySink sink)
    {
        long from = long.Max(position, FirstChanging);
        for (; from < FirstChanging + CgroupFiles.All.Length; from++)
        {
            int index = (int)(from - FirstChanging);
            CgroupFile file = CgroupFiles.All[index];
            if (!file.IsIn(_group)) continue;
            if (!sink.TryAdd(file.Name, FileAt(index).Number, InodeType.Regular, from + 1)) return Errno.None;
            position = from + 1;
        }

        for (Cgroup? child = _group.FirstChild; child is not null; child = child.NextSibling)
        {
            long next = FirstGroup + child.Sequence + 1;
            if (next <= position) continue;
            if (!sink.TryAdd(child.Name, child.Directory!.Number, InodeType.Directory, next)) return Errno.None;
            position = next;
        }

        return Errno.None;
    }

    /// <errors>EPERM: no directory. EINVAL: a newline in the name, which would break the line in
    /// /proc/PID/cgroup. EAGAIN, ENODEV, ENOSPC: see <see cref="Cgroups.AddLocked"/>. ENOMEM.</errors>
    public override bool TryCreate(
        ReadOnlySpan<byte> name, in NewNode node, [NotNullWhen(true)] out Inode? inode, out Errno error)
    {
        inode = null;
        error = Errno.EPERM;
        if (node.Type != InodeType.Directory) return false;
        error = name.IndexOf((byte)'\n') >= 0 ? Errno.EINVAL : KernelObjects.MayCreateName() ? Errno.None : Errno.ENOMEM;
        if (error != Errno.None) return false;

        FrameCharges.Prepare();
        Cgroup group = new(_group, name.ToArray());
        group.Directory = new CgroupDirectory(_filesystem, _filesystem.NewNumber(), node, group);
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire()) error = Cgroups.AddLocked(group);
        if (error != Errno.None) return false;
        AddLinks(1);
        TouchModified();
        inode = group.Directory;
        return true;
    }

    /// <errors>EBUSY: there are processes, or groups, in it.</errors>
    public override Errno RemoveDirectory(ReadOnlySpan<byte> name, Inode victim)
    {
        Errno error;
        using (SpinLock.Guard guard = ProcessTree.Lock.Acquire())
            error = Cgroups.RemoveLocked(((CgroupDirectory)victim)._group);
        if (error != Errno.None) return error;
        victim.DropLinks(2);
        DropLinks();
        TouchModified();
        return Errno.None;
    }

    /// <summary>Tells who watches a file that what it says has changed.</summary>
    /// <locking>May sleep.</locking>
    internal void ReportChange(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < CgroupFiles.All.Length; i++)
        {
            if (!name.SequenceEqual(CgroupFiles.All[i].Name)) continue;

            GeneratedFile file;
            using (Lock!.Acquire()) file = FileAt(i);
            FileWatches.ReportContents(this, CgroupFiles.All[i].Name, file);
            return;
        }
    }

    private Cgroup? FindGroup(ReadOnlySpan<byte> name)
    {
        Cgroup? child = _group.FirstChild;
        while (child is not null && !name.SequenceEqual(child.Name)) child = child.NextSibling;
        return child;
    }

    private GeneratedFile FileAt(int index)
    {
        if (_files[index] is { } made) return made;
        CgroupFile file = CgroupFiles.All[index];
        NewNode node = new(Abi.Mode.S_IFREG | file.Permissions, Uid, Gid);
        return _files[index] = new GeneratedFile(
            _filesystem, _filesystem.NewNumber(), node, new CgroupContents(_group, file));
    }
}
