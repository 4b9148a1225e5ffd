using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>The mounts that a process sees, one a piece.</summary>
/// <source>proc_pid_mounts(5), proc_pid_mountinfo(5).</source>
internal static class MountsText
{
    internal static Errno AppendMounts(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        if (Next(subject, ref cursor, out FilesystemContext? context) is { } mount)
            MountTable.AppendMounts(text, mount, context!.Root);
        return Errno.None;
    }

    internal static Errno AppendMountInfo(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        if (Next(subject, ref cursor, out FilesystemContext? context) is { } mount)
            MountTable.AppendMountInfo(text, mount, context!.Root);
        return Errno.None;
    }

    /// <source>proc_pid_mountstats(5).</source>
    internal static Errno AppendMountStatistics(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        if (Next(subject, ref cursor, out FilesystemContext? context) is { } mount)
            MountTable.AppendMountStatistics(text, mount, context!.Root);
        return Errno.None;
    }

    /// <summary>The next of the mounts there were when reading began; null at the end.</summary>
    private static Mount? Next(Subject subject, ref TextCursor cursor, out FilesystemContext? context)
    {
        context = subject.Thread?.FilesystemOrNone;
        if (context is not null)
        {
            if (cursor.State is not Mount[] mounts) cursor.State = mounts = context.Namespace.List();
            if (cursor.Position < mounts.Length) return mounts[cursor.Position++];
        }

        cursor.Finish();
        return null;
    }
}
