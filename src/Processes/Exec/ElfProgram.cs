using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>An ELF file with its checked headers.</summary>
internal sealed class ElfProgram
{
    private ElfProgram(OpenFile file, ElfPlan plan)
    {
        File = file;
        Plan = plan;
    }

    /// <summary>Not held: its opener keeps it.</summary>
    internal OpenFile File { get; }

    internal ElfPlan Plan { get; }

    /// <param name="file">The file.</param>
    /// <param name="head">Its first bytes.</param>
    /// <param name="program">The program.</param>
    /// <param name="error">ENOEXEC, EINVAL: malformed, or without its program headers. ENOMEM.</param>
    internal static bool TryRead(
        OpenFile file, ReadOnlySpan<byte> head, [NotNullWhen(true)] out ElfProgram? program, out Errno error)
    {
        program = null;
        if (!ElfFileHeader.TryParse(head, out ElfFileHeader header, out error)) return false;

        // Once for the table, once for what is made of it.
        error = Errno.ENOMEM;
        if (!LargeArray.TryReserve(2 * header.TableBytes)) return false;
        ElfProgramHeader[] table = new ElfProgramHeader[header.TableCount];
        error = ProgramFile.ReadExactly(file, (long)header.TableOffset, MemoryMarshal.AsBytes(table.AsSpan()));
        if (error != Errno.None)
        {
            error = Errno.ENOEXEC;
            return false;
        }

        if (!ElfPlan.TryCreate(header, table, out ElfPlan? plan, out error)) return false;
        program = new ElfProgram(file, plan);
        return true;
    }

    /// <summary>Opens the interpreter that the program names, the dynamic loader. The file is the caller's.
    /// </summary>
    /// <errors>
    /// ENOEXEC: its name does not end. EIO: the file ends before its name does, or it before its header.
    /// ELIBBAD: it is no ELF file. And those of opening a program.
    /// </errors>
    internal bool TryOpenInterpreter(
        in FileCaller caller, [NotNullWhen(true)] out ElfProgram? interpreter, out Errno error)
    {
        interpreter = null;
        byte[] name = new byte[Plan.InterpreterBytes];
        error = ProgramFile.ReadExactly(File, Plan.InterpreterOffset, name);
        if (error == Errno.None && name[^1] != 0) error = Errno.ENOEXEC;
        if (error != Errno.None) return false;

        ReadOnlySpan<byte> path = name.AsSpan(0, name.AsSpan().IndexOf((byte)0));
        if (!ProgramFile.TryOpen(caller, default, path, WalkFlags.FollowLast, out OpenFile? file, out error))
            return false;

        Span<byte> head = stackalloc byte[ElfFileHeader.SizeBytes];
        error = ProgramFile.ReadExactly(file, 0, head);
        if (error == Errno.None && TryRead(file, head, out interpreter, out error)) return true;
        if (error == Errno.ENOEXEC) error = Errno.ELIBBAD;
        file.Release();
        return false;
    }
}
