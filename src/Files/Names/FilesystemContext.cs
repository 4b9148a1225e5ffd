using System.Threading;

namespace Cashew.Files;

/// <summary>Root, working directory and umask of a process; threads, and processes made with CLONE_FS, share one.</summary>
/// <locking>None: each part is one word, exchanged whole. A reader may use the old directory a moment longer; if it loses its
/// pins meanwhile, the walk notices and starts again.</locking>
public sealed class FilesystemContext
{
    private const uint PermissionBits = 0x1FF;

    // Threads in the lower half of the word, execs under way in the upper.
    private const long ExecUnit = 1L << 32;

    private PinnedLocation _root;
    private PinnedLocation _workingDirectory;
    private uint _umask;
    private long _users = 1;

    /// <param name="root">Also the working directory. Pinned here. Its mount is in the namespace that the process gets.
    /// </param>
    public FilesystemContext(PathLocation root, uint umask = 0)
    {
        bool pinned = root.TryPin() && root.TryPin();
        System.Diagnostics.Debug.Assert(pinned, "the caller holds the root");
        _root = new PinnedLocation(root);
        _workingDirectory = new PinnedLocation(root);
        _umask = umask;
        Namespace = root.Mount.Namespace!;
    }

    private FilesystemContext(
        MountNamespace mounts, PinnedLocation root, PinnedLocation workingDirectory, uint umask)
    {
        Namespace = mounts;
        _root = root;
        _workingDirectory = workingDirectory;
        _umask = umask;
    }

    /// <summary>The tree that its mounts are added to and taken from. It stays when the root is moved or even detached.
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
    public FilesystemContext Clone() => new(Namespace, Repin(ref _root), Repin(ref _workingDirectory), Umask);

    /// <summary>Threads that share it.</summary>
    public int UserCount => (int)Volatile.Read(ref _users);

    /// <summary>Whether others share it: unshare(2) asks.</summary>
    public bool IsShared => UserCount > 1;

    /// <summary>One more thread shares it (CLONE_FS). False while a program with more rights is being started.</summary>
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

    /// <summary>Until the end of the exec nobody comes to share it: who has been counted is all there are.</summary>
    public void BeginExec() => _ = Interlocked.Add(ref _users, ExecUnit);

    public void EndExec() => _ = Interlocked.Add(ref _users, -ExecUnit);

    /// <locking>May sleep.</locking>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) != 0) return;
        _root.Location.Unpin();
        _workingDirectory.Location.Unpin();
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
