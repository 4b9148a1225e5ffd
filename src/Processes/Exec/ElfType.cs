namespace Cashew.Processes;

/// <summary>e_type, the two kinds that run.</summary>
public enum ElfType : ushort
{
    /// <summary>ET_EXEC: runs only at the addresses it was linked for.</summary>
    Executable = 2,

    /// <summary>ET_DYN: position-independent programs and interpreters.</summary>
    Shared = 3,
}
