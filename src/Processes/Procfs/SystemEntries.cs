using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>The files in /proc that are about the system.</summary>
internal static class SystemEntries
{
    internal static void AddTo(ProcFilesystem proc)
    {
        proc.AddText("filesystems"u8, static text => FilesystemTypes.AppendList(text));
        proc.AddLink("mounts"u8, "self/mounts"u8);
    }
}
