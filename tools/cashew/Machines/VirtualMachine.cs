namespace Cashew.Tool.Machines;

using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using Cashew.Tool.Support;

/// <summary>A running QEMU, and the lines that the guest writes to its second serial line.</summary>
internal sealed class VirtualMachine : IDisposable
{
    /// <summary>What a kernel writes to the debug-exit port after a panic; QEMU then exits with 85.</summary>
    private const int PanicValue = 0x2A;

    private static readonly TimeSpan s_connectionPoll = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly ScratchFolder _scratch;
    private readonly Socket _listener;
    private readonly BlockingCollection<string> _lines = [];
    private readonly PosixSignalRegistration[] _signals;
    private PosixSignal? _interruption;

    private VirtualMachine(Process process, ScratchFolder scratch, Socket listener, bool isDetached)
    {
        _process = process;
        _scratch = scratch;
        _listener = listener;
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, isDetached ? Ignore : Interrupt),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt),
        ];
        process.ErrorDataReceived += (_, message) => ForwardError(message.Data);
        process.BeginErrorReadLine();
        new Thread(ReadControlLines) { IsBackground = true }.Start();
    }

    internal static VirtualMachine Start(MachineSpec spec)
    {
        ScratchFolder scratch = new();
        string path = scratch.PathOf("control");
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);

        // A session of its own gets no signals from the terminal. setsid(1) becomes QEMU, under the same id.
        string[] words = [.. spec.IsDetached ? ["setsid"] : (string[])[], QemuCommand.Program];
        ProcessStartInfo start = new(words[0], [.. words[1..], .. QemuCommand.Options(spec, path)])
        {
            // Only a terminal is passed on: QEMU would eat the standard input that belongs to the program.
            RedirectStandardInput = spec.Console != ConsoleKind.Terminal,
            RedirectStandardError = true,
        };
        Process process;
        try
        {
            process = External.Start(start);
        }
        catch (Failure)
        {
            listener.Dispose();
            scratch.Dispose();
            throw;
        }

        if (start.RedirectStandardInput)
            process.StandardInput.Close();
        return new VirtualMachine(process, scratch, listener, spec.IsDetached);
    }

    /// <summary>The next line; false once the machine has ended or the time is up.</summary>
    internal bool TryReadLine(TimeSpan limit, [NotNullWhen(true)] out string? line) =>
        _lines.TryTake(out line, limit);

    /// <summary>QEMU's own exit code, once it has ended.</summary>
    internal int ExitCode => _process.ExitCode;

    /// <summary>True once the machine has ended and all its lines have been read.</summary>
    internal bool IsAtEnd => _lines.IsCompleted;

    /// <summary>Waits until the machine ends, or ends it when the time is up.</summary>
    internal MachineEnding Wait(TimeSpan? limit)
    {
        int limitMs = limit is TimeSpan time ? (int)Math.Max(0, time.TotalMilliseconds) : Timeout.Infinite;
        if (!_process.WaitForExit(limitMs))
        {
            Signals.End(_process);
            return MachineEnding.TimedOut;
        }

        if (_interruption is PosixSignal signal)
            throw new Failure("interrupted", exitCode: ExitCodes.Signaled + NumberOf(signal));

        return _process.ExitCode switch
        {
            0 => MachineEnding.PoweredOff,
            (PanicValue << 1) | 1 => MachineEnding.Panicked,
            _ => MachineEnding.EmulatorFailed,
        };
    }

    public void Dispose()
    {
        Signals.End(_process);
        foreach (PosixSignalRegistration signal in _signals)
            signal.Dispose();
        _listener.Dispose();
        _process.Dispose();
        _scratch.Dispose();
    }

    // A machine without its command line would run for ever: it ends first, then we, as after any ending.
    private void Interrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        _interruption = context.Signal;
        Signals.End(_process);
    }

    private static void Ignore(PosixSignalContext context) => context.Cancel = true;

    private static int NumberOf(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        _ => 15,
    };

    // QEMU reports each signal that we end it with.
    private static void ForwardError(string? line)
    {
        if (line != null && !line.Contains("terminating on signal", StringComparison.Ordinal))
            Console.Error.WriteLine(line);
    }

    private void ReadControlLines()
    {
        try
        {
            // A QEMU that refuses its options ends without ever connecting.
            while (!_listener.Poll(s_connectionPoll, SelectMode.SelectRead) && !_process.HasExited)
                continue;
            if (!_listener.Poll(TimeSpan.Zero, SelectMode.SelectRead))
                return;
            using Socket connection = _listener.Accept();
            using StreamReader reader = new(new NetworkStream(connection));
            while (reader.ReadLine() is string line)
                _lines.Add(line.TrimEnd('\r'));
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException
            or InvalidOperationException)
        {
            // The machine is gone, which is how every run ends.
        }
        finally
        {
            _lines.CompleteAdding();
        }
    }
}
