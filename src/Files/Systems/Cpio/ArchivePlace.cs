using System;

namespace Cashew.Files.Systems;

/// <summary>Where an entry of an archive goes.</summary>
/// <param name="name">Its last name, or nothing: the entry is the directory itself, as "." and "/"
/// are.</param>
internal readonly ref struct ArchivePlace(
    TmpfsDirectory directory, ReadOnlySpan<byte> name, bool hasTrailingSlash)
{
    internal TmpfsDirectory Directory { get; } = directory;
    internal ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>Only a directory may be meant.</summary>
    internal bool HasTrailingSlash { get; } = hasTrailingSlash;
}
