using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>
/// The floating-point state in a signal frame: the image that XSAVE or FXSAVE makes, with a description of
/// itself in the bytes that the processor leaves to software, and a mark behind its end.
/// </summary>
/// <source>asm/sigcontext.h, struct _fpx_sw_bytes and the comment above it.</source>
internal readonly struct FpuFrame
{
    /// <summary>What FXSAVE writes.</summary>
    internal const int LegacyBytes = 512;

    private const int HeaderBytes = 64;
    private const int MarkBytes = 4;

    // struct _fpx_sw_bytes, in the last 48 bytes of the legacy area.
    private const int DescriptionOffset = 464;
    private const int ExtendedSizeOffset = DescriptionOffset + 4;
    private const int FeaturesOffset = DescriptionOffset + 8;
    private const int StateSizeOffset = DescriptionOffset + 16;

    private const ulong LegacyFeatures = 3;

    private readonly int _imageBytes;

    internal FpuFrame(int imageBytes) => _imageBytes = imageBytes;

    private bool IsExtended => _imageBytes > LegacyBytes;

    /// <summary>Bytes on the user's stack: the image and the mark.</summary>
    internal int UserBytes => IsExtended ? _imageBytes + MarkBytes : _imageBytes;

    internal void Save(UserFpu fpu, Span<byte> frame)
    {
        Span<byte> image = frame[.._imageBytes];
        fpu.Save(image);
        if (!IsExtended) return;

        image[DescriptionOffset..LegacyBytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(image[DescriptionOffset..], FpFrameMagic.FP_XSTATE_MAGIC1);
        BinaryPrimitives.WriteInt32LittleEndian(image[ExtendedSizeOffset..], UserBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(image[FeaturesOffset..], UserFpu.Components);
        BinaryPrimitives.WriteInt32LittleEndian(image[StateSizeOffset..], _imageBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[_imageBytes..], FpFrameMagic.FP_XSTATE_MAGIC2);
    }

    /// <summary>Loads what a program left at an address. False when it is not readable or not a valid state.
    /// </summary>
    internal bool TryRestore(UserFpu fpu, UserAddress at, Span<byte> buffer)
    {
        Span<byte> image = buffer[.._imageBytes];
        if (UserMemory.CopyIn(image[..LegacyBytes], at) != LegacyBytes) return false;
        if (!IsExtended) return fpu.TryLoad(image);

        if (IsDescribed(image, at))
        {
            int rest = _imageBytes - LegacyBytes;
            if (UserMemory.CopyIn(image[LegacyBytes..], at + LegacyBytes) != rest) return false;
        }
        else
        {
            // Written by something that knows only FXSAVE: the rest returns to its initial state.
            image[LegacyBytes..].Clear();
            BinaryPrimitives.WriteUInt64LittleEndian(image[LegacyBytes..], LegacyFeatures);
        }

        return fpu.TryLoad(image);
    }

    private bool IsDescribed(ReadOnlySpan<byte> image, UserAddress at)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(image[DescriptionOffset..]) != FpFrameMagic.FP_XSTATE_MAGIC1)
            return false;
        int extendedBytes = BinaryPrimitives.ReadInt32LittleEndian(image[ExtendedSizeOffset..]);
        int stateBytes = BinaryPrimitives.ReadInt32LittleEndian(image[StateSizeOffset..]);
        if (stateBytes < LegacyBytes + HeaderBytes || stateBytes != _imageBytes || stateBytes > extendedBytes)
            return false;
        return UserMemory.TryRead(at + (ulong)stateBytes, out uint mark) && mark == FpFrameMagic.FP_XSTATE_MAGIC2;
    }
}
