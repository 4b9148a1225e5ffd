using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Files.Systems;

/// <summary>One message, in pieces that the heap always has room for: there are messages longer than an
/// object can be.
/// </summary>
internal sealed class MqueueMessage
{
    private const int PieceBytes = 32 * 1024;

    private readonly byte[][] _pieces;

    private MqueueMessage(byte[][] pieces, int lengthBytes, uint priority)
    {
        _pieces = pieces;
        LengthBytes = lengthBytes;
        Priority = priority;
    }

    internal int LengthBytes { get; }

    internal uint Priority { get; }

    /// <summary>Of those with the same priority the lowest is the oldest.</summary>
    internal ulong Order { get; set; }

    /// <errors>EFAULT. ENOMEM.</errors>
    internal static bool TryCopyIn(
        UserAddress text, int lengthBytes, uint priority, [NotNullWhen(true)] out MqueueMessage? message, out Errno error)
    {
        message = null;
        byte[][] pieces = new byte[(lengthBytes + PieceBytes - 1) / PieceBytes][];
        for (int i = 0; i < pieces.Length; i++)
        {
            error = Errno.ENOMEM;
            if (!KernelObjects.MayCreateName()) return false;
            byte[] piece = new byte[int.Min(lengthBytes - i * PieceBytes, PieceBytes)];
            error = Errno.EFAULT;
            if (UserMemory.CopyIn(piece, text + (ulong)(i * PieceBytes)) < piece.Length) return false;
            pieces[i] = piece;
        }

        error = Errno.None;
        message = new MqueueMessage(pieces, lengthBytes, priority);
        return true;
    }

    /// <returns>False: EFAULT.</returns>
    internal bool TryCopyOut(UserAddress text)
    {
        for (int i = 0; i < _pieces.Length; i++)
        {
            byte[] piece = _pieces[i];
            if (UserMemory.CopyOut(text + (ulong)(i * PieceBytes), piece) < piece.Length) return false;
        }

        return true;
    }
}
