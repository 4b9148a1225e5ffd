using System.Diagnostics.CodeAnalysis;
using Cashew.Machine.Simulated;

namespace Cashew.Machine;

/// <summary>A kernel stack with the saved state of one thread, played by a thread of the host.</summary>
public sealed class ThreadContext
{
    // Four for the stack, one for the floating-point state, as on the machine.
    private const int FrameCount = 5;

    private readonly uint[] _frames = new uint[FrameCount];
    private readonly HostThread _host;
    private UserRegisters _user;
    private SimulatedCpu? _runsOn;
    private long _processorNs;
    private long _runsSinceNs;
    private bool _isReleased;

    private ThreadContext(Simulation simulation, ThreadBody? body, HostThread? host)
    {
        _user.Sanitize();
        _host = host ?? simulation.AddHost(() =>
        {
            body!.Run();
            Panic.Stop("a thread's body returned");
        });
    }

    public ref UserRegisters User => ref _user;

    public UserFpu Fpu { get; } = new();

    public ulong FsBase { get; set; }

    public ulong GsBase { get; set; }

    public DebugRegisters? Debug { get; set; }

    /// <summary>How long it has had a processor, by the simulation's own account.</summary>
    public long ProcessorNs =>
        _processorNs + (_runsOn is null ? 0 : Simulation.Current.NowNs - _runsSinceNs);

    public static bool TryCreate(ThreadBody body, [NotNullWhen(true)] out ThreadContext? context)
    {
        context = new ThreadContext(Simulation.Current, body, null);
        if (context.TryTakeFrames())
        {
            return true;
        }

        context = null;
        return false;
    }

    public static bool TryAdopt(ThreadBody body, [NotNullWhen(true)] out ThreadContext? context)
    {
        context = null;
        SimulatedCpu cpu = Simulation.Current.Cpu;
        if (cpu.Context is not null)
        {
            Panic.Stop("a processor's first thread was adopted twice");
        }

        ThreadContext adopted = new(Simulation.Current, body, cpu.Host)
        {
            _runsOn = cpu,
            _runsSinceNs = Simulation.Current.NowNs,
        };
        if (!adopted.TryTakeFrames())
        {
            return false;
        }

        context = adopted;
        cpu.Context = adopted;
        return true;
    }

    public static void Switch(ThreadContext from, ThreadContext to)
    {
        Simulation simulation = Simulation.Current;
        if (simulation.IsEnding)
        {
            throw new SimulationEnded();
        }

        SimulatedCpu cpu = simulation.Cpu;
        Check(!cpu.InterruptsEnabled, "threads were switched with interrupts on");
        Check(cpu.InterruptDepth == 0, "threads were switched in an interrupt");
        Check(cpu.Context == from && from._runsOn == cpu, "a thread was switched from that does not run here");
        Check(to._runsOn is null, "a thread was switched to that another processor still runs");
        Check(!to._isReleased, "a thread was switched to after its release");
        Check(cpu.HeldLocks <= 1, "threads were switched under a spin lock");
        from._processorNs = from.ProcessorNs;
        from._runsSinceNs = simulation.NowNs;
        to._runsOn = cpu;
        to._runsSinceNs = simulation.NowNs;
        // The moment while the stack of the one is still in use and the other is already chosen.
        simulation.ChoicePoint();
        from._runsOn = null;
        cpu.Context = to;
        simulation.SwitchHost(from._host, to._host);
    }

    /// <summary>Goes to user mode, which <see cref="Simulation.UserProgram"/> plays; never returns.</summary>
    [DoesNotReturn]
    public void EnterUser() => Simulation.Current.RunUser(this);

    public void Release()
    {
        Check(_runsOn is null, "the stack of a running thread was released");
        Check(!_isReleased, "a stack was released twice");
        _isReleased = true;
        foreach (uint frame in _frames)
        {
            Simulation.Current.Frames.Return(frame, FrameKind.KernelStack);
        }
    }

    private static void Check(bool condition, string message)
    {
        if (!condition)
        {
            Panic.Stop(message);
        }
    }

    private bool TryTakeFrames()
    {
        FramePool pool = Simulation.Current.Frames;
        for (int i = 0; i < FrameCount; i++)
        {
            if (!pool.TryTakeForPrograms(FrameKind.KernelStack, out _frames[i]))
            {
                for (int taken = 0; taken < i; taken++)
                {
                    pool.Return(_frames[taken], FrameKind.KernelStack);
                }

                return false;
            }
        }

        return true;
    }
}
