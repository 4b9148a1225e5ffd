using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>One 4 KiB frame of memory for users' data. A handle without ownership: who keeps one holds a
/// reference.</summary>
public readonly struct Frame : IEquatable<Frame>
{
    public const int SizeBytes = 4096;

    private readonly uint _number;

    internal Frame(uint number)
    {
        _number = number;
    }

    public static long FreeCount => Pool.FreeCount;

    public static long TotalCount => Pool.TotalCount;

    /// <summary>Free frames that page tables and kernel stacks leave alone.</summary>
    public static long KernelReserve => Pool.KernelReserve;

    public static Frame Zero => new(FramePool.ZeroNumber);

    public bool IsNone => _number == 0;

    /// <summary>The frame's contents. Nobody may write to those of <see cref="Zero"/>; the next reader finds
    /// out.</summary>
    public Span<byte> Bytes
    {
        get
        {
            byte[] bytes = Pool.Bytes(_number);
            if (_number == FramePool.ZeroNumber && bytes.AsSpan().ContainsAnyExcept((byte)0))
            {
                Panic.Stop("somebody wrote to the shared page of zeros");
            }

            return bytes;
        }
    }

    public int ReferenceCount => Pool.References(_number);

    /// <summary>Which page of memory it is: its physical address divided by its size.</summary>
    public uint Number => _number;

    private static FramePool Pool => Simulation.Current.Frames;

    public static bool TryAllocate(out Frame frame)
    {
        bool isTaken = Pool.TryTake(FrameKind.Data, out uint number);
        frame = new Frame(number);
        return isTaken;
    }

    public static bool TryAllocateZeroed(out Frame frame)
    {
        if (!TryAllocate(out frame))
        {
            return false;
        }

        frame.Bytes.Clear();
        return true;
    }

    public void Retain() => Pool.Retain(_number);

    public void Release() => Pool.Release(_number);

    public static void ReleaseAll(ReadOnlySpan<Frame> frames)
    {
        foreach (Frame frame in frames)
        {
            frame.Release();
        }
    }

    /// <summary>Notes the account of <see cref="FrameCharges"/> that the frame has been charged to.</summary>
    public void SetAccount(int account) => Pool.SetAccount(_number, account);

    public void CopyFrom(Frame source)
    {
        CheckWritable();
        source.Bytes.CopyTo(Bytes);
    }

    public void Clear()
    {
        CheckWritable();
        Bytes.Clear();
    }

    public bool Equals(Frame other) => _number == other._number;

    public override bool Equals([NotNullWhen(true)] object? other) => other is Frame frame && Equals(frame);

    public override int GetHashCode() => (int)_number;

    public override string ToString() => $"frame {_number}";

    public static bool operator ==(Frame left, Frame right) => left._number == right._number;

    public static bool operator !=(Frame left, Frame right) => left._number != right._number;

    private void CheckWritable()
    {
        if (_number == FramePool.ZeroNumber)
        {
            Panic.Stop("somebody writes to the shared page of zeros");
        }
    }
}
