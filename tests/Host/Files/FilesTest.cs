using System;
using System.Collections.Generic;
using System.Text;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Host.Memory;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Files;

/// <summary>A machine with a root file system, for tests without threads, and a check at the end of each that
/// no frame and no open file is left over.</summary>
public abstract class FilesTest : IDisposable
{
    protected const int Page = UserAddress.PageSizeBytes;
    protected const uint OpenForAll = 0x1B6; // 0666

    private readonly Thread? _previousThread;
    private readonly int _dataFrames;
    private readonly long _cached;
    private readonly int _openFiles;
    private readonly TmpfsFilesystem _rootFilesystem;

    protected FilesTest()
    {
        Simulation = Simulation.Reset(new SimulationOptions { FrameCount = 4096 });
        KernelEntry.Install(new FaultingKernel());
        // Sleeping locks ask who takes them.
        _previousThread = Thread.HasCurrent ? Thread.Current : null;
        Thread.SetCurrent(new OnlyThread());
        _dataFrames = Simulation.CountFrames(FrameKind.Data);
        _cached = PageCounters.Cached;
        _openFiles = OpenFile.Count;

        FilesystemTypes.RegisterMemoryBased();
        _rootFilesystem = TmpfsType.CreateRoot();
        Mounts = new MountNamespace(_rootFilesystem, "rootfs"u8);
        Context = new FilesystemContext(Mounts.RootLocation);
    }

    protected Simulation Simulation { get; }
    protected MountNamespace Mounts { get; }
    protected FilesystemContext Context { get; }
    protected Credentials Credentials { get; set; } = Credentials.ForRoot();
    protected int DataFramesBefore => _dataFrames;
    protected FileCaller Caller => new(Context, Credentials);

    /// <summary>Takes away all that is mounted and all names: what is left then has been lost.</summary>
    public virtual void Dispose()
    {
        Mount[] mounts = Mounts.List();
        for (int i = mounts.Length - 1; i > 0; i--)
        {
            Assert.Equal(Errno.None, Mounts.Remove(new PathLocation(mounts[i], mounts[i].Root), UnmountMode.Lazily));
        }

        Context.SetWorkingDirectory(Find("/"));
        RemoveAllIn("/");
        Assert.Equal(_openFiles, OpenFile.Count);
        Assert.Equal(_dataFrames, Simulation.CountFrames(FrameKind.Data));
        Assert.Equal(_cached, PageCounters.Cached);
        Thread.SetCurrent(_previousThread!);
        GC.SuppressFinalize(this);
    }

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    // ---- the calls, with paths as strings
    // -----------------------------------------------------------------------------

    protected Errno Mkdir(string path) => FileTree.MakeDirectory(Caller, default, Bytes(path), 0x1ED);
    protected Errno Rmdir(string path) => FileTree.RemoveDirectory(Caller, default, Bytes(path));
    protected Errno Unlink(string path) => FileTree.Unlink(Caller, default, Bytes(path));

    protected Errno Link(string path, string newPath)
        => FileTree.MakeLink(Caller, default, Bytes(path), WalkFlags.None, default, Bytes(newPath));

    protected Errno SymlinkError(string target, string path)
        => FileTree.MakeSymlink(Caller, Bytes(target), default, Bytes(path));

    protected Errno Rename(string path, string newPath, uint flags = 0)
        => FileTree.Rename(Caller, default, Bytes(path), default, Bytes(newPath), flags);

    protected Errno Truncate(string path, long lengthBytes)
        => FileTree.Truncate(Caller, default, Bytes(path), lengthBytes, long.MaxValue);

    protected OpenFile Open(string path, uint flags = OpenBits.O_RDWR | OpenBits.O_CREAT)
    {
        bool isOpen = FileTree.TryOpen(
            Caller, default, Bytes(path), flags, OpenForAll, out OpenFile? file, out Errno error);
        Assert.True(isOpen, $"{path}: {error}");
        return file!;
    }

    protected Errno OpenError(string path, uint flags = OpenBits.O_RDONLY)
    {
        _ = FileTree.TryOpen(Caller, default, Bytes(path), flags, OpenForAll, out OpenFile? file, out Errno error);
        file?.Release();
        return error;
    }

    protected void Create(string path, string contents = "")
    {
        OpenFile file = Open(path);
        if (contents.Length > 0) Assert.Equal(contents.Length, WriteAt(file, 0, Bytes(contents)).Count);
        file.Release();
    }

    protected string ReadAll(string path)
    {
        OpenFile file = Open(path, OpenBits.O_RDONLY);
        byte[] buffer = new byte[Page];
        IoResult result = ReadAt(file, 0, buffer);
        file.Release();
        return Encoding.UTF8.GetString(buffer, 0, (int)result.Count);
    }

    protected static IoResult ReadFrom(OpenFile file, Span<byte> buffer)
    {
        UserDestination destination = new(buffer);
        return file.Read(ref destination);
    }

    protected static IoResult WriteTo(OpenFile file, ReadOnlySpan<byte> bytes)
    {
        UserSource source = new(bytes);
        return file.Write(ref source);
    }

    protected static IoResult ReadAt(OpenFile file, long offset, Span<byte> buffer)
    {
        UserDestination destination = new(buffer);
        return file.ReadAt(ref destination, offset);
    }

    protected static IoResult WriteAt(OpenFile file, long offset, ReadOnlySpan<byte> bytes)
    {
        UserSource source = new(bytes);
        return file.WriteAt(ref source, offset);
    }

    protected Stat GetStat(string path)
    {
        Assert.Equal(Errno.None, FileTree.GetStat(Caller, default, Bytes(path), WalkFlags.None, out Stat stat));
        return stat;
    }

    protected Errno StatError(string path)
        => FileTree.GetStat(Caller, default, Bytes(path), WalkFlags.None, out _);

    /// <summary>The place at a path, pinned.</summary>
    protected PathLocation Find(string path)
    {
        bool isThere = PathWalk.TryFind(
            Caller, default, Bytes(path), WalkFlags.FollowLast, out PathLocation found, out Errno error);
        Assert.True(isThere, $"{path}: {error}");
        return found;
    }

    /// <summary>The names from a directory's current offset, at most so many bytes of entries at
    /// once.</summary>
    protected static List<string> ReadNames(OpenFile directory, int roomBytes = 4096, int mostReads = int.MaxValue)
    {
        List<string> names = [];
        byte[] room = new byte[roomBytes];
        for (int i = 0; i < mostReads; i++)
        {
            DirectorySink sink = new(room);
            Assert.Equal(Errno.None, directory.ReadDirectory(ref sink));
            if (sink.LengthBytes == 0) break;
            for (int at = 0; at < sink.LengthBytes; at += BitConverter.ToUInt16(room, at + 16))
            {
                int start = at + Dirent64.NameOffset;
                names.Add(Encoding.UTF8.GetString(room, start, Array.IndexOf(room, (byte)0, start) - start));
            }
        }

        return names;
    }

    protected List<string> List(string path)
    {
        OpenFile directory = Open(path, OpenBits.O_RDONLY | OpenBits.O_DIRECTORY);
        List<string> names = ReadNames(directory);
        directory.Release();
        names.Remove(".");
        names.Remove("..");
        return names;
    }

    // ---- mounts
    // ---------------------------------------------------------------------------------------------------

    protected Errno Mount(string type, string path, string options = "", MountOptions mountOptions = MountOptions.None)
    {
        Assert.True(FilesystemTypes.TryFind(Bytes(type), out FilesystemType? kind));
        if (!kind.TryMount(Bytes(type), Bytes(options), out Filesystem? filesystem, out Errno error)) return error;
        PathLocation target = Find(path);
        error = Mounts.Add(filesystem, Bytes(type), mountOptions, target);
        target.Unpin();
        return error;
    }

    protected Errno Unmount(string path, UnmountMode mode = UnmountMode.WhenUnused)
    {
        bool isThere = PathWalk.TryLocate(
            Caller, default, Bytes(path), WalkFlags.FollowLast, out PathLocation found, out Errno error);
        Assert.True(isThere, $"{path}: {error}");
        return Mounts.Remove(found, mode);
    }

    protected Errno Bind(string source, string target, bool isRecursive = false)
    {
        PathLocation from = Find(source);
        PathLocation to = Find(target);
        Errno error = Mounts.Bind(from, isRecursive, to);
        to.Unpin();
        from.Unpin();
        return error;
    }

    protected Errno Move(string source, string target)
    {
        PathLocation from = Find(source);
        PathLocation to = Find(target);
        Errno error = Mounts.Move(from, to);
        to.Unpin();
        from.Unpin();
        return error;
    }

    private void RemoveAllIn(string path)
    {
        foreach (string name in List(path))
        {
            string child = $"{path}{name}";
            if (Unlink(child) != Errno.EISDIR) continue;
            RemoveAllIn(child + "/");
            Assert.Equal(Errno.None, Rmdir(child));
        }
    }

    private sealed class OnlyThread : Thread
    {
        protected override void Main()
        {
        }
    }
}
