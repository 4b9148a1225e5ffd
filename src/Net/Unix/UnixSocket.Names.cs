using System;
using System.Threading;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;
using Cashew.Tasks;

namespace Cashew.Net;

/// <content>Names.</content>
public abstract partial class UnixSocket
{
    // Autobind's names are five hexadecimal digits.
    private const int AutomaticDigits = 5;
    private const uint AutomaticNames = 1u << (4 * AutomaticDigits);

    private UnixName? _name;

    // Somebody makes its file at this moment; SocketConnections.
    private bool _isBinding;

    internal UnixName? BoundName => Volatile.Read(ref _name);

    /// <summary>Whether it was bound, and is found by the name. An accepted socket only shows its
    /// listener's.</summary>
    internal bool OwnsName { get; private set; }

    // The chains of UnixSockets.
    internal UnixSocket? NextNamed;
    internal UnixSocket? NextListed;
    internal UnixSocket? PreviousListed;
    internal long ListNumber;

    public override Errno Bind(ReadOnlySpan<byte> address)
    {
        Errno error = UnixName.Parse(address, out ReadOnlySpan<byte> path);
        if (error != Errno.None) return error;
        if (path.IsEmpty) return BindToAny();
        return path[0] == 0 ? BindAbstract(path) : BindPath(path);
    }

    public override int GetName(Span<byte> address) => UnixName.Store(BoundName, address);

    public override Errno GetPeerName(Span<byte> address, out int lengthBytes)
    {
        lengthBytes = 0;
        if (Connected is not UnixSocket peer) return Errno.ENOTCONN;
        lengthBytes = UnixName.Store(peer.BoundName, address);
        return Errno.None;
    }

    private Errno BindAbstract(ReadOnlySpan<byte> path)
    {
        if (!KernelObjects.MayCreateFile()) return Errno.ENOMEM;
        UnixName name = new(path, null);
        using SleepLock.Guard guard = s_connections.Acquire();
        if (_name is not null || _isBinding) return Errno.EINVAL;
        return TakeNameLocked(name) ? Errno.None : Errno.EADDRINUSE;
    }

    private Errno BindPath(ReadOnlySpan<byte> path)
    {
        using (s_connections.Acquire())
        {
            if (_name is not null || _isBinding) return Errno.EINVAL;
            _isBinding = true;
        }

        // The file is made before anybody can find the socket by it: until then, connecting is refused.
        FileCaller caller = SocketCaller.Installed.FileCaller;
        Errno error = FileTree.MakeSocket(caller, path, Inode.Mode, out Inode? inode);
        UnixName? name = null;
        if (inode is not null)
        {
            Span<byte> terminated = stackalloc byte[Bytes108.Length + 1];
            path.CopyTo(terminated);
            terminated[path.Length] = 0;
            name = new UnixName(terminated[..(path.Length + 1)], inode);
        }

        using SleepLock.Guard guard = s_connections.Acquire();
        _isBinding = false;
        if (name is null) return error == Errno.EEXIST ? Errno.EADDRINUSE : error;
        bool isTaken = TakeNameLocked(name);
        System.Diagnostics.Debug.Assert(isTaken, "a new inode had a socket");
        return Errno.None;
    }

    /// <summary>Gives it an abstract name if it has none.</summary>
    /// <errors>ENOSPC: all names are taken.</errors>
    /// <source>unix(7), "Autobind feature".</source>
    private protected Errno BindToAny()
    {
        Span<byte> path = stackalloc byte[1 + AutomaticDigits];
        path[0] = 0;
        uint number = (uint)Entropy.NextUInt64();
        for (uint attempt = 0; attempt < AutomaticNames; attempt++, number++)
        {
            uint rest = number;
            for (int digit = AutomaticDigits; digit > 0; digit--, rest >>= 4)
            {
                path[digit] = "0123456789abcdef"u8[(int)(rest & 15)];
            }

            if (BoundName is not null) return Errno.None;
            Errno error = BindAbstract(path);
            if (error == Errno.EINVAL) return Errno.None;
            if (error != Errno.EADDRINUSE) return error;
        }

        return Errno.ENOSPC;
    }

    /// <summary>A socket whose receivers learn who sends has a name itself when it sends or
    /// connects.</summary>
    /// <source>unix(7), "Autobind feature": SO_PASSCRED.</source>
    private protected Errno BindIfWanted()
        => Settings.IsOn(SocketOption.SO_PASSCRED) && BoundName is null ? BindToAny() : Errno.None;

    private bool TakeNameLocked(UnixName name)
    {
        if (!UnixSockets.TryNameLocked(this, name)) return false;
        OwnsName = true;
        Volatile.Write(ref _name, name);
        return true;
    }

    /// <summary>The socket that has a name.</summary>
    /// <errors>ECONNREFUSED: none has. EPROTOTYPE: it is of another type. EACCES: the caller may not write
    /// to the file.
    /// EINVAL: no address. And those of paths.</errors>
    private protected static Errno Find(ReadOnlySpan<byte> address, int type, out UnixSocket? found)
    {
        found = null;
        Errno error = UnixName.Parse(address, out ReadOnlySpan<byte> path);
        if (error != Errno.None) return error;
        if (path.IsEmpty) return Errno.EINVAL;
        if (path[0] == 0)
        {
            using SleepLock.Guard guard = s_connections.Acquire();
            found = UnixSockets.FindLocked(path, type);
            return found is null ? Errno.ECONNREFUSED : Errno.None;
        }

        SocketCaller caller = SocketCaller.Installed;
        if (!PathWalk.TryFindInode(
            caller.FileCaller, default, path, WalkFlags.FollowLast, out _, out Inode? inode, out error))
        {
            return error;
        }

        error = Permission.Check(inode, AccessModes.Write, caller.Credentials);
        if (error != Errno.None) return error;
        using (s_connections.Acquire()) found = UnixSockets.FindLocked(inode);
        if (found is null) return Errno.ECONNREFUSED;
        if (found.Type == type) return Errno.None;
        found = null;
        return Errno.EPROTOTYPE;
    }
}
