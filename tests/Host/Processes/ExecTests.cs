using System;
using System.Collections.Generic;
using System.Text;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Host.Files;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Memory;
using Cashew.Processes;
using Xunit;

namespace Cashew.Host.Processes;

/// <summary>Loading programs from files, up to the moment at which nothing can fail any more.</summary>
public sealed class ExecTests : FilesTest
{
    private const uint Executable = 0x1ED; // 0755
    private const string Loader = "/ld.so";

    private readonly int _tableFrames;

    public ExecTests() => _tableFrames = Simulation.CountFrames(FrameKind.PageTable);

    [Fact]
    public void A_program_is_mapped_as_its_headers_say()
    {
        Install("/program", new ElfImage().ToBytes());
        Run("/program", ["program", "one"], ["A=b"], (load, view) =>
        {
            Assert.Equal(ElfImage.CodeAddress + 0x100, load.Entry.Value);
            Assert.Equal(ElfImage.ContentsAt(0x123), view.Bytes(new UserAddress(ElfImage.CodeAddress + 0x123), 1)[0]);
            byte[] data = view.Bytes(new UserAddress(ElfImage.DataAddress), (int)ElfImage.DataMemoryBytes);
            for (int i = 0; i < data.Length; i++)
            {
                byte wanted = i < (int)ElfImage.DataFileBytes ? ElfImage.ContentsAt(0x1F00 + i) : (byte)0;
                Assert.True(wanted == data[i], $"byte {i} of the data");
            }
        });
    }

    [Fact]
    public void The_stack_tells_the_program_what_it_needs()
    {
        Install("/program", new ElfImage().ToBytes());
        Run("/program", ["zero", "", "two words"], ["HOME=/", "EMPTY="], (load, view) =>
        {
            Assert.Equal(["zero", "", "two words"], view.Arguments);
            Assert.Equal(["HOME=/", "EMPTY="], view.Environment);
            Assert.Equal("/program", view.Text(view.Auxiliary[AuxvType.AT_EXECFN]));
            Assert.Equal("x86_64", view.Text(view.Auxiliary[AuxvType.AT_PLATFORM]));
            Assert.Equal(4096UL, view.Auxiliary[AuxvType.AT_PAGESZ]);
            Assert.Equal(ElfImage.CodeAddress + ElfImage.HeaderBytes, view.Auxiliary[AuxvType.AT_PHDR]);
            Assert.Equal(2UL, view.Auxiliary[AuxvType.AT_PHNUM]);
            Assert.Equal(load.Entry.Value, view.Auxiliary[AuxvType.AT_ENTRY]);
            Assert.Equal(0UL, view.Auxiliary[AuxvType.AT_BASE]);
            Assert.Equal(0UL, view.Auxiliary[AuxvType.AT_SECURE]);
            Assert.NotEqual(new byte[16], view.Bytes(new UserAddress(view.Auxiliary[AuxvType.AT_RANDOM]), 16));
            Assert.True(load.Space!.Areas.ArgumentsEnd == load.Space.Areas.EnvironmentStart);
            Assert.Equal("HOME=/", view.Text(load.Space.Areas.EnvironmentStart.Value));
        });
    }

    [Fact]
    public void A_program_with_an_interpreter_begins_in_the_interpreter()
    {
        Install("/program", ElfImage.Relocatable().WithInterpreter(Loader).ToBytes());
        Install(Loader, ElfImage.Relocatable().ToBytes());
        Run("/program", ["p"], [], (load, view) =>
        {
            ulong interpreter = view.Auxiliary[AuxvType.AT_BASE];
            ulong program = view.Auxiliary[AuxvType.AT_ENTRY] - 0x100;
            Assert.Equal(interpreter + 0x100, load.Entry.Value);
            Assert.NotEqual(0UL, program);
            Assert.NotEqual(program, interpreter);
            Assert.Equal(program + ElfImage.HeaderBytes, view.Auxiliary[AuxvType.AT_PHDR]);
            Assert.Equal(ElfImage.ContentsAt(0x900), view.Bytes(new UserAddress(program + 0x900), 1)[0]);
            Assert.Equal(ElfImage.ContentsAt(0x900), view.Bytes(new UserAddress(interpreter + 0x900), 1)[0]);
        });
    }

    [Fact]
    public void Without_randomization_a_program_is_always_in_the_same_place()
    {
        Install("/program", ElfImage.Relocatable().ToBytes());
        List<(ulong Entry, ulong Stack)> places = [];
        for (int i = 0; i < 2; i++)
        {
            using TestProcess process = new(Context);
            process.Thread.Personality = PersonalityBits.ADDR_NO_RANDOMIZE;
            RunIn(process, "/program", ["p"], [], (load, _) => places.Add((load.Entry.Value, load.StackPointer.Value)));
        }

        Assert.Equal(places[0], places[1]);
    }

    [Fact]
    public void A_script_gets_its_interpreter_and_one_argument()
    {
        Install("/bin", null);
        Install("/bin/sh", new ElfImage().ToBytes());
        Install("/script", "#! /bin/sh  -e -x \nrest"u8.ToArray());
        Run("/script", ["ignored", "first"], ["E=1"], (_, view) =>
        {
            Assert.Equal(["/bin/sh", "-e -x", "/script", "first"], view.Arguments);
            Assert.Equal(["E=1"], view.Environment);
            Assert.Equal("/script", view.Text(view.Auxiliary[AuxvType.AT_EXECFN]));
        });
    }

    // execve(2), "Interpreter scripts": an interpreter may be a script, too; ELOOP after four levels of it.
    [Theory]
    [InlineData(5, Errno.None)]
    [InlineData(6, Errno.ELOOP)]
    public void Scripts_may_be_interpreted_by_scripts(int depth, Errno expected)
    {
        Install("/0", new ElfImage().ToBytes());
        for (int i = 1; i <= depth; i++) Install($"/{i}", Bytes($"#!/{i - 1} {i}"));
        using TestProcess process = new(Context);
        Errno error = TryRun(process, $"/{depth}", ["me", "last"], [], (_, view) =>
        {
            Assert.Equal("/0", view.Arguments[0]);
            Assert.Equal("1", view.Arguments[1]);
            Assert.Equal("/1", view.Arguments[2]);
            Assert.Equal("last", view.Arguments[^1]);
            Assert.Equal(2 * depth + 2, view.Arguments.Count);
        });
        Assert.Equal(expected, error);
    }

    [Fact]
    public void What_cannot_be_run_says_why()
    {
        Install("/text", "echo hello"u8.ToArray());
        Install("/empty", []);
        Install("/lost", "#!/nowhere"u8.ToArray());
        Install("/directory", null);
        Install("/interpreted", new ElfImage().WithInterpreter("/nowhere").ToBytes());
        Install("/shortloader", new ElfImage().WithInterpreter("/text").ToBytes());
        Install("/long", new byte[200]);
        Install("/badloader", new ElfImage().WithInterpreter("/long").ToBytes());
        Install("/plain", new ElfImage().ToBytes());
        Assert.Equal(Errno.None, FileTree.ChangeMode(Caller, default, "/plain"u8, WalkFlags.FollowLast, 0x1A4));

        using TestProcess process = new(Context);
        Assert.Equal(Errno.ENOEXEC, ErrorOf(process, "/text"));
        Assert.Equal(Errno.ENOEXEC, ErrorOf(process, "/empty"));
        Assert.Equal(Errno.ENOENT, ErrorOf(process, "/lost"));
        Assert.Equal(Errno.EACCES, ErrorOf(process, "/directory"));
        Assert.Equal(Errno.ENOENT, ErrorOf(process, "/interpreted"));
        Assert.Equal(Errno.EIO, ErrorOf(process, "/shortloader"));
        Assert.Equal(Errno.ELIBBAD, ErrorOf(process, "/badloader"));
        Assert.Equal(Errno.EACCES, ErrorOf(process, "/plain"));
        Assert.Equal(Errno.ENOENT, ErrorOf(process, "/missing"));
    }

    [Fact]
    public void A_set_user_id_program_runs_as_its_owner_and_is_told_so()
    {
        Install("/program", new ElfImage().ToBytes(), 0x9ED); // 04755
        using TestProcess process = new(Context, UserOf(1000));
        RunIn(process, "/program", ["p"], [], (load, view) =>
        {
            Assert.Equal((1000u, 0u, 0u), (load.Credentials.Uid, load.Credentials.Euid, load.Credentials.Suid));
            Assert.Equal(CapabilitySet.All, load.Credentials.Effective);
            Assert.Equal(1UL, view.Auxiliary[AuxvType.AT_SECURE]);
            Assert.Equal(1000UL, view.Auxiliary[AuxvType.AT_UID]);
            Assert.Equal(0UL, view.Auxiliary[AuxvType.AT_EUID]);
        });

        process.Thread.HasNoNewPrivileges = true;
        RunIn(process, "/program", ["p"], [], (load, view) =>
        {
            Assert.Equal(1000u, load.Credentials.Euid);
            Assert.Equal(CapabilitySet.None, load.Credentials.Permitted);
            Assert.Equal(0UL, view.Auxiliary[AuxvType.AT_SECURE]);
        });
    }

    // execve(2): a quarter of the stack's limit, but 128 KiB always, if they fit the stack; one string at
    // most 128 KiB.
    [Theory]
    [InlineData(8 << 20, 128 * 1024 - 1, 1, Errno.None)]
    [InlineData(8 << 20, 128 * 1024, 1, Errno.E2BIG)]
    [InlineData(8 << 20, 100 * 1024, 20, Errno.None)]
    [InlineData(8 << 20, 100 * 1024, 21, Errno.E2BIG)]
    [InlineData(128 << 10, 60 * 1024, 2, Errno.None)]
    [InlineData(128 << 10, 60 * 1024, 3, Errno.E2BIG)]
    [InlineData(64 << 10, 60 * 1024, 2, Errno.E2BIG)]
    [InlineData(0, 1000, 4, Errno.None)]
    [InlineData(0, 1000, 5, Errno.E2BIG)]
    public void Arguments_have_a_limit(int stackBytes, int stringBytes, int count, Errno expected)
    {
        using TestProcess process = new();
        AddressSpace space = process.EnterNewMemory();
        MapRequest request = new() { LengthBytes = 1 << 20, Rights = PageRights.Read | PageRights.Write };
        Assert.True(space.TryMap(request, out UserAddress at, out _));
        byte[] text = new byte[stringBytes + 1];
        Array.Fill(text, (byte)'x', 0, stringBytes);
        Assert.Equal(text.Length, space.CopyOut(at, text));
        for (int i = 0; i < count; i++)
            Assert.Equal(8, space.CopyOut(at + 0x8_0000 + (ulong)i * 8, BitConverter.GetBytes(at.Value)));

        ArgumentStrings strings = ArgumentStrings.Create((ulong)stackBytes);
        Assert.Equal(expected, strings.Gather(at + 0x8_0000, default, 0));
        if (expected == Errno.None) Assert.Equal((long)count * (stringBytes + 1), strings.LengthBytes);
        strings.Release();
    }

    // A header with any one of its bytes wrong is refused, or what it asks for is done; nothing is lost
    // either way.
    [Fact]
    public void A_header_with_a_wrong_byte_does_no_harm()
    {
        Install(Loader, ElfImage.Relocatable().ToBytes());
        ElfImage image = ElfImage.Relocatable().WithInterpreter(Loader);
        byte[] sound = image.ToBytes();
        int headerBytes = ElfImage.HeaderBytes + image.Table.Count * ElfImage.EntryBytes;
        HashSet<Errno> errors = [];
        using TestProcess process = new(Context);
        for (int i = 0; i < headerBytes; i++)
        {
            foreach (byte value in (ReadOnlySpan<byte>)[0, 1, 0x7F, 0x80, 0xFF, (byte)(sound[i] ^ 1)])
            {
                byte[] bytes = (byte[])sound.Clone();
                bytes[i] = value;
                Overwrite("/program", bytes);
                errors.Add(TryRun(process, "/program", ["p"], [], static (_, _) => { }));
            }
        }

        Errno[] wanted = [Errno.None, Errno.ENOEXEC, Errno.EINVAL];
        Assert.Superset(new HashSet<Errno>(wanted), errors);
    }

    [Fact]
    public void Headers_with_wrong_fields_do_no_harm()
    {
        ulong[] values = [0, 1, 0x1000, 0x7FFF_FFFF_E000, 0x7FFF_FFFF_F000, long.MaxValue, ulong.MaxValue];
        Install(Loader, ElfImage.Relocatable().ToBytes());
        Random random = new(2);
        int loaded = 0;
        using TestProcess process = new(Context);
        for (int round = 0; round < 3000; round++)
        {
            ElfImage image = random.Next(2) == 0 ? new ElfImage() : ElfImage.Relocatable().WithInterpreter(Loader);
            ref ElfProgramHeader entry = ref image[random.Next(image.Table.Count)];
            ulong value = values[random.Next(values.Length)] + (ulong)random.Next(2) * (ulong)random.Next(0x3000);
            switch (random.Next(6))
            {
                case 0: image.Header.e_phoff = value; break;
                case 1: entry.p_offset = value; break;
                case 2: entry.p_vaddr = value; break;
                case 3: (entry.p_vaddr, entry.p_offset) = (value, value & 0xFFF); break;
                case 4: entry.p_filesz = value; break;
                default: entry.p_memsz = value; break;
            }

            Overwrite("/program", image.ToBytes());
            if (TryRun(process, "/program", ["p"], [], static (_, _) => { }) == Errno.None) loaded++;
        }

        Assert.InRange(loaded, 300, 2700);
    }

    [Fact]
    public void Without_memory_a_program_is_not_loaded_and_nothing_is_lost()
    {
        Install("/program", ElfImage.Relocatable().WithInterpreter(Loader).ToBytes());
        Install(Loader, ElfImage.Relocatable().ToBytes());
        using TestProcess process = new(Context);
        Errno error = Errno.ENOMEM;
        int failures = 0;
        for (; error != Errno.None; failures++)
        {
            Simulation.FailFrameAllocation(failures);
            error = TryRun(process, "/program", ["p", "q"], ["A=1"], static (_, _) => { });
            Simulation.StopFailingFrames();
            Assert.True(error is Errno.None or Errno.ENOMEM, $"{error} after {failures} frames");
        }

        Assert.True(failures > 10, $"only {failures} attempts");
    }

    private static Credentials UserOf(uint id) => new()
    {
        Uid = id,
        Euid = id,
        Suid = id,
        Fsuid = id,
        Gid = id,
        Egid = id,
        Sgid = id,
        Fsgid = id,
        Bounding = CapabilitySet.All,
    };

    /// <summary>Makes a file that may be executed; null contents: a directory.</summary>
    private void Install(string path, byte[]? contents, uint mode = Executable)
    {
        if (contents is null)
        {
            Assert.Equal(Errno.None, Mkdir(path));
            return;
        }

        Overwrite(path, contents);
        Assert.Equal(Errno.None, FileTree.ChangeMode(Caller, default, Bytes(path), WalkFlags.FollowLast, mode));
    }

    private void Overwrite(string path, byte[] contents)
    {
        OpenFile file = Open(path);
        if (contents.Length > 0) Assert.Equal(contents.Length, WriteAt(file, 0, contents).Count);
        file.Release();
        Assert.Equal(Errno.None, FileTree.ChangeMode(Caller, default, Bytes(path), WalkFlags.FollowLast, Executable));
    }

    private Errno ErrorOf(TestProcess process, string path) =>
        TryRun(process, path, ["p"], [], static (_, _) => Assert.Fail("it can be run"));

    private void Run(string path, string[] arguments, string[] environment, Action<ProgramLoad, ProgramView> look)
    {
        using TestProcess process = new(Context);
        RunIn(process, path, arguments, environment, look);
    }

    private void RunIn(
        TestProcess process, string path, string[] arguments, string[] environment,
        Action<ProgramLoad, ProgramView> look) =>
        Assert.Equal(Errno.None, TryRun(process, path, arguments, environment, look));

    /// <summary>Loads a program, looks at it, and gives it up; checks that all it took is given
    /// back.</summary>
    private Errno TryRun(
        TestProcess process, string path, string[] arguments, string[] environment,
        Action<ProgramLoad, ProgramView> look)
    {
        if (!ProgramFile.TryOpen(
            process.Thread.FileCaller, default, Bytes(path), WalkFlags.FollowLast, out OpenFile? file, out Errno error))
        {
            return error;
        }

        ArgumentStrings strings = ArgumentStrings.Create(8 << 20);
        foreach (string text in arguments) error = Append(strings, text, StringKind.Argument, error);
        foreach (string text in environment) error = Append(strings, text, StringKind.Environment, error);
        ProgramLoad load = new(process.Thread, file, new ProgramName(Bytes(path), vanishes: false), strings);
        if (error == Errno.None) error = load.Build();
        if (error == Errno.None) look(load, new ProgramView(load.Space!, load.StackPointer));
        load.Abandon();
        strings.Release();
        Assert.Equal(_tableFrames, Simulation.CountFrames(FrameKind.PageTable));
        return error;
    }

    private static Errno Append(ArgumentStrings strings, string text, StringKind kind, Errno error) =>
        error != Errno.None ? error : strings.Append(Bytes(text), kind);
}
