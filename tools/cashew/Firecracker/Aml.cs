namespace Cashew.Tool.Firecracker;

using System;
using System.Linq;

/// <summary>The few words of ACPI's machine language that describe devices.</summary>
/// <source>ACPI 6.5: chapter 20 (AML), 6.4 (resource descriptors), 19.3.4 (EISA identifiers).</source>
internal static class Aml
{
    internal static byte[] Name(string name, byte[] value) => [0x08, .. Path(name), .. value];

    internal static byte[] Device(string name, params byte[][] content) =>
        [0x5B, 0x82, .. Package([.. Path(name), .. content.SelectMany(part => part)])];

    internal static byte[] Method(string name, int arguments, bool isSerialized, params byte[][] body)
    {
        byte flags = (byte)(arguments | (isSerialized ? 0x08 : 0));
        return [0x14, .. Package([.. Path(name), flags, .. body.SelectMany(part => part)])];
    }

    internal static byte[] Return(byte[] value) => [0xA4, .. value];

    /// <summary>When the first argument is a number, notifies a device.</summary>
    internal static byte[] NotifyIf(byte number, string device, byte event_)
    {
        byte[] condition = [0x93, 0x68, .. Byte(number)]; // LEqual (Arg0, number)
        byte[] notify = [0x86, .. Path(device), .. Byte(event_)];
        return [0xA0, .. Package([.. condition, .. notify])];
    }

    internal static byte[] One => [0x01];

    internal static byte[] Byte(byte value) => [0x0A, value];

    internal static byte[] Word(int value) => [0x0B, .. new ByteBuilder().Word(value).ToArray()];

    internal static byte[] Dword(uint value) => [0x0C, .. new ByteBuilder().Dword(value).ToArray()];

    internal static byte[] Text(string text) => [0x0D, .. new ByteBuilder().Text(text).Byte(0).ToArray()];

    internal static byte[] List(params byte[][] elements) =>
        [0x12, .. Package([(byte)elements.Length, .. elements.SelectMany(element => element)])];

    /// <summary>Three letters of five bits each and four hexadecimal digits, the high byte first.</summary>
    internal static byte[] EisaId(string id)
    {
        int letters = ((id[0] - '@') << 10) | ((id[1] - '@') << 5) | (id[2] - '@');
        int number = Convert.ToInt32(id[3..], 16);
        return [0x0C, (byte)(letters >> 8), (byte)letters, (byte)(number >> 8), (byte)number];
    }

    internal static byte[] Resources(params byte[][] descriptors)
    {
        byte[] content = [.. descriptors.SelectMany(descriptor => descriptor), 0x79, 0x00];
        byte[] length = content.Length <= byte.MaxValue ? Byte((byte)content.Length) : Word(content.Length);
        return [0x11, .. Package([.. length, .. content])];
    }

    /// <summary>Edge-triggered, active high, of this device alone.</summary>
    internal static byte[] Interrupt(int gsi) =>
        new ByteBuilder().Byte(0x89).Word(6).Byte(3).Byte(1).Dword((uint)gsi).ToArray();

    internal static byte[] Memory32(uint address, uint lengthBytes) =>
        new ByteBuilder().Byte(0x86).Word(9).Byte(1).Dword(address).Dword(lengthBytes).ToArray();

    /// <summary>A fixed range, cacheable and read-only.</summary>
    internal static byte[] Memory64(ulong address, ulong lengthBytes) => new ByteBuilder()
        .Byte(0x8A).Word(43).Byte(0).Byte(0x0C).Byte(0x02)
        .Qword(0).Qword(address).Qword(address + lengthBytes - 1).Qword(0).Qword(lengthBytes).ToArray();

    internal static byte[] Ports(int first, int count) => new ByteBuilder()
        .Byte(0x47).Byte(1).Word(first).Word(first).Byte(1).Byte(count).ToArray();

    /// <summary>Names of four letters with dots between them: none, or one.</summary>
    private static byte[] Path(string path)
    {
        bool isRooted = path.StartsWith('\\');
        string[] names = path.TrimStart('\\').Split('.');
        return
        [
            .. isRooted ? "\\"u8.ToArray() : [],
            .. names.Length == 2 ? [0x2E] : Array.Empty<byte>(),
            .. names.SelectMany(name => name.Select(letter => (byte)letter)),
        ];
    }

    /// <summary>Prefixes a length that counts itself: 6 bits in a byte, or 4 and whole bytes.</summary>
    private static byte[] Package(byte[] content)
    {
        const int ShortLimit = 64;
        if (content.Length + 1 < ShortLimit)
            return [(byte)(content.Length + 1), .. content];
        int extra = content.Length + 2 < 1 << 12 ? 1 : 2;
        int length = content.Length + 1 + extra;
        byte[] prefix = [(byte)((extra << 6) | (length & 0xF)), (byte)(length >> 4), (byte)(length >> 12)];
        return [.. prefix[..(1 + extra)], .. content];
    }
}
