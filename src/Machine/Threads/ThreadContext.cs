using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Cashew.Machine;

/// <summary>
/// A kernel stack with the saved state of one thread; at the stack's top, what its user program had in the
/// registers.
/// Owned by the scheduler, which makes sure that at most one processor runs it.
/// </summary>
public sealed unsafe class ThreadContext
{
    private const uint MsrFsBase = 0xC000_0100;
    private const uint MsrKernelGsBase = 0xC000_0102; // the user's, while the kernel runs

    private readonly ulong _stackTop;
    private readonly ThreadBody _body;
    private ulong _savedRsp;
    private ulong _fsBase;
    private ulong _gsBase;
    private DebugRegisters? _debug;
    private ThreadContext? _previous; // the list of all contexts, for the collector
    private ThreadContext? _next;
    private bool _isReleased;

    // Protected by s_listLock: every context, so that the collector finds all stacks.
    private static readonly SpinLock s_listLock = new(LockRank.StackPool);
    private static ThreadContext? s_first;

    private ThreadContext(ThreadBody body, ulong stackTop, UserFpu fpu)
    {
        _body = body;
        _stackTop = stackTop;
        Fpu = fpu;
    }

    /// <summary>The user program's registers.</summary>
    public ref UserRegisters User => ref Frame->Registers;

    public UserFpu Fpu { get; }

    /// <summary>The program's FS base: its thread-local storage.</summary>
    public ulong FsBase
    {
        get => IsCurrent ? ReadFsBase() : _fsBase;
        set
        {
            _fsBase = value;
            if (IsCurrent)
            {
                WriteFsBase(value);
            }
        }
    }

    /// <summary>The program's GS base.</summary>
    public ulong GsBase
    {
        get => IsCurrent ? ReadGsBase() : _gsBase;
        set
        {
            _gsBase = value;
            if (IsCurrent)
            {
                WriteGsBase(value);
            }
        }
    }

    /// <summary>The program's break- and watchpoints; null as long as it has none, which is nearly
    /// always.</summary>
    public DebugRegisters? Debug
    {
        get => _debug;
        set
        {
            _debug = value;
            if (IsCurrent)
            {
                using (InterruptGuard.Disable())
                {
                    DebugRegisters.Switch(value);
                }
            }
        }
    }

    /// <summary>The first of all contexts, and the one after this.</summary>
    internal static ThreadContext? First => s_first;

    internal ThreadContext? Next => _next;

    /// <summary>The list of those that ran while the collector was marking, and is this one in it?</summary>
    internal ThreadContext? NextNoted { get; set; }

    internal bool IsNoted { get; set; }

    /// <summary>Has the thread a stack that is not in use at this moment?</summary>
    internal bool HasIdleStack => !_isReleased && !IsCurrent;

    /// <summary>The part of the stack that is in use, while the thread does not run.</summary>
    internal ulong StackLow => _savedRsp;

    internal ulong StackTop => _stackTop;

    internal TrapFrame* Frame => (TrapFrame*)(_stackTop - (ulong)sizeof(TrapFrame));

    private bool IsCurrent => CpuBlock.Current->StackTop == _stackTop;

    /// <summary>A context whose first switch starts the body on a stack of its own. False: no
    /// memory.</summary>
    public static bool TryCreate(ThreadBody body, [NotNullWhen(true)] out ThreadContext? context)
    {
        context = null;
        if (!UserFpu.TryCreate(out UserFpu? fpu))
        {
            return false;
        }

        ulong top = KernelStacks.TryTake();
        if (top == 0)
        {
            fpu.Release();
            return false;
        }

        context = new ThreadContext(body, top, fpu);
        fpu.Attach(context);
        *context.Frame = default;
        context.Frame->Registers.Sanitize();
        context._savedRsp = (ulong)PrepareFirstSwitch(context);
        context.Link();
        return true;
    }

    /// <summary>
    /// Stops running one thread and goes on with another where that one stopped. Interrupts are off; returns
    /// when somebody switches back.
    /// </summary>
    public static void Switch(ThreadContext from, ThreadContext to)
    {
        CpuBlock* cpu = CpuBlock.Current;
        if (StackWalk.IsOn)
        {
            // While marking is under way, each switch takes it a step further.
            from.NoteUse();
            cpu->Attention = 1;
        }

        from.SaveBases();
        cpu->StackTop = to._stackTop;
        cpu->Tss->Rsp0 = to._stackTop;
        to.LoadBases();
        DebugRegisters.Switch(to._debug);
        UserFpu.Switch(from.Fpu, to.Fpu);
        SwitchStacks(ref from._savedRsp, to._savedRsp);
    }

    /// <summary>Turns the code that runs now, at boot, into a thread: its stack is the boot stack.</summary>
    public static bool TryAdopt(ThreadBody body, [NotNullWhen(true)] out ThreadContext? context)
    {
        context = null;
        if (!UserFpu.TryCreate(out UserFpu? fpu))
        {
            return false;
        }

        context = new ThreadContext(body, Image.Table->BootStackTop, fpu);
        fpu.Attach(context);
        context._savedRsp = Image.Table->BootStackBottom;
        CpuBlock.Current->StackTop = context._stackTop;
        CpuBlock.Current->Tss->Rsp0 = context._stackTop;
        context.Link();
        return true;
    }

    /// <summary>Goes to user mode with <see cref="User"/>. Only from the context's own thread; never
    /// returns.</summary>
    [DoesNotReturn]
    public void EnterUser()
    {
        Fpu.Use();
        CpuBlock.Current->Attention = 1;
        Frame->Registers.Sanitize();
        EnterUserCore(Frame);
        Panic.Stop("user mode returned");
    }

    /// <summary>Frees the stack. The thread has switched away for the last time.</summary>
    public void Release()
    {
        Unlink();
        Fpu.Release();
        KernelStacks.Return(_stackTop);
    }

    /// <summary>Lays out what cashew_switch pops: r15 r14 r13 r12 rbx rbp, then the address it returns
    /// to.</summary>
    private static ulong* PrepareFirstSwitch(ThreadContext context)
    {
        ulong* top = (ulong*)context.Frame - 1; // keeps the stack aligned as after a call
        *top = 0;
        *--top = Image.Table->ThreadStart;
        *--top = 0; // rbp
        *--top = *(ulong*)&context; // rbx: objects do not move
        for (int i = 0; i < 4; i++)
        {
            *--top = 0;
        }

        return top;
    }

    /// <summary>First C# of a new thread, on its stack.</summary>
    [RuntimeExport("cashew_thread_run")]
    private static void RunBody(ThreadContext context) => context._body.Run();

    private void SaveBases()
    {
        if (CpuFeatures.HasFsGsBase)
        {
            _fsBase = ReadFsBaseCore();
            _gsBase = ReadGsBaseCore();
        }
    }

    private void LoadBases()
    {
        WriteFsBase(_fsBase);
        WriteGsBase(_gsBase);
    }

    private ulong ReadFsBase() => CpuFeatures.HasFsGsBase ? ReadFsBaseCore() : _fsBase;

    private ulong ReadGsBase()
    {
        using (InterruptGuard.Disable())
        {
            return CpuFeatures.HasFsGsBase ? ReadGsBaseCore() : _gsBase;
        }
    }

    private static void WriteFsBase(ulong value)
    {
        if (CpuFeatures.HasFsGsBase)
        {
            WriteFsBaseCore(value);
        }
        else
        {
            Instructions.WriteMsr(MsrFsBase, value);
        }
    }

    private static void WriteGsBase(ulong value)
    {
        if (CpuFeatures.HasFsGsBase)
        {
            using (InterruptGuard.Disable())
            {
                WriteGsBaseCore(value);
            }
        }
        else
        {
            Instructions.WriteMsr(MsrKernelGsBase, value);
        }
    }

    private void Link()
    {
        using (s_listLock.Acquire())
        {
            _next = s_first;
            if (s_first is not null)
            {
                s_first._previous = this;
            }

            s_first = this;
        }

        if (StackWalk.IsOn)
        {
            NoteUse();
        }
    }

    /// <summary>The collector has to look at this stack once more.</summary>
    private void NoteUse()
    {
        using (s_listLock.Acquire())
        {
            StackWalk.NoteLocked(this);
        }
    }

    private void Unlink()
    {
        using (s_listLock.Acquire())
        {
            _isReleased = true;
            StackWalk.ForgetLocked(this);
            if (_previous is not null)
            {
                _previous._next = _next;
            }
            else
            {
                s_first = _next;
            }

            if (_next is not null)
            {
                _next._previous = _previous;
            }
        }
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_switch")]
    private static extern void SwitchStacks(ref ulong savedRsp, ulong newRsp);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_enter_user")]
    private static extern void EnterUserCore(TrapFrame* frame);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_rdfsbase")]
    private static extern ulong ReadFsBaseCore();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_wrfsbase")]
    private static extern void WriteFsBaseCore(ulong value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_rd_user_gsbase")]
    private static extern ulong ReadGsBaseCore();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_wr_user_gsbase")]
    private static extern void WriteGsBaseCore(ulong value);
}
