using System;
using Cashew.Files;

namespace Cashew.Net;

/// <summary>Open files that go with one message: the contents of SCM_RIGHTS.</summary>
/// <remarks>Holds one reference for each. Until it is sent it is its maker's; then
/// <see cref="TravelingFiles"/> has
/// it, until somebody receives it or the socket that it waits in is given up.</remarks>
/// <source>unix(7).</source>
public sealed class FilePackage(OpenFile[] files, FileAccount sender)
{
    /// <summary>SCM_MAX_FD: more in one message is EINVAL.</summary>
    public const int MostFiles = 253;

    // TravelingFiles' lock, from being sent to being taken; then DiscardedFiles'.
    internal UnixSocket? Holder;
    internal FilePackage? Next;
    internal FilePackage? Previous;

    internal OpenFile[] Files { get; } = files;

    /// <summary>Whom they count against while they travel.</summary>
    internal FileAccount Sender { get; } = sender;

    /// <summary>Drops what was not sent, or not received.</summary>
    /// <locking>May sleep; no lock is held.</locking>
    public static void Release(ReadOnlySpan<OpenFile> files)
    {
        foreach (OpenFile file in files) file.Release();
    }

    /// <summary>The maker's, when it was not sent.</summary>
    public void Release() => Release(Files);
}
