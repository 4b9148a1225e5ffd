using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;

namespace Cashew.Files;

/// <summary>The devices of major 1, which need no hardware.</summary>
/// <source>mem(4), null(4), full(4), random(4), kmsg of proc(5); the numbers are those of Linux's list of
/// devices.</source>
public sealed class MemoryDevices : CharacterDevice
{
    private const uint Major = 1;
    private const uint ForAll = 0x1B6; // 0666

    private readonly Kind _kind;

    private MemoryDevices(Kind kind)
    {
        _kind = kind;
    }

    private enum Kind : byte
    {
        Null = 3,
        Zero = 5,
        Full = 7,
        Random = 8,
        UnlimitedRandom = 9,
        Log = 11,
    }

    /// <summary>Makes them known, at boot.</summary>
    public static void Register()
    {
        Register(Kind.Null, "null", ForAll);
        Register(Kind.Zero, "zero", ForAll);
        Register(Kind.Full, "full", ForAll);
        Register(Kind.Random, "random", ForAll);
        Register(Kind.UnlimitedRandom, "urandom", ForAll);
        Register(Kind.Log, "kmsg", Mode.S_IRUSR | Mode.S_IWUSR | Mode.S_IRGRP | Mode.S_IROTH);
    }

    public override bool TryOpen(
        Inode inode, in OpenRequest request, [NotNullWhen(true)] out OpenFile? file, out Errno error)
    {
        error = Errno.None;
        file = _kind switch
        {
            Kind.Null => new NullFile(inode, request),
            Kind.Zero => new ZeroFile(inode, request, isFull: false),
            Kind.Full => new ZeroFile(inode, request, isFull: true),
            Kind.Log => new LogFile(inode, request),
            _ => new RandomFile(inode, request, isLimited: _kind == Kind.Random),
        };
        return true;
    }

    private static void Register(Kind kind, string name, uint permissions)
        => CharacterDevices.Register(new CharacterDevices.Registration
        {
            Number = new DeviceNumber(Major, (uint)kind),
            Name = name,
            Permissions = permissions,
            Device = new MemoryDevices(kind),
        });
}
