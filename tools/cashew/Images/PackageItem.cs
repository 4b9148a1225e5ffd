namespace Cashew.Tool.Images;

using System.Collections.Generic;

/// <summary>One file, directory or link that a package brings.</summary>
internal sealed class PackageItem
{
    internal required PackageItemKind Kind { get; init; }

    /// <summary>Relative to the root; a regular file may have several, all others have one.</summary>
    internal required List<string> Paths { get; init; }

    internal required int Mode { get; init; }

    internal required FileOwnership Ownership { get; init; }

    /// <summary>Of a regular file.</summary>
    internal byte[] Content { get; init; } = [];

    /// <summary>Of a symbolic link.</summary>
    internal string Target { get; init; } = "";
}
