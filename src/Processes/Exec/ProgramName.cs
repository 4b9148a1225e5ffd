using System;

namespace Cashew.Processes;

/// <summary>By what name a program was started: for AT_EXECFN, the thread, and a script's
/// interpreter.</summary>
public readonly ref struct ProgramName(ReadOnlySpan<byte> bytes, bool vanishes)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>It is a descriptor and nothing more, so that the thread is rather called after the
    /// file.</summary>
    public bool IsDescriptor { get; init; }

    /// <summary>It goes by a descriptor that exec closes, so that nobody can open the file by it
    /// afterwards.</summary>
    public bool Vanishes { get; } = vanishes;
}
