using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>A driver as device nodes see it.</summary>
public abstract class CharacterDevice
{
    /// <inheritdoc cref="Inode.TryOpen"/>
    public abstract bool TryOpen(
        Inode inode, in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error);
}
