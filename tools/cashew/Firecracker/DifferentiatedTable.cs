namespace Cashew.Tool.Firecracker;

using System.Collections.Generic;

/// <summary>The DSDT: which devices there are. Virtio devices stand at the root, not below \_SB.</summary>
internal static class DifferentiatedTable
{
    internal const ulong GenerationIdAddress = 0xD_FFF0;
    internal const ulong ClockPageAddress = 0xD_E000;
    internal const ulong ClockPageBytes = 0x1000;

    // Interrupts are handed out from here on, in the order of attachment.
    private const int FirstGsi = 5;
    private const int KeyboardGsi = 1;
    private const int SerialGsi = 4;
    private const byte Notification = 0x80;
    private const byte PresentAndWorking = 0x0F;

    internal static byte[] Make(IReadOnlyList<VirtioDevice> devices)
    {
        int generationGsi = FirstGsi + devices.Count;
        int clockGsi = generationGsi + 1;
        ByteBuilder content = new();
        foreach (VirtioDevice device in devices)
            content.Append(Virtio(device));
        content.Append(GenerationId());
        content.Append(ClockPage());
        content.Append(EventDevice((byte)generationGsi, (byte)clockGsi));
        content.Append(SerialPort());
        content.Append(KeyboardController());
        return content.ToArray();
    }

    private static byte[] Virtio(VirtioDevice device)
    {
        int number = device.Gsi - FirstGsi;
        return Aml.Device(
            $"V{number:D3}",
            Aml.Name("_HID", Aml.Text("LNRO0005")),
            Aml.Name("_UID", Aml.Dword((uint)number)),
            Aml.Name("_CCA", Aml.One),
            Aml.Name("_CRS", Aml.Resources(
                Aml.Memory32(device.Address, device.LengthBytes), Aml.Interrupt(device.Gsi))));
    }

    // Its identifier was FCVMGID before version 1.16.
    private static byte[] GenerationId() => Aml.Device(
        "_SB_.VGEN",
        Aml.Name("_HID", Aml.Text("VMGENCTR")),
        Aml.Name("_CID", Aml.Text("VM_Gen_Counter")),
        Aml.Name("_DDN", Aml.Text("VM_Gen_Counter")),
        Aml.Name("ADDR", Aml.List(Aml.Dword((uint)GenerationIdAddress), Aml.Dword(0))));

    private static byte[] ClockPage() => Aml.Device(
        "_SB_.VCLK",
        Aml.Name("_HID", Aml.Text("AMZNC10C")),
        Aml.Name("_CID", Aml.Text("VMCLOCK")),
        Aml.Name("_DDN", Aml.Text("VMCLOCK")),
        Aml.Method("_STA", 0, isSerialized: false, Aml.Return(Aml.Byte(PresentAndWorking))),
        Aml.Name("_CRS", Aml.Resources(Aml.Memory64(ClockPageAddress, ClockPageBytes))));

    private static byte[] EventDevice(byte generationGsi, byte clockGsi) => Aml.Device(
        "_SB_.GED_",
        Aml.Name("_HID", Aml.Text("ACPI0013")),
        Aml.Name("_CRS", Aml.Resources(Aml.Interrupt(generationGsi), Aml.Interrupt(clockGsi))),
        Aml.Method(
            "_EVT",
            1,
            isSerialized: true,
            Aml.NotifyIf(generationGsi, @"\_SB_.VGEN", Notification),
            Aml.NotifyIf(clockGsi, @"\_SB_.VCLK", Notification)));

    private static byte[] SerialPort() => Aml.Device(
        "_SB_.COM1",
        Aml.Name("_HID", Aml.EisaId("PNP0501")),
        Aml.Name("_UID", Aml.Byte(0)),
        Aml.Name("_DDN", Aml.Text("COM1")),
        Aml.Name("_CRS", Aml.Resources(Aml.Interrupt(SerialGsi), Aml.Ports(0x3F8, 8))));

    private static byte[] KeyboardController() => Aml.Device(
        "_SB_.PS2_",
        Aml.Name("_HID", Aml.EisaId("PNP0303")),
        Aml.Method("_STA", 0, isSerialized: false, Aml.Return(Aml.Byte(PresentAndWorking))),
        Aml.Name("_CRS", Aml.Resources(
            Aml.Ports(0x60, 1), Aml.Ports(0x64, 1), Aml.Interrupt(KeyboardGsi))));
}
