using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Files;

/// <summary>/dev/random and /dev/urandom, which are the same once the generator has its seed, and it has one
/// at boot.</summary>
/// <source>random(4).</source>
internal sealed class RandomFile(Inode inode, in OpenRequest request, bool isLimited)
    : OpenFile(inode, request.Location, request.Flags)
{
    private readonly bool _isLimited = isLimited;

    private const int PieceBytes = 256;
    private const int PoolBits = 256;

    // random(4), "Interface": RNDGETENTCNT.
    private const uint GetEntropyCount = 0x8004_5200;

    /// <summary>Only /dev/random ever made somebody wait. Writing to it would be for when the seed is
    /// short.</summary>
    public override bool HasReadiness => _isLimited;

    public override uint Poll(PollTable? table)
        => _isLimited ? PollBits.POLLIN | PollBits.POLLRDNORM : base.Poll(table);

    // There are offsets, and all are alike.
    public override bool IsSeekable => true;
    public override IoResult Seek(long distance, int origin) => 0;

    public override bool KnowsNoWait => true;

    protected override IoResult ReadCore(ref UserDestination destination, long offset)
    {
        Span<byte> piece = stackalloc byte[PieceBytes];
        int total = 0;
        while (destination.RemainingBytes > 0 && !destination.HasFaulted)
        {
            Span<byte> part = piece[..Math.Min(piece.Length, destination.RemainingBytes)];
            Entropy.Fill(part);
            total += destination.Write(part);
        }

        return total == 0 && destination.HasFaulted ? Errno.EFAULT : total;
    }

    /// <summary>Stirs the bytes in; they add to the state whoever they come from, and are not relied
    /// on.</summary>
    protected override IoResult WriteCore(ref UserSource source, ref long offset, long limitBytes)
    {
        Span<byte> piece = stackalloc byte[PieceBytes];
        int total = 0;
        while (source.RemainingBytes > 0)
        {
            int count = source.Read(piece);
            if (count == 0) break;
            piece[count..].Clear();
            for (int at = 0; at < count; at += sizeof(ulong)) Entropy.Mix(BinaryPrimitives.ReadUInt64LittleEndian(piece[at..]));
            total += count;
        }

        return total == 0 && source.HasFaulted ? Errno.EFAULT : total;
    }

    public override IoResult Control(uint command, ulong argument)
    {
        if (command != GetEntropyCount) return Errno.EINVAL;
        return UserMemory.TryWrite(new UserAddress(argument), PoolBits) ? 0 : Errno.EFAULT;
    }
}
