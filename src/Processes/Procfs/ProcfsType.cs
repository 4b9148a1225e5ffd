using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;

namespace Cashew.Processes;

/// <summary>proc: there is one instance, wherever and however often it is mounted, and it outlives its
/// mounts.</summary>
public sealed class ProcfsType : FilesystemType
{
    private ProcfsType()
        : base("proc")
    {
        Instance = new ProcFilesystem(this);
    }

    /// <summary>What parts of the kernel add their files to, before it is mounted for the first
    /// time.</summary>
    public ProcFilesystem Instance { get; }

    /// <summary>Makes proc with all that this room and those below it know.</summary>
    public static ProcfsType Create()
    {
        ProcfsType type = new();
        SystemEntries.AddTo(type.Instance);
        return type;
    }

    /// <errors>EINVAL: an option other than hidepid=0.</errors>
    /// <deviation>Nobody can hide processes: hidepid=1, 2 and 4, gid= and subset= are refused.</deviation>
    public override bool TryMount(
        ReadOnlySpan<byte> source, ReadOnlySpan<byte> options, [NotNullWhen(true)] out Filesystem? filesystem,
        out Errno error)
    {
        error = options.IsEmpty || options.SequenceEqual("hidepid=0"u8) ? Errno.None : Errno.EINVAL;
        filesystem = error == Errno.None ? Instance : null;
        return filesystem is not null;
    }
}
