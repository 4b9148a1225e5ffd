using Cashew.Abi;

namespace Cashew.Memory;

/// <summary>
/// An object that can be mapped, as an open file sees it. Every mapping holds a reference, so that the file
/// outlives its descriptor; /proc/PID/maps asks for it back to print its name.
/// </summary>
public interface IMappedFile
{
    bool IsReadable { get; }

    bool IsWritable { get; }

    /// <summary>False on a file system mounted with noexec.</summary>
    bool AllowsExecution { get; }

    /// <summary>
    /// Where the pages come from. A null <paramref name="source"/> with true means plain anonymous memory,
    /// which is what a private mapping of /dev/zero is.
    /// </summary>
    /// <errors>ENODEV: it cannot be mapped.</errors>
    bool TryOpenMapping(bool isShared, out PageSource? source, out Errno error);

    void RetainMapping();

    /// <locking>Called with no lock of this room held: the last reference may delete a file.</locking>
    void ReleaseMapping();
}
