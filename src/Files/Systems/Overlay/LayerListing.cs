using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Tasks;

namespace Cashew.Files.Systems;

/// <summary>The names in a directory of a layer, one after the other.</summary>
internal ref struct LayerListing(Inode directory)
{
    private const int RoomBytes = 2048;
    private const int LengthPosition = 16;

    private readonly Inode _directory = directory;
    private readonly byte[] _room = new byte[RoomBytes];
    private long _position = DirectoryFile.FirstEntry;
    private int _filled;
    private int _at;

    /// <summary>Why the listing ended early, if it did.</summary>
    internal Errno Error { get; private set; }

    /// <summary>The next name; it is valid until the one after it is asked for.</summary>
    /// <locking>Takes the directory's lock now and then.</locking>
    internal bool TryNext(out ReadOnlySpan<byte> name)
    {
        if (_at == _filled)
        {
            using SleepLock.Guard guard = _directory.Lock!.Acquire();
            Fill();
        }

        return TryTake(out name);
    }

    /// <inheritdoc cref="TryNext"/>
    /// <locking>The directory's lock is held.</locking>
    internal bool TryNextLocked(out ReadOnlySpan<byte> name)
    {
        if (_at == _filled) Fill();
        return TryTake(out name);
    }

    private void Fill()
    {
        DirectorySink sink = new(_room);
        Error = _directory.ReadDirectory(ref _position, ref sink);
        _filled = sink.LengthBytes;
        _at = 0;
    }

    private bool TryTake(out ReadOnlySpan<byte> name)
    {
        name = default;
        if (Error != Errno.None || _at == _filled) return false;
        ReadOnlySpan<byte> entry = _room.AsSpan(_at, _filled - _at);
        entry = entry[..BinaryPrimitives.ReadUInt16LittleEndian(entry[LengthPosition..])];
        _at += entry.Length;
        name = entry[Dirent64.NameOffset..];
        name = name[..name.IndexOf((byte)0)];
        return true;
    }
}
