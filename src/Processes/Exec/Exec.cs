using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>Replaces the program that a process runs.</summary>
/// <source>execve(2).</source>
public static class Exec
{
    /// <summary>The caller goes to the new program when its system call ends.</summary>
    /// <param name="caller">The current thread.</param>
    /// <param name="user">Its registers, replaced on success.</param>
    /// <param name="file">The program; released here.</param>
    /// <param name="name">Its name, for AT_EXECFN and the thread.</param>
    /// <param name="strings">Arguments and environment; the caller releases them.</param>
    /// <errors>As long as there is an error the old program goes on, unharmed.</errors>
    public static Errno Execute(
        UserThread caller, ref UserRegisters user, OpenFile file, ProgramName name, ArgumentStrings strings)
    {
        int formerId = caller.Id;
        ProgramLoad load = new(caller, file, name, strings);
        Errno error = load.Build();
        if (error == Errno.None) error = LoneThread.Become(caller);
        if (error == Errno.None) error = caller.UnshareDescriptors();
        if (error != Errno.None)
        {
            load.Abandon();
            return error;
        }

        // From here on nothing can fail.
        EnterMemory(caller, load);
        ResetProcess(caller, load);
        StartProgram(caller, ref user, load);
        load.EndGuard();
        TraceEvents.Executed(caller, formerId);
        return Errno.None;
    }

    private static void EnterMemory(UserThread caller, ProgramLoad load)
    {
        Process process = caller.Process;
        RobustFutexes.Release(caller);
        caller.RobustListHead = default;
        PriorityFutexes.OwnerDied(caller);
        ThreadExit.ClearTid(caller);

        (AddressSpace space, OpenFile file) = load.Take();
        AddressSpace? oldSpace = process.Memory;
        ProgramImage oldImage = process.Image;
        process.Accounting.NotePeak(oldSpace);
        process.Memory = space;
        process.Image = new ProgramImage(file, load.Auxiliary.Words);
        caller.PageTable = space.Table;
        space.Table.Activate();

        caller.Vfork?.Release();
        caller.Vfork = null;
        oldSpace?.Release();
        oldImage.Release();
    }

    private static void ResetProcess(UserThread caller, ProgramLoad load)
    {
        Process process = caller.Process;
        bool isPrivileged = GainsRights(caller.Credentials, load);
        caller.SetCredentials(load.Credentials);
        caller.Personality = load.Personality;
        caller.Name = CommandName.FromPath(load.ThreadName);
        // Others of the same user must not look into a program with more rights than theirs.
        bool isHidden = isPrivileged || load.IsHidden || !HasOwnIds(load.Credentials);
        process.Dumpable = isHidden ? AddressPolicy.DumpableOfPrivileged : 1;
        if (isPrivileged) process.SetParentDeathSignal(0);
        process.HasExecuted = true;
        process.MembarrierRegistrations = 0;
        process.ExitSignal = process.IsInit ? 0 : Signals.SIGCHLD;

        caller.Sequence = null;
        process.Timers.StartProgram(caller);
        ResetSignals(caller);
        caller.Descriptors.CloseOnExec();
    }

    /// <source>prctl(2), PR_SET_DUMPABLE and PR_SET_PDEATHSIG.</source>
    private static bool GainsRights(Credentials old, ProgramLoad load)
    {
        Credentials credentials = load.Credentials;
        return load.IsSecure || credentials.Euid != old.Euid || credentials.Egid != old.Egid
            || credentials.Fsuid != old.Fsuid || credentials.Fsgid != old.Fsgid
            || !credentials.Permitted.IsSubsetOf(old.Permitted);
    }

    private static bool HasOwnIds(Credentials credentials) =>
        credentials.Euid == credentials.Uid && credentials.Egid == credentials.Gid;

    private static void ResetSignals(UserThread caller)
    {
        ProcessSignals state = caller.Process.SignalState;
        SignalActions actions = state.Actions;
        if (actions.IsShared)
        {
            SignalActions own = actions.Copy();
            state.Actions = own;
            actions.Release();
            actions = own;
        }

        actions.ResetHandlers();
        caller.SignalState.Stack = default;
        caller.SignalState.RestartBlock = null;
    }

    private static void StartProgram(UserThread caller, ref UserRegisters user, ProgramLoad load)
    {
        ulong number = user.OriginalRax;
        user = default;
        user.OriginalRax = number; // a tracer is still to be told that the call succeeded
        user.Rip = load.Entry.Value;
        user.Rsp = load.StackPointer.Value;
        user.Sanitize();
        user.Rflags = RflagsBits.Interrupt; // a tracer that looks finds as little as on Linux
        caller.Context.FsBase = 0;
        caller.Context.GsBase = 0;
        caller.Context.Fpu.Reset();
        caller.Context.Debug = null;
        caller.IsStepForced = false;
    }
}
