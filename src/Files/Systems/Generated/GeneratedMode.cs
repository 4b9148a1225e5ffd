namespace Cashew.Files.Systems;

/// <summary>Permission bits of generated files; beside each what it is in octal.</summary>
public static class GeneratedMode
{
    public const uint ReadOnly = 0x124; // 0444
    public const uint OwnerWrites = 0x1A4; // 0644
    public const uint EverybodyWrites = 0x1B6; // 0666
    public const uint OwnerOnly = 0x180; // 0600
    public const uint OwnerReads = 0x100; // 0400
    public const uint OwnerStores = 0x80; // 0200
    public const uint Directory = 0x16D; // 0555
    public const uint NamespaceDirectory = 0x149; // 0511
    public const uint OwnerDirectory = 0x140; // 0500
    public const uint Link = 0x1FF; // 0777
}
