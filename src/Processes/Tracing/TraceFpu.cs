using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>The floating-point and vector registers of a stopped thread, as debuggers take them: the image of
/// FXSAVE, or the whole of XSAVE with the mask of what is in it where the processor leaves room for
/// software.</summary>
/// <source>ptrace(2), PTRACE_GETREGSET with NT_PRFPREG and NT_X86_XSTATE; Intel SDM volume 1, 13.4.</source>
public static class TraceFpu
{
    public const int LegacyBytes = FpuFrame.LegacyBytes;

    private const int ComponentsOffset = 464;
    private const int MxcsrOffset = 24;
    private const byte LegacyComponents = 3;

    public static bool HasExtended => UserFpu.SizeBytes > LegacyBytes;

    public static byte[] GetLegacy(UserThread thread)
    {
        byte[] image = new byte[UserFpu.SizeBytes];
        thread.Context.Fpu.Save(image);
        image.AsSpan(ComponentsOffset, LegacyBytes - ComponentsOffset).Clear();
        return image;
    }

    /// <errors>EINVAL: reserved bits of MXCSR.</errors>
    public static Errno SetLegacy(UserThread thread, ReadOnlySpan<byte> legacy)
    {
        uint mxcsr = BinaryPrimitives.ReadUInt32LittleEndian(legacy[MxcsrOffset..]);
        if ((mxcsr & ~UserFpu.MxcsrMask) != 0) return Errno.EINVAL;
        byte[] image = new byte[UserFpu.SizeBytes];
        thread.Context.Fpu.Save(image);
        legacy[..LegacyBytes].CopyTo(image);
        if (HasExtended) image[LegacyBytes] |= LegacyComponents;
        return thread.Context.Fpu.TryLoad(image) ? Errno.None : Errno.EINVAL;
    }

    public static byte[] GetExtended(UserThread thread)
    {
        byte[] image = GetLegacy(thread);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(ComponentsOffset), UserFpu.Components);
        return image;
    }

    /// <errors>EFAULT: not all of it. EINVAL: a state the processor would not take.</errors>
    public static Errno SetExtended(UserThread thread, byte[] image)
    {
        if (image.Length != UserFpu.SizeBytes) return Errno.EFAULT;
        return thread.Context.Fpu.TryLoad(image) ? Errno.None : Errno.EINVAL;
    }
}
