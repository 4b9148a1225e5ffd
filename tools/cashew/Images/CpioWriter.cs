namespace Cashew.Tool.Images;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

/// <summary>
/// Writes a cpio archive in the "new ASCII" format, the one an initramfs has. The same calls always give the
/// same bytes: times are zero and owners are root unless said otherwise, inode numbers count up.
/// </summary>
/// <source>cpio(5), "New ASCII Format".</source>
internal sealed class CpioWriter : IDisposable
{
    internal const int PageBytes = 4096;

    private const int HeaderBytes = 110;
    private const int ArchiveAlignment = 512;

    // Readers refuse names longer than PATH_MAX, the padding included.
    private const int LongestNameBytes = 4096;

    private const int TypeDirectory = 0x4000;
    private const int TypeCharacterDevice = 0x2000;
    private const int TypeFile = 0x8000;
    private const int TypeSymlink = 0xA000;

    private readonly Stream _output;
    private long _position;
    private int _nextInode = 1;

    internal CpioWriter(Stream output) => _output = output;

    internal void AddDirectory(string path, int mode, FileOwnership ownership = default) =>
        Add(new Entry(path, TypeDirectory | mode, Links: 2, Ownership: ownership), []);

    internal void AddSymlink(string path, string target, FileOwnership ownership = default) =>
        Add(new Entry(path, TypeSymlink | 0x1FF, Ownership: ownership), Encoding.UTF8.GetBytes(target));

    internal void AddCharacterDevice(string path, int mode, int major, int minor) =>
        Add(new Entry(path, TypeCharacterDevice | mode, Major: major, Minor: minor), []);

    /// <summary>
    /// Adds a file. The contents of one that fills a page begin on a page boundary of the archive, so that a
    /// kernel can map them where they lie: the name is followed by as many NULs as that takes.
    /// </summary>
    internal void AddFile(
        string path, int mode, ReadOnlySpan<byte> content, FileOwnership ownership = default) =>
        AddContents(new Entry(path, TypeFile | mode, Ownership: ownership), content);

    /// <summary>Adds a file with several names. The first one has the contents.</summary>
    internal void AddLinkedFile(
        IReadOnlyList<string> paths, int mode, ReadOnlySpan<byte> content, FileOwnership ownership)
    {
        int inode = _nextInode++;
        Entry entry = new(paths[0], TypeFile | mode, paths.Count, Ownership: ownership, Inode: inode);
        AddContents(entry, content);
        foreach (string path in paths.Skip(1))
            Add(entry with { Path = path }, []);
    }

    private void AddContents(Entry entry, ReadOnlySpan<byte> content)
    {
        if (content.Length < PageBytes)
        {
            Add(entry, content);
            return;
        }

        int nameBytes = NameBytesToAlign(_position, entry.Path);
        if (nameBytes > LongestNameBytes)
        {
            // The root folder once more, named again and again by nobody: a gap with a legal shape.
            AddPadded(new Entry(".", TypeDirectory | 0x1ED, Links: 2), [], PageBytes / 2);
            nameBytes = NameBytesToAlign(_position, entry.Path);
        }

        AddPadded(entry, content, nameBytes);
    }

    public void Dispose()
    {
        _nextInode = 0;
        Add(new Entry("TRAILER!!!", 0), []);
        PadTo(ArchiveAlignment);
    }

    private void Add(Entry entry, ReadOnlySpan<byte> content) =>
        AddPadded(entry, content, Encoding.UTF8.GetByteCount(entry.Path) + 1);

    private void AddPadded(Entry entry, ReadOnlySpan<byte> content, int nameBytes)
    {
        byte[] name = new byte[nameBytes];
        int written = Encoding.UTF8.GetBytes(entry.Path, name);
        if (written == 0 || written >= nameBytes || entry.Path.StartsWith('/'))
            throw new ArgumentException($"not a path for an archive: '{entry.Path}'", nameof(entry));

        // ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize,
        // check
        ReadOnlySpan<int> fields =
        [
            entry.Inode ?? _nextInode, entry.Mode, entry.Ownership.Uid, entry.Ownership.Gid, entry.Links,
            entry.Ownership.Modified, content.Length, 0, 0, entry.Major, entry.Minor, nameBytes, 0,
        ];
        StringBuilder header = new("070701", HeaderBytes);
        foreach (int field in fields)
            header.Append(field.ToString("X8"));
        if (_nextInode != 0)
            _nextInode++;

        Write(Encoding.ASCII.GetBytes(header.ToString()));
        Write(name);
        PadTo(4);
        Write(content);
        PadTo(4);
    }

    /// <summary>The shortest name field that puts the contents on a page boundary.</summary>
    private static int NameBytesToAlign(long position, string path)
    {
        int nameBytes = Encoding.UTF8.GetByteCount(path) + 1;
        long contentStart = position + HeaderBytes + nameBytes;
        return nameBytes + (int)(-contentStart & (PageBytes - 1));
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        _position += bytes.Length;
    }

    private void PadTo(int alignment)
    {
        Span<byte> zeros = stackalloc byte[ArchiveAlignment];
        zeros.Clear();
        Write(zeros[..(int)(-_position & (alignment - 1))]);
    }

    private readonly record struct Entry(
        string Path,
        int Mode,
        int Links = 1,
        int Major = 0,
        int Minor = 0,
        FileOwnership Ownership = default,
        int? Inode = null);
}
