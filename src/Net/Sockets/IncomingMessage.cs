using System;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Net;

/// <summary>What a receive call gets from a socket.</summary>
public ref struct IncomingMessage
{
    /// <summary>Where the bytes go.</summary>
    public UserDestination Data;

    /// <summary>MSG_ flags of the call.</summary>
    public uint Flags;

    /// <summary>Room for the sender's address; empty when nobody asks.</summary>
    public Span<byte> Address;

    /// <summary>How much of that was filled: zero when the sender has no address to show.</summary>
    public int AddressBytes;

    /// <summary>MSG_ flags for the program: MSG_TRUNC, MSG_OOB.</summary>
    public uint ResultFlags;

    /// <summary>Who it is from; set when the socket wants to know (SO_PASSCRED).</summary>
    public Ucred? Credentials;

    /// <summary>When it was sent; set when the socket wants to know (SO_TIMESTAMP).</summary>
    public Nanoseconds? SentAt;

    /// <summary>Open files that came with it, the caller's now: references that are to be given descriptors
    /// or released.</summary>
    public Files.OpenFile[]? Files;

    /// <summary>The rest, if there is any, is for another call: of another sender, after files, or the
    /// end.</summary>
    internal bool IsComplete;

    public readonly bool Has(uint flag) => (Flags & flag) != 0;
}
