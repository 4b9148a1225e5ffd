using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Machine;

namespace Cashew.Drivers.Serial;

/// <summary>
/// A 16550 serial port. Input by interrupt; output through a ring that the transmitter's interrupt empties,
/// so that writing never waits for the line.
/// </summary>
/// <source>National Semiconductor PC16550D data sheet.</source>
public sealed class Uart16550 : ConsoleDevice
{
    private const int RingBytes = 8192;
    private const int FifoBytes = 16;

    // What the bits of modem control and modem status mean, from the lowest. The low four of the status tell
    // of changes.
    private static ReadOnlySpan<LineSignals> ControlSignals =>
    [
        LineSignals.DataTerminalReady, LineSignals.RequestToSend, LineSignals.FirstOutput, LineSignals.SecondOutput,
        LineSignals.Loopback,
    ];

    private static ReadOnlySpan<LineSignals> StatusSignals =>
    [
        LineSignals.None, LineSignals.None, LineSignals.None, LineSignals.None, LineSignals.ClearToSend,
        LineSignals.DataSetReady, LineSignals.RingIndicator, LineSignals.CarrierDetect,
    ];

    private readonly IoPort _registers;
    private readonly SpinLock _lock = new(LockRank.Serial);

    // Protected by _lock.
    private readonly byte[] _ring = new byte[RingBytes];
    private int _head;
    private int _count;
    private bool _isTransmitInterruptOn;
    private bool _hasWaitingWriter;

    private Uart16550(IoPort registers)
    {
        _registers = registers;
    }

    public override int PendingBytes
    {
        get
        {
            using (_lock.Acquire())
            {
                return _count;
            }
        }
    }

    /// <summary>Sets a port up at 115200 baud, 8 data bits, no parity. False when there is no such
    /// device.</summary>
    public static bool TryOpen(ushort basePort, int isaLine, [NotNullWhen(true)] out Uart16550? uart)
    {
        uart = null;
        IoPort registers = new(basePort);
        if (!IsPresent(registers))
        {
            return false;
        }

        Uart16550 opened = new(registers);
        opened.Configure();
        if (!IrqLine.TryOpenIsa(isaLine, new Handler(opened), out IrqLine? line))
        {
            return false;
        }

        line.Enable();
        uart = opened;
        return true;
    }

    public override int Write(ReadOnlySpan<byte> bytes)
    {
        using (_lock.Acquire())
        {
            int taken = Math.Min(bytes.Length, RingBytes - _count);
            for (int i = 0; i < taken; i++)
            {
                _ring[(_head + _count + i) % RingBytes] = bytes[i];
            }

            _count += taken;
            _hasWaitingWriter = taken < bytes.Length;
            TransmitLocked();
            return taken;
        }
    }

    public override void DiscardOutput()
    {
        using (_lock.Acquire())
        {
            _count = 0;
        }
    }

    public override bool IsLine => true;

    public override LineSignals Signals
    {
        get
        {
            using (_lock.Acquire())
            {
                byte control = _registers.ReadByte(Register.ModemControl);
                byte status = _registers.ReadByte(Register.ModemStatus);
                return FromBits(control, ControlSignals) | FromBits(status, StatusSignals);
            }
        }

        set
        {
            byte control = ControlBits.SecondOutput;
            for (int bit = 0; bit < ControlSignals.Length; bit++)
            {
                if ((value & ControlSignals[bit] & LineSignals.Settable) != 0) control |= (byte)(1 << bit);
            }

            using (_lock.Acquire())
            {
                _registers.WriteByte(Register.ModemControl, control);
            }
        }
    }

    public override void SetBreak(bool isOn)
    {
        using (_lock.Acquire())
        {
            byte control = (byte)(_registers.ReadByte(Register.LineControl) & ~ControlBits.Break);
            _registers.WriteByte(Register.LineControl, isOn ? (byte)(control | ControlBits.Break) : control);
        }
    }

    private static LineSignals FromBits(byte bits, ReadOnlySpan<LineSignals> meanings)
    {
        LineSignals signals = LineSignals.None;
        for (int bit = 0; bit < meanings.Length; bit++)
        {
            if ((bits >> bit & 1) != 0) signals |= meanings[bit];
        }

        return signals;
    }

    /// <summary>Any register that keeps what is written to it: absent ports read as a constant, or as
    /// noise.</summary>
    private static bool IsPresent(IoPort registers)
    {
        const byte FirstPattern = 0x5A;
        const byte SecondPattern = 0xA5;
        registers.WriteByte(Register.Scratch, FirstPattern);
        bool isFirst = registers.ReadByte(Register.Scratch) == FirstPattern;
        // Something else on the bus in between, so that a floating bus does not answer with the last value.
        _ = registers.ReadByte(Register.LineStatus);
        registers.WriteByte(Register.Scratch, SecondPattern);
        _ = registers.ReadByte(Register.LineStatus);
        return isFirst && registers.ReadByte(Register.Scratch) == SecondPattern;
    }

    private void Configure()
    {
        const byte EnableFifosAndClear = 0x07;
        const byte EightBits = 0x03;
        const byte DivisorLatch = 0x80;
        const byte ReadyAndInterruptsOut = 0x0B; // DTR, RTS, OUT2 (which gates the interrupt line)
        _registers.WriteByte(Register.InterruptEnable, 0);
        _registers.WriteByte(Register.LineControl, DivisorLatch | EightBits);
        _registers.WriteByte(Register.Data, 1); // divisor 1: 115200
        _registers.WriteByte(Register.InterruptEnable, 0);
        _registers.WriteByte(Register.LineControl, EightBits);
        _registers.WriteByte(Register.FifoControl, EnableFifosAndClear);
        _registers.WriteByte(Register.ModemControl, ReadyAndInterruptsOut);
        _ = _registers.ReadByte(Register.LineStatus);
        _ = _registers.ReadByte(Register.Data);
        _registers.WriteByte(Register.InterruptEnable, InterruptBits.ReceivedData | InterruptBits.LineStatus);
    }

    private void HandleInterrupt()
    {
        ReceiveAll();
        bool hasRoom;
        using (_lock.Acquire())
        {
            TransmitLocked();
            hasRoom = _hasWaitingWriter && _count <= RingBytes / 2;
            if (hasRoom)
            {
                _hasWaitingWriter = false;
            }
        }

        if (hasRoom)
        {
            Receiver?.SpaceAvailable();
        }
    }

    private void ReceiveAll()
    {
        // Bounded, so that a device that is never empty cannot hold the processor.
        const int MaximumBatches = 64;
        Span<byte> batch = stackalloc byte[FifoBytes];
        for (int i = 0; i < MaximumBatches; i++)
        {
            int count = 0;
            while (count < FifoBytes)
            {
                byte status = _registers.ReadByte(Register.LineStatus);
                if ((status & StatusBits.DataReady) == 0)
                {
                    break;
                }

                byte value = _registers.ReadByte(Register.Data);
                if ((status & StatusBits.Break) != 0)
                {
                    Receiver?.ReceiveBreak();
                    continue;
                }

                batch[count++] = value;
            }

            if (count == 0)
            {
                return;
            }

            Receiver?.Receive(batch[..count]);
        }
    }

    private void TransmitLocked()
    {
        // An emulated transmitter is empty again at once; a real one after the FIFO has gone out.
        while (_count > 0 && (_registers.ReadByte(Register.LineStatus) & StatusBits.TransmitterEmpty) != 0)
        {
            int batch = Math.Min(_count, FifoBytes);
            for (int i = 0; i < batch; i++)
            {
                _registers.WriteByte(Register.Data, _ring[_head]);
                _head = (_head + 1) % RingBytes;
            }

            _count -= batch;
        }

        bool isNeeded = _count > 0;
        if (isNeeded != _isTransmitInterruptOn)
        {
            _isTransmitInterruptOn = isNeeded;
            byte enabled = InterruptBits.ReceivedData | InterruptBits.LineStatus;
            enabled |= isNeeded ? InterruptBits.TransmitterEmpty : (byte)0;
            _registers.WriteByte(Register.InterruptEnable, enabled);
        }
    }

    private static class Register
    {
        internal const int Data = 0;
        internal const int InterruptEnable = 1;
        internal const int FifoControl = 2;
        internal const int LineControl = 3;
        internal const int ModemControl = 4;
        internal const int LineStatus = 5;
        internal const int ModemStatus = 6;
        internal const int Scratch = 7;
    }

    private static class ControlBits
    {
        internal const byte SecondOutput = 0x08; // of the modem control
        internal const byte Break = 0x40; // of the line control
    }

    private static class InterruptBits
    {
        internal const byte ReceivedData = 0x01;
        internal const byte TransmitterEmpty = 0x02;
        internal const byte LineStatus = 0x04;
    }

    private static class StatusBits
    {
        internal const byte DataReady = 0x01;
        internal const byte Break = 0x10;
        internal const byte TransmitterEmpty = 0x20;
    }

    private sealed class Handler(Uart16550 uart) : IrqHandler
    {
        public override ReadOnlySpan<byte> DeviceName => "serial"u8;

        public override void Handle() => uart.HandleInterrupt();
    }
}
