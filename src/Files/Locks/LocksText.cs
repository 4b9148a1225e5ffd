using Cashew.Abi;
using Cashew.Files.Systems;

namespace Cashew.Files;

/// <summary>/proc/locks: all advisory locks, and below those of a file who waits for them.</summary>
/// <source>proc_locks(5).</source>
public sealed class LocksText : FileContents
{
    private const int LinesAtOnce = 16;

    public override Errno Append(ByteBuilder text, ref TextCursor cursor)
    {
        cursor.State ??= new Place();
        Place place = (Place)cursor.State;
        while (LockLists.After(place.Before, out long serial) is { } list)
        {
            // A list that has gone meanwhile is followed by another one, which begins anew.
            if (serial != place.Serial) place.Index = 0;
            place.Serial = serial;
            LockDescription[] described = new LockDescription[LinesAtOnce];
            int count = list.Describe(place.Index, described);
            for (int i = 0; i < count; i++) AppendLine(text, list, described[i], place);
            place.Index += count;
            if (count < LinesAtOnce) place.Before = serial;
            if (count > 0) return Errno.None;
        }

        cursor.Finish();
        return Errno.None;
    }

    private static void AppendLine(ByteBuilder text, LockList list, in LockDescription line, Place place)
    {
        if (!line.IsWaitedFor) place.Number++;
        text.Append(place.Number).Append(line.IsWaitedFor ? ": -> "u8 : ": "u8);
        text.Append(list.IsWhole ? "FLOCK "u8 : line.IsOfFile ? "OFDLCK"u8 : "POSIX "u8);
        text.Append(" ADVISORY  "u8);
        text.Append(line.Type == LockType.Exclusive ? "WRITE "u8 : "READ "u8).Append((long)line.ProcessId);
        DeviceNumber device = list.Inode.Filesystem.Device;
        text.Append((byte)' ').AppendPaddedHex(device.Major, 2);
        text.Append((byte)':').AppendPaddedHex(device.Minor, 2);
        text.Append((byte)':').Append(list.Inode.Number);
        text.Append((byte)' ').Append(line.Range.First).Append((byte)' ');
        if (line.Range.Last == LockRange.EndOfFile) text.Append("EOF\n"u8);
        else text.Append(line.Range.Last).Append((byte)'\n');
    }

    /// <summary>How far the text has come.</summary>
    private sealed class Place
    {
        internal long Before;
        internal long Serial;
        internal int Index;
        internal long Number;
    }
}
