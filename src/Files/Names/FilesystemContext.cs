using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>Root, working directory and umask of a process; threads, and processes made with CLONE_FS, share
/// one.</summary>
/// <locking>None: each part is one word, exchanged whole. A reader may use the old directory a moment longer;
/// if it loses its pins meanwhile, the walk notices and starts again.</locking>
public sealed class FilesystemContext
{
    private const uint PermissionBits = 0x1FF;

    // Threads in the lower half of the word, execs under way in the upper.
    private const long ExecUnit = 1L << 32;

    private PinnedLocation _root;
    private PinnedLocation _workingDirectory;
    private uint _umask;
    private long _users = 1;

    /// <param name="root">Also the working directory. Pinned here. Its mount is in the namespace that the
    /// process gets.
    /// </param>
    public FilesystemContext(PathLocation root, uint umask = 0)
    {
        bool pinned = root.TryPin() && root.TryPin();
        System.Diagnostics.Debug.Assert(pinned, "the caller holds the root");
        _root = new PinnedLocation(root);
        _workingDirectory = new PinnedLocation(root);
        _umask = umask;
        Namespace = root.Mount.Namespace!;
        bool isRetained = Namespace.TryRetain();
        System.Diagnostics.Debug.Assert(isRetained, "the caller is in the namespace");
    }

    /// <param name="mounts">Retained by the caller.</param>
    /// <param name="root">Pinned by the caller, as the working directory.</param>
    private FilesystemContext(
        MountNamespace mounts, PinnedLocation root, PinnedLocation workingDirectory, uint umask)
    {
        Namespace = mounts;
        _root = root;
        _workingDirectory = workingDirectory;
        _umask = umask;
    }

    /// <summary>The tree that its mounts are added to and taken from. It stays when the root is moved or even
    /// detached.
    /// </summary>
    public MountNamespace Namespace { get; }

    public PathLocation Root => Volatile.Read(ref _root).Location;
    public PathLocation WorkingDirectory => Volatile.Read(ref _workingDirectory).Location;
    public uint Umask => Volatile.Read(ref _umask);

    /// <summary>Sets the umask and returns the old one.</summary>
    public uint ExchangeUmask(uint umask) => Interlocked.Exchange(ref _umask, umask & PermissionBits);

    /// <summary>Takes over the caller's pins.</summary>
    public void SetWorkingDirectory(PathLocation pinned) => Replace(ref _workingDirectory, pinned);

    /// <inheritdoc cref="SetWorkingDirectory"/>
    public void SetRoot(PathLocation pinned) => Replace(ref _root, pinned);

    /// <summary>The root, and the working directory, become another place if they are a certain one
    /// (pivot_root(2)).</summary>
    public void Replace(PathLocation old, PathLocation now)
    {
        if (Root == old && now.TryPin()) SetRoot(now);
        if (WorkingDirectory == old && now.TryPin()) SetWorkingDirectory(now);
    }

    /// <summary>A copy with pins of its own, for fork.</summary>
    public FilesystemContext Clone()
    {
        // This one has it.
        _ = Namespace.TryRetain();
        return new(Namespace, Repin(ref _root), Repin(ref _workingDirectory), Umask);
    }

    /// <summary>A copy in a copy of the mounts.</summary>
    /// <errors>ENOSPC, ENOMEM: see <see cref="MountNamespace.TryCopy"/>.</errors>
    /// <source>clone(2), unshare(2), CLONE_NEWNS.</source>
    public bool TryCloneWithMounts([NotNullWhen(true)] out FilesystemContext? clone, out Errno error)
    {
        clone = null;
        Span<PathLocation> places = [Repin(ref _root).Location, Repin(ref _workingDirectory).Location];
        if (Namespace.TryCopy(places, out MountNamespace? mounts, out error))
        {
            clone = new(mounts, new PinnedLocation(places[0]), new PinnedLocation(places[1]), Umask);
            return true;
        }

        foreach (PathLocation place in places) place.Unpin();
        return false;
    }

    /// <summary>At the root of a namespace.</summary>
    /// <param name="mounts">Something of the caller's keeps it meanwhile.</param>
    /// <source>setns(2).</source>
    public FilesystemContext CloneInto(MountNamespace mounts)
    {
        bool isRetained = mounts.TryRetain();
        System.Diagnostics.Debug.Assert(isRetained, "the caller keeps the namespace");
        return new(mounts, new PinnedLocation(mounts.PinRoot()), new PinnedLocation(mounts.PinRoot()), Umask);
    }

    /// <summary>Threads that share it.</summary>
    public int UserCount => (int)Volatile.Read(ref _users);

    /// <summary>Whether others share it: unshare(2) asks.</summary>
    public bool IsShared => UserCount > 1;

    /// <summary>One more thread shares it (CLONE_FS). False while a program with more rights is being
    /// started.</summary>
    /// <source>clone(2): EAGAIN.</source>
    public bool TryRetain()
    {
        long seen = Volatile.Read(ref _users);
        while (seen < ExecUnit)
        {
            long found = Interlocked.CompareExchange(ref _users, seen + 1, seen);
            if (found == seen) return true;
            seen = found;
        }

        return false;
    }

    /// <summary>Until the end of the exec nobody comes to share it: who has been counted is all there
    /// are.</summary>
    public void BeginExec() => _ = Interlocked.Add(ref _users, ExecUnit);

    public void EndExec() => _ = Interlocked.Add(ref _users, -ExecUnit);

    /// <locking>May sleep.</locking>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) != 0) return;
        _root.Location.Unpin();
        _workingDirectory.Location.Unpin();
        Namespace.Release();
    }

    private static void Replace(ref PinnedLocation place, PathLocation pinned)
        => Interlocked.Exchange(ref place, new PinnedLocation(pinned)).Location.Unpin();

    private static PinnedLocation Repin(ref PinnedLocation place)
    {
        // Fails only when another thread replaces it at this moment; then there is a new one to take.
        PathLocation location;
        do location = Volatile.Read(ref place).Location;
        while (!location.TryPin());
        return new PinnedLocation(location);
    }
}
