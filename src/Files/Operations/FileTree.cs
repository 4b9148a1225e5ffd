namespace Cashew.Files;

/// <summary>
/// What can be done to files by their paths. Each operation is one file of this folder: resolve, check in
/// Linux's order, then one call of the file system, then the cache.
/// </summary>
/// <remarks>All take who asks, where a relative path starts (none: the working directory) and the
/// path.</remarks>
public static partial class FileTree
{
    // What chmod(2), mkdir(2) and their like let a caller set.
    private const uint PermissionMask = 0xFFF;
}
