namespace Cashew.Tool.Tests;

using System;
using System.Buffers.Binary;
using System.IO;
using Cashew.Tool.Firecracker;
using Cashew.Tool.Machines;
using Cashew.Tool.Support;
using Xunit;

public sealed class FirecrackerTests
{
    // A kernel of a few bytes, with its program headers from offset 64 on: a PT_LOAD, then the PT_NOTE.
    private const int EntryOffset = 24;
    private const int HeaderSizeOffset = 54;
    private const int NoteTypeOffset = 64 + 56;
    private const int LoadTypeOffset = 64;
    private const int NoteAlignmentOffset = NoteTypeOffset + 48;

    private static byte[] Kernel => AcceleratorProbe.ProbeKernel();

    // The expected bytes were made by another program, from the same descriptions of Firecracker.
    [Theory]
    [InlineData("pvh-1cpu-128M")]
    [InlineData("pvh-32cpu-4G-initrd")]
    [InlineData("linux64-2cpu-256M")]
    public void Memory_is_laid_out_byte_for_byte(string name)
    {
        FirecrackerMachine machine = Described(name);
        byte[] expected = File.ReadAllBytes(
            Repository.Find().PathOf("tests", "Tool", "Firecracker", name + ".bin"));
        Assert.Equal(expected, BootState.Make(machine).ForShim(machine.Protocol, entry: 0));
    }

    [Fact]
    public void Before_acpi_there_is_the_multiprocessor_table_only()
    {
        FirecrackerMachine machine = Described("linux64-2cpu-256M") with { HasAcpi = false };
        ReadOnlySpan<byte> state = BootState.Make(machine).ForShim(machine.Protocol, entry: 0);
        Assert.True(state.IndexOf("_MP_"u8) > 0);
        Assert.Equal(-1, state.IndexOf("RSD PTR "u8));
        Assert.Equal(-1, state.IndexOf("DSDT"u8));
    }

    [Fact]
    public void Tables_and_pointers_have_zero_sums()
    {
        byte[] bytes = new ByteBuilder().Text("abcd").Byte(0).Dword(0xFFFF_FFFF).ToArraySumZero(4);
        byte sum = 0;
        foreach (byte value in bytes)
            sum += value;
        Assert.Equal(0, sum);
    }

    [Fact]
    public void A_kernel_with_one_note_is_entered_by_both_protocols()
    {
        KernelImage image = KernelImage.Parse(Kernel);
        Assert.Equal(image.LinuxEntry, image.EntryOf(BootProtocol.Linux64));
        Assert.Equal(image.PvhEntry, image.EntryOf(BootProtocol.Pvh));
        Assert.Equal(image.LinuxEntry, image.PvhEntry);
    }

    [Theory]
    [InlineData(0, 0)]                      // not ELF
    [InlineData(4, 1)]                      // 32 bits
    [InlineData(HeaderSizeOffset, 32)]
    [InlineData(NoteTypeOffset, 0)]         // no note
    [InlineData(LoadTypeOffset, 4)]         // a second one
    [InlineData(NoteAlignmentOffset, 8)]
    public void A_kernel_that_firecracker_or_qemu_refuses_is_refused(int offset, byte value)
    {
        byte[] kernel = Kernel;
        kernel[offset] = value;
        Assert.Throws<Failure>(() => KernelImage.Parse(kernel));
    }

    [Fact]
    public void An_entry_in_the_first_megabyte_is_refused()
    {
        byte[] kernel = Kernel;
        BinaryPrimitives.WriteUInt64LittleEndian(kernel.AsSpan(EntryOffset), 0xF_FFFF);
        Assert.Throws<Failure>(() => KernelImage.Parse(kernel));
    }

    private static FirecrackerMachine Described(string name) => name switch
    {
        "pvh-1cpu-128M" => new FirecrackerMachine
        {
            Protocol = BootProtocol.Pvh,
            MemoryBytes = 128 << 20,
            CommandLine = "console=ttyS0 reboot=k panic=1 pci=off root=/dev/vda rw"
                + " virtio_mmio.device=4K@0xc0001000:5 virtio_mmio.device=4K@0xc0002000:6",
            Devices = [Device(0), Device(1)],
        },
        "pvh-32cpu-4G-initrd" => new FirecrackerMachine
        {
            Protocol = BootProtocol.Pvh,
            MemoryBytes = 4UL << 30,
            Cpus = 32,
            CommandLine = "console=ttyS0 reboot=k pci=off",
            InitramfsBytes = 128 << 20,
        },
        "linux64-2cpu-256M" => new FirecrackerMachine
        {
            Protocol = BootProtocol.Linux64,
            MemoryBytes = 256 << 20,
            Cpus = 2,
            CommandLine = "console=ttyS0 reboot=k panic=1 pci=off virtio_mmio.device=4K@0xc0001000:5",
            Devices = [Device(0)],
            InitramfsBytes = 1 << 20,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static VirtioDevice Device(int number) =>
        new((uint)(0xC000_1000 + (number * 0x1000)), 0x1000, 5 + number);
}
