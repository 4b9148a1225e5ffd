using System;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Control messages on their way to a program, one behind the other.</summary>
/// <source>cmsg(3), recvmsg(2): MSG_CTRUNC tells that something found no room.</source>
internal ref struct ControlWriter
{
    private readonly UserThread _caller;
    private UserAddress _at;
    private ulong _room;

    internal ControlWriter(UserThread caller, UserAddress at, ulong room)
    {
        _caller = caller;
        _at = at;
        _room = at.IsNull ? 0 : room;
    }

    /// <summary>MSG_CTRUNC, or nothing.</summary>
    internal uint Flags { get; private set; }

    /// <summary>How much room is left of what there was.</summary>
    internal readonly ulong RoomBytes => _room;

    /// <summary>Cut if it does not fit.</summary>
    internal void Put(int type, scoped ReadOnlySpan<byte> data)
    {
        if (_room < ControlReader.HeaderBytes)
        {
            Flags |= SocketMessageBits.MSG_CTRUNC;
            return;
        }

        int whole = ControlReader.HeaderBytes + data.Length;
        int length = (int)ulong.Min((ulong)whole, _room);
        if (length < whole) Flags |= SocketMessageBits.MSG_CTRUNC;
        data = data[..(length - ControlReader.HeaderBytes)];

        // At a bad address the message is left out, as on Linux: it does not fail the call.
        if (!TryPutHeader(type, length)) return;
        if (UserMemory.CopyOut(_at + ControlReader.HeaderBytes, data) < data.Length) return;
        Advance(whole);
    }

    /// <summary>Gives as many files descriptors as there is room for, and as the process may have; the
    /// others are
    /// closed.</summary>
    internal void PutFiles(OpenFile[] files, FdFlags flags)
    {
        DescriptorTable descriptors = _caller.Descriptors;
        int limit = DescriptorLimit.Of(_caller);
        ulong places = _room < ControlReader.HeaderBytes ? 0 : (_room - ControlReader.HeaderBytes) / sizeof(int);
        UserAddress numbers = _at + ControlReader.HeaderBytes;
        int given = 0;
        while (given < files.Length && (ulong)given < places)
        {
            if (!descriptors.TryReserve(limit, flags, out int fd, out _)) break;
            if (!UserMemory.TryWrite(numbers + (ulong)(given * sizeof(int)), fd))
            {
                descriptors.CancelReservation(fd);
                break;
            }

            descriptors.Install(fd, files[given++]);
        }

        if (given < files.Length) Flags |= SocketMessageBits.MSG_CTRUNC;
        Net.FilePackage.Release(files.AsSpan(given));
        int length = ControlReader.HeaderBytes + given * sizeof(int);
        if (given > 0 && TryPutHeader(SocketOption.SCM_RIGHTS, length)) Advance(length);
    }

    private readonly bool TryPutHeader(int type, int length) => UserMemory.TryWrite(
        _at, new CmsgHdr { cmsg_len = (ulong)length, cmsg_level = SocketLevel.SOL_SOCKET, cmsg_type = type });

    private void Advance(int length)
    {
        ulong used = ulong.Min((ulong)ControlReader.Aligned(length), _room);
        _at += used;
        _room -= used;
    }
}
