using Cashew.Machine;

namespace Cashew.Files.Systems;

/// <summary>The part of a module that has been read, and its way back to free memory.</summary>
internal sealed class ReadPart(BootModule module)
{
    private readonly BootModule _module = module;

    // Everything before it has been released, or is kept by files.
    private long _end;

    /// <summary>Nobody looks at anything before this position any more, but at what is kept.</summary>
    internal void ReleaseTo(long position)
    {
        if (position > _end) _end = _module.Release(_end, position - _end);
    }

    /// <summary>What lies before this position and has not been released belongs to a file.</summary>
    internal void Keep(long position) => _end = position;
}
