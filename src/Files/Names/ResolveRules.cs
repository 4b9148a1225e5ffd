using System;

namespace Cashew.Files;

/// <summary>Where a path must not lead; the values are those of openat2(2).</summary>
/// <source>openat2(2), RESOLVE_*.</source>
[Flags]
public enum ResolveRules : byte
{
    None = 0,

    /// <summary>To another mount (EXDEV).</summary>
    NoOtherMounts = 1,

    /// <summary>Through links as those of /proc/PID/fd (ELOOP).</summary>
    NoMagicLinks = 2,

    /// <summary>Through symbolic links (ELOOP).</summary>
    NoLinks = 4,

    /// <summary>Out of the directory where it starts (EXDEV).</summary>
    Beneath = 8,

    /// <summary>The directory where it starts stands for the root.</summary>
    InRoot = 16,

    /// <summary>To what the cache does not know (EAGAIN).</summary>
    Cached = 32,

    Scoped = Beneath | InRoot,
}
