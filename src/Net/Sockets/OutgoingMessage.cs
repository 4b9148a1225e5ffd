using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Net;

/// <summary>What a send call hands to a socket.</summary>
public ref struct OutgoingMessage
{
    /// <summary>The bytes; what the socket has taken is gone from it.</summary>
    public UserSource Data;

    /// <summary>MSG_ flags.</summary>
    public uint Flags;

    /// <summary>Where to, as the program wrote it; empty for where the socket is connected to.</summary>
    public ReadOnlySpan<byte> Address;

    /// <summary>Who it is from, if the sender says so; the right to has been checked.</summary>
    public Ucred? Credentials;

    /// <summary>Open files that go with it. The socket that takes the first byte takes them over and clears
    /// this; what
    /// is left belongs to the caller.</summary>
    public FilePackage? Files;

    /// <summary>Set with EAGAIN: who has too much to receive.</summary>
    internal UnixSocket? FullTarget;

    public readonly bool Has(uint flag) => (Flags & flag) != 0;
}
