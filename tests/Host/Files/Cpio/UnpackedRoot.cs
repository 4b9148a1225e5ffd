using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Xunit;

namespace Cashew.Host.Files;

/// <summary>The root as a process of the superuser sees it. A name's bytes are characters, whatever they
/// are.</summary>
internal sealed class UnpackedRoot
{
    private const int NameOffset = 19;
    private const int RecordLengthOffset = 16;

    private readonly TmpfsFilesystem _filesystem;
    private readonly FileCaller _caller;

    internal UnpackedRoot(TmpfsFilesystem filesystem)
    {
        _filesystem = filesystem;
        MountNamespace names = new(filesystem, "rootfs"u8);
        _caller = new FileCaller(new FilesystemContext(names.RootLocation), Credentials.ForRoot());
    }

    internal Stat Stat(string path)
    {
        Errno error = FileTree.GetStat(_caller, default, Encoding.Latin1.GetBytes(path), WalkFlags.None, out Stat stat);
        Assert.True(error == Errno.None, $"{path}: {error}");
        return stat;
    }

    internal bool Exists(string path)
        => FileTree.GetStat(_caller, default, Encoding.Latin1.GetBytes(path), WalkFlags.None, out _) == Errno.None;

    internal string Target(string path)
    {
        byte[] name = Encoding.Latin1.GetBytes(path);
        bool isLink = FileTree.TryReadLink(_caller, default, name, out byte[]? target, out Errno error);
        Assert.True(isLink, $"{path}: {error}");
        return Encoding.Latin1.GetString(target!);
    }

    internal string Text(string path) => Encoding.ASCII.GetString(Read(path));

    internal byte[] Read(string path)
    {
        OpenFile file = Open(path, OpenBits.O_RDONLY);
        byte[] data = new byte[file.Inode.LengthBytes];
        UserDestination destination = new(data);
        Assert.Equal(data.Length, file.Read(ref destination).Count);
        file.Release();
        return data;
    }

    internal void Write(string path, string text)
    {
        OpenFile file = Open(path, OpenBits.O_WRONLY);
        byte[] data = Encoding.ASCII.GetBytes(text);
        UserSource source = new(data);
        Assert.Equal(data.Length, file.Write(ref source).Count);
        file.Release();
    }

    internal void Remove(string path)
        => Assert.Equal(Errno.None, FileTree.Unlink(_caller, default, Encoding.Latin1.GetBytes(path)));

    internal Inode Inode(string path)
    {
        OpenFile file = Open(path, OpenBits.O_RDONLY);
        Inode inode = file.Inode;
        file.Release();
        return inode;
    }

    internal List<string> List(string path)
    {
        OpenFile file = Open(path, OpenBits.O_RDONLY | OpenBits.O_DIRECTORY);
        List<string> names = [];
        byte[] room = new byte[4096];
        while (true)
        {
            DirectorySink sink = new(room);
            IoResult result = file.ReadDirectory(ref sink);
            Assert.False(result.IsError);
            if (sink.LengthBytes == 0) break;
            Collect(room.AsSpan(0, sink.LengthBytes), names);
        }

        file.Release();
        return names;
    }

    /// <summary>Every file below the root, with all that an archive says of it, by path.</summary>
    internal SortedDictionary<string, string> Describe()
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        Describe("", files);
        return files;
    }

    /// <summary>Gives everything back.</summary>
    internal void Discard()
    {
        _caller.Context.Release();
        _filesystem.DropMount();
    }

    private void Describe(string directory, SortedDictionary<string, string> files)
    {
        foreach (string name in List(directory.Length == 0 ? "/" : directory))
        {
            string path = $"{directory}/{name}";
            Stat stat = Stat(path);
            files.Add(path[1..], FileLine.Of(stat, Contents(path, stat)));
            if ((stat.st_mode & Mode.S_IFMT) == Mode.S_IFDIR) Describe(path, files);
        }
    }

    private byte[] Contents(string path, in Stat stat) => (stat.st_mode & Mode.S_IFMT) switch
    {
        Mode.S_IFREG => Read(path),
        Mode.S_IFLNK => Encoding.Latin1.GetBytes(Target(path)),
        _ => [],
    };

    private OpenFile Open(string path, uint flags)
    {
        byte[] name = Encoding.Latin1.GetBytes(path);
        bool isOpen = FileTree.TryOpen(_caller, default, name, flags, 0, out OpenFile? file, out Errno error);
        Assert.True(isOpen, $"{path}: {error}");
        return file!;
    }

    private static void Collect(ReadOnlySpan<byte> records, List<string> names)
    {
        while (!records.IsEmpty)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(records[RecordLengthOffset..]);
            ReadOnlySpan<byte> name = records[NameOffset..length];
            string text = Encoding.Latin1.GetString(name[..name.IndexOf((byte)0)]);
            if (text is not ("." or "..")) names.Add(text);
            records = records[length..];
        }
    }
}
