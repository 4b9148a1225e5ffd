using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Files.Terminals;

/// <summary>The way from a device's interrupt to its terminal: a ring of bytes and a thread that empties
/// it.</summary>
/// <remarks>A thread, because what is typed can make signals and echo, which take locks that an interrupt
/// must not wait for. An interrupt copies and wakes, no more.</remarks>
public sealed class TerminalReceiver : ConsoleReceiver
{
    // Some seconds of a fast line, or a pasted page.
    private const int CapacityBytes = 16 * 1024;
    private const int PieceBytes = 256;

    private readonly Terminal _terminal;
    private readonly WaitQueue _work = new();
    private readonly SpinLock _lock = new(LockRank.TerminalInput);
    private readonly byte[] _ring = new byte[CapacityBytes];

    // All below under _lock. Positions count all bytes ever.
    private long _head;
    private long _tail;
    private bool _hasBreak;
    private bool _hasOutputRoom;

    // The terminal is full: what is in the ring waits until somebody has read.
    private bool _isStalled;

    private TerminalReceiver(Terminal terminal)
    {
        _terminal = terminal;
    }

    /// <summary>Connects a device with a terminal. False: no memory for the thread.</summary>
    public static bool TryConnect(ConsoleDevice device, Terminal terminal)
    {
        TerminalReceiver receiver = new(terminal);
        if (!Worker.TryCreate(receiver, out Worker? worker)) return false;

        terminal.Receiver = receiver;
        device.Receiver = receiver;
        worker.Start();
        return true;
    }

    // ---- in interrupt context
    // -------------------------------------------------------------------------------------

    public override void Receive(ReadOnlySpan<byte> bytes)
    {
        using (_lock.Acquire())
        {
            // What does not fit is lost, as it would be in the device.
            int room = (int)(CapacityBytes - (_head - _tail));
            int count = Math.Min(bytes.Length, room);
            for (int i = 0; i < count; i++) _ring[(int)(_head++ % CapacityBytes)] = bytes[i];
        }

        _work.Wake();
    }

    public override void ReceiveBreak()
    {
        using (_lock.Acquire()) _hasBreak = true;
        _work.Wake();
    }

    public override void SpaceAvailable()
    {
        using (_lock.Acquire()) _hasOutputRoom = true;
        _work.Wake();
    }

    // ---- in thread context
    // ------------------------------------------------------------------------------------------

    /// <summary>The terminal can take more.</summary>
    internal void NotifyInputRoom()
    {
        // Looked at without the lock: a stall that begins right now sees the room itself.
        if (!Volatile.Read(ref _isStalled)) return;
        using (_lock.Acquire()) _isStalled = false;
        _work.Wake();
    }

    private bool HasWork()
    {
        using SpinLock.Guard guard = _lock.Acquire();
        return _hasBreak || _hasOutputRoom || (_head != _tail && !_isStalled);
    }

    private void Work()
    {
        bool hasBreak;
        bool hasOutputRoom;
        int count = 0;
        Span<byte> piece = stackalloc byte[PieceBytes];
        using (_lock.Acquire())
        {
            hasBreak = _hasBreak;
            hasOutputRoom = _hasOutputRoom;
            _hasBreak = false;
            _hasOutputRoom = false;
            while (count < piece.Length && _tail + count < _head)
            {
                piece[count] = _ring[(int)((_tail + count) % CapacityBytes)];
                count++;
            }

            // Set before the terminal is asked: whoever reads in between clears it again.
            Volatile.Write(ref _isStalled, true);
        }

        if (hasOutputRoom) _terminal.NotifyOutputRoom();
        if (hasBreak) _terminal.ReceiveBreak();
        int taken = count == 0 ? 0 : _terminal.Receive(piece[..count]);
        using (_lock.Acquire())
        {
            _tail += taken;
            if (taken == count) _isStalled = false;
        }
    }

    private sealed class Worker : Thread
    {
        private readonly TerminalReceiver _receiver;

        private Worker(TerminalReceiver receiver)
        {
            _receiver = receiver;
        }

        internal static bool TryCreate(TerminalReceiver receiver, [NotNullWhen(true)] out Worker? worker)
        {
            worker = new Worker(receiver);
            if (worker.TryInitialize()) return true;
            worker = null;
            return false;
        }

        protected override void Main()
        {
            HasWorkCondition condition = new(_receiver);
            while (true)
            {
                _ = Sleep.Until(_receiver._work, ref condition, SleepMode.Uninterruptible, Nanoseconds.Max);
                _receiver.Work();
            }
        }
    }

    private readonly struct HasWorkCondition(TerminalReceiver receiver) : ISleepCondition
    {
        public bool IsMet() => receiver.HasWork();
    }
}
