using Cashew.Machine;

namespace Cashew.Memory;

/// <summary>A copy of what a mapping was at one moment, for /proc/PID/maps and its kin.</summary>
public readonly struct VmaInfo
{
    internal VmaInfo(Vma vma, MappingName name)
    {
        Start = vma.Start;
        End = vma.End;
        Rights = vma.Rights;
        MaximumRights = vma.MaximumRights;
        Flags = vma.Flags;
        IsShared = vma.IsShared;
        IsLocked = vma.IsLocked;
        FirstPage = vma.FirstPage;
        File = vma.File;
        Name = name;
    }

    public UserAddress Start { get; }

    public UserAddress End { get; }

    public PageRights Rights { get; }

    /// <summary>The most that mprotect(2) may grant.</summary>
    public PageRights MaximumRights { get; }

    public VmaFlags Flags { get; }

    public bool IsShared { get; }

    public bool IsLocked { get; }

    /// <summary>The file's page at the start; zero for anonymous memory.</summary>
    public long FirstPage { get; }

    /// <summary>What is mapped; null for private anonymous memory. No reference is taken: good for a name
    /// only.</summary>
    public IMappedFile? File { get; }

    public MappingName Name { get; }
}
