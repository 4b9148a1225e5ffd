using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>/proc/PID/maps, a mapping a piece.</summary>
/// <source>proc_pid_maps(5).</source>
internal static class MapsText
{
    private const int AddressDigits = 8;

    /// <summary>Where names begin, when the numbers before them are not longer than usual.</summary>
    private const int NameColumn = 73;

    internal static Errno Append(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        AddressSpace? memory = subject.RetainMemory();
        if (memory is null)
        {
            cursor.Finish();
            return Errno.None;
        }

        if (memory.TryGetNext(new UserAddress((ulong)cursor.Position), out VmaInfo mapping))
        {
            AppendLine(text, mapping, cursor.Opener.Context.Root);
            cursor.Position = (long)mapping.End.Value;
        }
        else
        {
            cursor.Finish();
        }

        memory.Release();
        return Errno.None;
    }

    internal static void AppendLine(ByteBuilder text, in VmaInfo mapping, PathLocation root)
    {
        int start = text.LengthBytes;
        OpenFile? file = mapping.File as OpenFile;
        text.AppendHex(mapping.Start.Value, AddressDigits).Append((byte)'-');
        text.AppendHex(mapping.End.Value, AddressDigits).Append((byte)' ');
        Right(text, mapping.Rights, PageRights.Read, (byte)'r');
        Right(text, mapping.Rights, PageRights.Write, (byte)'w');
        Right(text, mapping.Rights, PageRights.Execute, (byte)'x');
        text.Append(mapping.IsShared ? (byte)'s' : (byte)'p').Append((byte)' ');

        DeviceNumber device = file is null ? default : file.Inode.Filesystem.Device;
        text.AppendHex((ulong)mapping.FirstPage * UserAddress.PageSizeBytes, AddressDigits).Append((byte)' ');
        text.AppendHex(device.Major, 2).Append((byte)':').AppendHex(device.Minor, 2).Append((byte)' ');
        ulong number = file?.Inode.Number ?? (ulong)((mapping.File as ShmAttachment)?.Id ?? 0);
        text.Append(number).Append((byte)' ');
        AppendName(text, mapping, file, root, start + NameColumn);
        text.Append((byte)'\n');
    }

    private static void AppendName(
        ByteBuilder text, in VmaInfo mapping, OpenFile? file, PathLocation root, int column)
    {
        ReadOnlySpan<byte> name = mapping.Name switch
        {
            MappingName.Heap => "[heap]"u8,
            MappingName.Stack => "[stack]"u8,
            MappingName.Special when mapping.File is KernelPages pages => pages.Name,
            _ => default,
        };
        if (name.IsEmpty && mapping.File is null) return;

        text.Pad(column - text.LengthBytes, (byte)' ');
        if (file is not null) file.AppendName(text, root);
        else if (mapping.File is ShmAttachment segment) segment.AppendName(text);
        else text.Append(name.IsEmpty ? "/dev/zero (deleted)"u8 : name);
    }

    private static void Right(ByteBuilder text, PageRights rights, PageRights right, byte letter)
        => text.Append((rights & right) != 0 ? letter : (byte)'-');
}
