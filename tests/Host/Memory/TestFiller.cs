using System.Collections.Generic;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Host.Memory;

/// <summary>An archive in memory: page n is filled with n + 1. Some pages can be lent, some cannot be
/// read.</summary>
internal sealed class TestFiller(long lengthBytes) : PageFiller
{
    private readonly Dictionary<long, Frame> _lent = [];

    internal int Fills { get; private set; }

    internal HashSet<long> BadPages { get; } = [];

    public override long LengthBytes => lengthBytes;

    public override bool TryFill(long pageIndex, Frame frame, out Errno error)
    {
        Fills++;
        error = BadPages.Contains(pageIndex) ? Errno.EIO : Errno.None;
        frame.Bytes.Fill((byte)(pageIndex + 1));
        return error == Errno.None;
    }

    public override bool TryLend(long pageIndex, out Frame frame)
    {
        bool isLent = _lent.TryGetValue(pageIndex, out frame);
        if (isLent) frame.Retain();
        return isLent;
    }

    internal void Lend(long pageIndex)
    {
        Assert(Frame.TryAllocate(out Frame frame));
        frame.Bytes.Fill((byte)(pageIndex + 1));
        _lent.Add(pageIndex, frame);
    }

    /// <summary>The frame as it lies in the archive.</summary>
    internal byte Original(long pageIndex) => _lent[pageIndex].Bytes[0];

    internal void Release()
    {
        foreach (Frame frame in _lent.Values) frame.Release();
    }

    private static void Assert(bool condition) => Xunit.Assert.True(condition);
}
