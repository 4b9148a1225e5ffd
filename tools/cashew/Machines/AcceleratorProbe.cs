namespace Cashew.Tool.Machines;

using System;
using System.Buffers.Binary;
using System.IO;
using Cashew.Tool.Support;

/// <summary>
/// Finds out whether hardware virtualization works. The device being there says little (it may refuse us, or
/// start guests that never run), so a guest of a few bytes is run, once a boot of the host.
/// </summary>
internal sealed class AcceleratorProbe
{
    private const string Device = "/dev/kvm";
    private const int ProbeLimitSeconds = 3;
    private const byte ProbeValue = 0x10;

    private readonly Repository _repository;

    internal AcceleratorProbe(Repository repository) => _repository = repository;

    internal AcceleratorChoice Resolve(AcceleratorChoice wanted)
    {
        if (wanted != AcceleratorChoice.Auto)
            return wanted;
        return File.Exists(Device) && IsKvmUsable() ? AcceleratorChoice.Kvm : AcceleratorChoice.Tcg;
    }

    private bool IsKvmUsable()
    {
        string remembered = _repository.ArtifactOf("kvm-works");
        string boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        string key = $"{boot} {Environment.UserName} ";
        if (File.Exists(remembered))
        {
            string answer = File.ReadAllText(remembered);
            if (answer.StartsWith(key, StringComparison.Ordinal))
                return answer == key + true;
        }

        bool works = RunProbe();
        Directory.CreateDirectory(_repository.Artifacts);
        File.WriteAllText(remembered, key + works);
        return works;
    }

    private static bool RunProbe()
    {
        using ScratchFolder scratch = new();
        string kernel = scratch.PathOf("probe.elf");
        File.WriteAllBytes(kernel, ProbeKernel());
        string[] arguments =
        [
            ProbeLimitSeconds.ToString(), QemuCommand.Program,
            .. QemuCommand.Accelerator(AcceleratorChoice.Kvm),
            "-machine", "microvm", "-m", "32M", "-nodefaults", "-no-reboot", "-display", "none",
            "-device", $"isa-debug-exit,iobase=0x{QemuCommand.DebugExitPort:x},iosize=4",
            "-kernel", kernel,
        ];
        return External.Run("timeout", arguments).ExitCode == ((ProbeValue << 1) | 1);
    }

    /// <summary>An ELF64 with a PVH note whose code writes one byte to the debug-exit port.</summary>
    /// <source>System V ABI, chapters 4 and 5; the PVH boot ABI's XEN_ELFNOTE_PHYS32_ENTRY (18).</source>
    internal static byte[] ProbeKernel()
    {
        const uint LoadAddress = 0x100000;
        const int HeadersBytes = 64 + (2 * 56);
        const int NoteBytes = 20;
        const int CodeStart = HeadersBytes + NoteBytes;
        // mov $0x501, %dx; mov $value, %al; out %al, (%dx); hlt; jmp to hlt
        byte[] code =
        [
            0x66, 0xBA, QemuCommand.DebugExitPort & 0xFF, QemuCommand.DebugExitPort >> 8,
            0xB0, ProbeValue, 0xEE, 0xF4, 0xEB, 0xFD,
        ];
        uint entry = LoadAddress + CodeStart;

        byte[] image = new byte[CodeStart + code.Length];
        Span<byte> header = image;
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[16..], 2);     // ET_EXEC
        BinaryPrimitives.WriteUInt16LittleEndian(header[18..], 62);    // EM_X86_64
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], entry);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], 64);    // program headers
        BinaryPrimitives.WriteUInt16LittleEndian(header[52..], 64);
        BinaryPrimitives.WriteUInt16LittleEndian(header[54..], 56);
        BinaryPrimitives.WriteUInt16LittleEndian(header[56..], 2);
        WriteSegment(header[64..], type: 1, flags: 5, 0, LoadAddress, image.Length);               // PT_LOAD
        WriteSegment(header[120..], type: 4, flags: 4, HeadersBytes, LoadAddress + HeadersBytes, NoteBytes);

        Span<byte> note = header[HeadersBytes..];
        BinaryPrimitives.WriteUInt32LittleEndian(note, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(note[4..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(note[8..], 18);
        "Xen\0"u8.CopyTo(note[12..]);
        BinaryPrimitives.WriteUInt32LittleEndian(note[16..], entry);
        code.CopyTo(header[CodeStart..]);
        return image;
    }

    private static void WriteSegment(
        Span<byte> header, uint type, uint flags, int offset, uint address, int lengthBytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, type);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], flags);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], (ulong)offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], address);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], address);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], (ulong)lengthBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(header[40..], (ulong)lengthBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(header[48..], 4);
    }
}
