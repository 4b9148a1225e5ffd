using System;
using System.Diagnostics.CodeAnalysis;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>
/// A program being loaded into an address space of its own, beside the caller's, which is not touched:
/// whatever goes wrong is an error of execve(2), and the old program goes on.
/// </summary>
/// <deviation>Linux gives up the old memory before it maps the new; an error after that kills the process.
/// </deviation>
internal sealed class ProgramLoad
{
    /// <summary>So many scripts may name each other before a program is reached.</summary>
    private const int MaxScripts = 5;

    private const int RandomBytes = 16;

    /// <summary>The stack is mapped with this much beyond what is on it; it grows from there.</summary>
    private const ulong StackReserveBytes = 128 * 1024;

    /// <summary>Between the strings and what lies below them; see
    /// <see cref="AddressLayout.StackGap"/>.</summary>
    private const ulong MaximumGapBytes = 8 * 1024;

    private readonly UserThread _caller;
    private readonly ArgumentStrings _strings;
    private AddressLayout _layout;
    private ElfProgram? _interpreter;
    private FilesystemContext? _guarded;
    private byte[] _name;
    private bool _nameVanishes;
    private readonly bool _isCalledAfterFile;
    private ulong _bias;
    private ulong _interpreterBias;

    /// <param name="caller">The thread that calls execve(2).</param>
    /// <param name="file">What it names; released with this.</param>
    /// <param name="name">As it names it.</param>
    /// <param name="strings">Arguments and environment.</param>
    internal ProgramLoad(UserThread caller, OpenFile file, ProgramName name, ArgumentStrings strings)
    {
        _caller = caller;
        _strings = strings;
        _name = name.Bytes.ToArray();
        _nameVanishes = name.Vanishes;
        _isCalledAfterFile = name.IsDescriptor;
        FileName = _name;
        File = file;
    }

    /// <summary>What was named in the call.</summary>
    internal byte[] FileName { get; }

    /// <summary>What the thread is called after.</summary>
    internal ReadOnlySpan<byte> ThreadName =>
        _isCalledAfterFile && File.Location.Dentry is { } dentry ? dentry.Name : FileName;

    /// <summary>The program proper: of a script, its interpreter.</summary>
    internal OpenFile File { get; private set; }

    internal AddressSpace? Space { get; private set; }

    internal Credentials Credentials { get; private set; } = null!;

    /// <summary>AT_SECURE: the program has more rights than whoever started it.</summary>
    internal bool IsSecure { get; private set; }

    /// <summary>The caller may run the program, or its script, but not read it, so nobody may look into
    /// it.</summary>
    internal bool IsHidden { get; private set; }

    /// <summary>Execution domain and its flags, without those that a program with more rights must not
    /// inherit.</summary>
    internal uint Personality { get; private set; }

    internal AuxiliaryVector Auxiliary { get; } = new();

    internal UserAddress Entry { get; private set; }

    internal UserAddress StackPointer { get; private set; }

    /// <summary>Where the vDSO begins; null without one.</summary>
    internal UserAddress Vdso { get; private set; }

    /// <errors>ENOEXEC: nothing that can be run. ELOOP: too many scripts. ENOMEM, and many more of the files.
    /// </errors>
    internal Errno Build()
    {
        Span<byte> head = stackalloc byte[ScriptHeader.LookBytes];
        for (int scripts = 0; ; scripts++)
        {
            NoteReadability();
            int length = ProgramFile.Read(File, 0, head, out Errno error);
            if (error != Errno.None) return error;
            if (!ScriptHeader.IsScript(head[..length])) return BuildElf(head[..length]);
            if (scripts == MaxScripts) return Errno.ELOOP;
            error = EnterScript(head[..length]);
            if (error != Errno.None) return error;
        }
    }

    /// <summary>Hands the space and the file over to the process; what is left is given back.</summary>
    internal (AddressSpace Space, OpenFile File) Take()
    {
        (AddressSpace, OpenFile) result = (Space!, File);
        Space = null;
        _interpreter?.File.Release();
        _interpreter = null;
        return result;
    }

    /// <summary>The exec is over, one way or the other: root and working directory may be shared
    /// again.</summary>
    internal void EndGuard() => _guarded?.EndExec();

    internal void Abandon()
    {
        EndGuard();
        Space?.Release();
        _interpreter?.File.Release();
        File.Release();
    }

    private void NoteReadability()
    {
        Errno error = Permission.Check(File.Inode, AccessModes.Read, _caller.Credentials);
        if (error != Errno.None) IsHidden = true;
    }

    private Errno EnterScript(ReadOnlySpan<byte> head)
    {
        if (!ScriptHeader.TryParse(head, out ScriptHeader header, out Errno error)) return error;
        if (_nameVanishes) return Errno.ENOENT;
        byte[] interpreter = header.Interpreter.ToArray();
        error = _strings.ReplaceFirst(header, _name);
        if (error != Errno.None) return error;
        if (!ProgramFile.TryOpen(
            _caller.FileCaller, default, interpreter, WalkFlags.FollowLast, out OpenFile? file, out error)) return error;

        File.Release();
        File = file;
        _name = interpreter;
        _nameVanishes = false;
        return Errno.None;
    }

    private Errno BuildElf(ReadOnlySpan<byte> head)
    {
        if (!ElfProgram.TryRead(File, head, out ElfProgram? program, out Errno error)) return error;
        if (program.Plan.HasInterpreter
            && !program.TryOpenInterpreter(_caller.FileCaller, out _interpreter, out error)) return error;

        ExecCredentials rights = new(_caller, File);
        error = rights.Transform();
        _guarded = rights.Guarded;
        if (error != Errno.None) return error;
        Credentials = rights.Result;
        IsSecure = rights.IsSecure;
        Personality = _caller.Personality & ~rights.ClearedPersonality;
        _layout = new AddressLayout(Personality);
        if (!AddressSpace.TryCreate(out AddressSpace? space, out error)) return error;
        Space = space;
        MemoryLimits.Apply(_caller.Process.Limits, space);
        space.RefusesHugePages = _caller.Process.Memory?.RefusesHugePages ?? false;
        space.MapBase = _layout.MapBase(space.Limits.StackBytes);
        space.GrowsUpward = _layout.GrowsUpward;
        space.DumpFilter = _caller.Process.Memory?.DumpFilter ?? CoreSegments.DefaultFilter;

        error = MapPrograms(program, space);
        return error == Errno.None ? BuildStack(program.Plan, space) : error;
    }

    private Errno MapPrograms(ElfProgram program, AddressSpace space)
    {
        ElfPlan plan = program.Plan;
        ElfMapper mapper = new(space, program.File, plan, Credentials);
        bool isLoader = plan.Header.Type != ElfType.Executable && _interpreter is null;
        Errno error = plan.Header.Type == ElfType.Executable ? mapper.MapFixed()
            : isLoader ? mapper.MapAnywhere(out _bias)
            : mapper.MapNear(_layout.Program(plan.Alignment), out _bias);
        if (error != Errno.None) return error;
        MapPageZero(space);

        Entry = Biased(plan.Header.Entry, _bias);
        SetAreas(plan, space);
        space.InitializeBreak(_layout.Break(isLoader ? AddressLayout.FreeBreak : Biased(plan.High, _bias)));
        if (_interpreter is null) return Errno.None;

        ElfPlan loader = _interpreter.Plan;
        error = new ElfMapper(space, _interpreter.File, loader, Credentials).MapAnywhere(out _interpreterBias);
        if (error == Errno.None) Entry = Biased(loader.Header.Entry, _interpreterBias);
        return error;
    }

    /// <summary>System V programs read through null pointers. Who may not map there, goes without.</summary>
    private void MapPageZero(AddressSpace space)
    {
        if ((Personality & PersonalityBits.MMAP_PAGE_ZERO) == 0) return;
        MapRequest request = new()
        {
            LengthBytes = UserAddress.PageSizeBytes,
            Rights = PageRights.Read | PageRights.Execute,
            Flags = MapFlags.FixedNoReplace,
        };
        if (Credentials.Has(Capability.CAP_SYS_RAWIO)) request.Flags |= MapFlags.AllowLowest;
        _ = space.TryMap(request, out _, out _); // See above.
    }

    private void SetAreas(ElfPlan plan, AddressSpace space)
    {
        space.Areas.CodeStart = Biased(plan.CodeStart, _bias);
        space.Areas.CodeEnd = Biased(plan.CodeEnd, _bias);
        space.Areas.DataStart = Biased(plan.DataStart, _bias);
        space.Areas.DataEnd = Biased(plan.DataEnd, _bias);
    }

    private Errno BuildStack(ElfPlan plan, AddressSpace space)
    {
        UserAddress top = _layout.StackTop();
        Errno error = MapStack(plan, space, top);
        if (error != Errno.None) return error;
        error = VdsoMapping.Map(space, top, in _layout, out UserAddress vdso);
        if (error != Errno.None) return error;
        Vdso = vdso;

        Span<byte> random = stackalloc byte[RandomBytes];
        Entropy.Fill(random);
        InitialStack stack = new(space, _strings, top);
        error = stack.PushStrings(FileName, _layout.StackGap(), random);
        if (error != Errno.None) return error;

        ProgramAuxiliary.Fill(Auxiliary, plan, _bias, _interpreter is null ? 0 : InterpreterBase, in stack, this);
        error = stack.PushPointers(Auxiliary);
        StackPointer = stack.Pointer;

        space.Areas.StackStart = StackPointer;
        space.Areas.ArgumentsStart = stack.Strings;
        space.Areas.ArgumentsEnd = stack.Strings + (ulong)_strings.ArgumentBytes;
        space.Areas.EnvironmentStart = space.Areas.ArgumentsEnd;
        space.Areas.EnvironmentEnd = stack.Strings + (ulong)_strings.LengthBytes;
        return error;
    }

    private ulong InterpreterBase => unchecked(_interpreter!.Plan.Low + _interpreterBias);

    private Errno MapStack(ElfPlan plan, AddressSpace space, UserAddress top)
    {
        long pointers = (long)_strings.ArgumentCount + _strings.EnvironmentCount;
        ulong usedBytes = (ulong)(_strings.LengthBytes + pointers * sizeof(ulong)) + (ulong)FileName.Length;
        const ulong pageMask = UserAddress.PageSizeBytes - 1;
        ulong lengthBytes = usedBytes + StackReserveBytes & ~pageMask;

        // With less, it gets what is allowed, but no less than what is on it.
        ulong leastBytes = usedBytes + UserAddress.PageSizeBytes + MaximumGapBytes & ~pageMask;
        ulong limitBytes = space.Limits.StackBytes & ~pageMask;
        if (lengthBytes > limitBytes) lengthBytes = ulong.Max(limitBytes, leastBytes);
        MapRequest request = new()
        {
            Address = top.PageDown - lengthBytes,
            LengthBytes = lengthBytes,
            Rights = PageRights.Read | PageRights.Write,
            Flags = MapFlags.FixedNoReplace | MapFlags.GrowsDown | MapFlags.Stack,
        };
        if (plan.WantsExecutableStack) request.Rights |= PageRights.Execute;
        _ = space.TryMap(request, out _, out Errno error); // The address is the one asked for, or there is an error.
        return error;
    }

    private static UserAddress Biased(ulong address, ulong bias) => new(unchecked(address + bias));
}
