using System;
using System.Collections.Generic;

namespace Cashew.Machine.Simulated;

/// <summary>
/// The memory of a simulated machine. Freed frames come back last, filled with garbage, so that a handle kept
/// too long is found out.
/// </summary>
internal sealed class FramePool
{
    internal const uint ZeroNumber = 1;
    private const int FirstNumber = 2;
    private const byte Garbage = 0xDB;

    private readonly List<byte[]?> _bytes;
    private readonly List<int> _references;
    private readonly List<FrameKind> _kinds;
    private readonly Queue<uint> _free = new();
    private readonly Dictionary<uint, int> _accounts = [];
    private long _failAfter = -1;
    private bool _failsOnce;

    internal FramePool(int count)
    {
        int total = count + FirstNumber;
        _bytes = [.. new byte[]?[total]];
        _references = [.. new int[total]];
        _kinds = [.. new FrameKind[total]];
        _bytes[(int)ZeroNumber] = new byte[Frame.SizeBytes];
        _kinds[(int)ZeroNumber] = FrameKind.Data;
        _references[(int)ZeroNumber] = 1;
        for (uint i = FirstNumber; i < total; i++)
        {
            _free.Enqueue(i);
        }

        TotalCount = count;
    }

    internal long TotalCount { get; private set; }

    internal long FreeCount => _free.Count;

    /// <summary>Attempts to allocate so far, for sweeping a failure through an operation.</summary>
    internal long Attempts { get; private set; }

    internal void FailAfter(long attempts, bool once)
    {
        _failAfter = attempts;
        _failsOnce = once;
    }

    /// <summary>As the machine's: a 128th of memory is for the heap alone, which has no frames
    /// here.</summary>
    internal long KernelReserve => Math.Min(TotalCount / 128, (8L << 20) / Frame.SizeBytes);

    /// <summary>A frame for something that programs can make the kernel have any number of.</summary>
    internal bool TryTakeForPrograms(FrameKind kind, out uint number)
    {
        number = 0;
        return FreeCount > KernelReserve && TryTake(kind, out number);
    }

    internal bool TryTake(FrameKind kind, out uint number)
    {
        Attempts++;
        bool fails = _failAfter == 0;
        if (_failAfter > 0)
        {
            _failAfter--;
        }
        else if (fails && _failsOnce)
        {
            _failAfter = -1;
        }

        if (fails || !_free.TryDequeue(out number))
        {
            number = 0;
            return false;
        }

        _bytes[(int)number] ??= new byte[Frame.SizeBytes];
        Array.Fill(_bytes[(int)number]!, Garbage);
        _kinds[(int)number] = kind;
        _references[(int)number] = 1;
        return true;
    }

    /// <summary>A frame outside the memory that can be allocated: what the boot loader put into memory lies
    /// in such.</summary>
    internal Frame TakeReserved()
    {
        _bytes.Add(new byte[Frame.SizeBytes]);
        _references.Add(1);
        _kinds.Add(FrameKind.Reserved);
        return new Frame((uint)_bytes.Count - 1);
    }

    /// <summary>A reserved frame is about to be freed for the first time.</summary>
    internal void NoteAdded() => TotalCount++;

    internal byte[] Bytes(uint number)
    {
        CheckKind(number, FrameKind.Data);
        return _bytes[(int)number]!;
    }

    internal int References(uint number)
    {
        CheckKind(number, FrameKind.Data);
        return _references[(int)number];
    }

    internal void Retain(uint number)
    {
        CheckKind(number, FrameKind.Data);
        if (number != ZeroNumber)
        {
            _references[(int)number]++;
        }
    }

    internal void Release(uint number)
    {
        CheckKind(number, FrameKind.Data);
        if (number != ZeroNumber && --_references[(int)number] == 0)
        {
            Free(number);
        }
    }

    internal void Return(uint number, FrameKind kind)
    {
        CheckKind(number, kind);
        Free(number);
    }

    internal int CountOf(FrameKind kind)
    {
        int count = 0;
        for (int i = FirstNumber; i < _kinds.Count; i++)
        {
            count += _kinds[i] == kind ? 1 : 0;
        }

        return count;
    }

    internal void SetAccount(uint number, int account)
    {
        CheckKind(number, FrameKind.Data);
        _accounts[number] = account;
    }

    private void Free(uint number)
    {
        if (_accounts.Remove(number, out int account))
        {
            FrameCharges.Uncharge(account);
        }

        _kinds[(int)number] = FrameKind.Free;
        _free.Enqueue(number);
    }

    private void CheckKind(uint number, FrameKind kind)
    {
        bool isKind = _kinds[(int)number] == kind || (kind == FrameKind.Data && _kinds[(int)number] == FrameKind.Reserved);
        if (!isKind && !Simulation.Current.IsEnding)
        {
            Panic.Stop((string)$"frame {number} is used as {kind} but is {_kinds[(int)number]}");
        }
    }
}
