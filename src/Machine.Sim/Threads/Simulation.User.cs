using System;
using System.Diagnostics.CodeAnalysis;

namespace Cashew.Machine.Simulated;

// User mode. A program is a delegate that calls back here for each thing a real one would do with an
// instruction.
public sealed partial class Simulation
{
    private UserRegisters _noRegisters;

    /// <summary>
    /// What programs do: called with the context that enters user mode, looks at its Rip, and plays what is
    /// there. When the kernel changes Rip (execve, a signal), what was being played is abandoned and this is
    /// called again.
    /// </summary>
    public Action<ThreadContext>? UserProgram { get; set; }

    /// <summary>The user registers of the current thread; some that nobody looks at when there is
    /// none.</summary>
    internal ref UserRegisters CurrentRegisters
    {
        get
        {
            if (_cpu.Context is { } context)
            {
                return ref context.User;
            }

            return ref _noRegisters;
        }
    }

    /// <summary>The program makes a system call. What comes back in RAX.</summary>
    public long SystemCall(
        long number, ulong a0 = 0, ulong a1 = 0, ulong a2 = 0, ulong a3 = 0, ulong a4 = 0, ulong a5 = 0)
    {
        const int InstructionBytes = 2;
        ref UserRegisters user = ref CurrentRegisters;
        user.Rdi = a0;
        user.Rsi = a1;
        user.Rdx = a2;
        user.R10 = a3;
        user.R8 = a4;
        user.R9 = a5;
        user.OriginalRax = (ulong)number;
        user.Rax = (ulong)number;
        user.Rip += InstructionBytes;
        user.Rcx = user.Rip;
        user.R11 = user.Rflags;
        ulong next = user.Rip;
        Installed.SystemCall(ref user);
        ReturnToUser(next);
        user.Rip = next;
        return (long)user.Rax;
    }

    /// <summary>
    /// The program computes until it has had the processor for so long; what others and interrupts take comes
    /// on top.
    /// </summary>
    public void Compute(Nanoseconds span)
    {
        ThreadContext context = _cpu.Context ?? throw new SimulationFailure("there is no program that could compute");
        long enough = context.ProcessorNs + span.Value;
        ulong next = context.User.Rip;
        ReturnToUser(next);
        while (context.ProcessorNs < enough)
        {
            ComputeOn(_now + enough - context.ProcessorNs);
            ReturnToUser(next);
        }
    }

    /// <summary>The program reads a byte of its memory.</summary>
    public byte Load(UserAddress at)
    {
        Reach(at, PageRights.Read, out Span<byte> page);
        return page[0];
    }

    /// <summary>The program writes a byte of its memory.</summary>
    public void Store(UserAddress at, byte value)
    {
        Reach(at, PageRights.Write, out Span<byte> page);
        page[0] = value;
    }

    /// <summary>The program runs into an exception.</summary>
    public void RaiseException(UserException exception)
    {
        ref UserRegisters user = ref CurrentRegisters;
        ulong next = user.Rip;
        user.OriginalRax = ulong.MaxValue;
        Installed.UserException(ref user, exception);
        ReturnToUser(next);
    }

    [DoesNotReturn]
    internal void RunUser(ThreadContext context)
    {
        _cpu.HasAttention = true;
        while (true)
        {
            try
            {
                context.User.Sanitize();
                ReturnToUser(context.User.Rip);
                Action<ThreadContext>? program = UserProgram;
                program?.Invoke(context);
                throw new SimulationFailure("a program ran past its end");
            }
            catch (UserJump)
            {
                // Goes on wherever the kernel wants it.
            }
        }
    }

    private static KernelEntry Installed =>
        KernelEntry.Installed ?? throw new SimulationFailure("no kernel entry is installed");

    /// <summary>Time passes until an interrupt, the end, or the point where another processor has something
    /// to do.</summary>
    private void ComputeOn(long end)
    {
        SimulatedCpu cpu = _cpu;
        cpu.ComputesUntil = end;
        if (!OthersAct())
        {
            _now = Math.Max(_now, NextEventNs());
        }

        ChoicePoint(deliverAll: true);
        cpu.ComputesUntil = 0;
    }

    /// <summary>Is any other processor in the kernel, or about to enter it?</summary>
    private bool OthersAct()
    {
        foreach (SimulatedCpu cpu in _cpus)
        {
            bool isAtRest = cpu.ComputesUntil > _now || (cpu.IsHalted && !HasInterrupt(cpu));
            if (cpu != _cpu && !isAtRest)
            {
                return true;
            }
        }

        return false;
    }

    private void Reach(UserAddress at, PageRights needed, out Span<byte> page)
    {
        ulong next = CurrentRegisters.Rip;
        while (!UserMemory.TryReach(at, needed, fromUser: true, out page))
        {
            // The fault has become a signal; whoever comes back from its handler tries again.
            ReturnToUser(next);
        }
    }

    /// <summary>The way out of the kernel: attention first, then wherever the registers say.</summary>
    private void ReturnToUser(ulong expectedRip)
    {
        ChoicePoint();
        while (_cpu.HasAttention)
        {
            _cpu.HasAttention = false;
            Installed.BeforeReturnToUser(ref CurrentRegisters);
        }

        if (CurrentRegisters.Rip != expectedRip)
        {
            throw new UserJump();
        }
    }
}
