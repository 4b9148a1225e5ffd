using System;
using System.Runtime.InteropServices;
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
    private const ulong LegacyAlignment = 16;
    private const ulong WholeAlignment = 64;
    private const int MarkBytes = 4;

    /// <summary>struct _fpx_sw_bytes, in the last 48 bytes of the legacy area.</summary>
    private const ulong DescriptionOffset = 464;

    private readonly int _imageBytes;

    internal FpuFrame(int imageBytes) => _imageBytes = imageBytes;

    private bool IsExtended => _imageBytes > LegacyBytes;

    /// <summary>Bytes on the user's stack: the image and the mark.</summary>
    internal int UserBytes => IsExtended ? _imageBytes + MarkBytes : _imageBytes;

    /// <summary>Leaves the state on the user's stack, and the initial one in the registers. False when there
    /// is no room.</summary>
    internal bool TrySaveAndReset(UserFpu fpu, UserAddress at)
    {
        FpxSwBytes description = default;
        if (!IsExtended) return fpu.TryCopyOutAndReset(at, Bytes(in description));
        description.magic1 = FpFrameMagic.FP_XSTATE_MAGIC1;
        description.extended_size = (uint)UserBytes;
        description.xfeatures = UserFpu.Components;
        description.xstate_size = (uint)_imageBytes;
        // The mark first: once the registers are reset there is no way back.
        return UserMemory.TryWrite(at + (ulong)_imageBytes, FpFrameMagic.FP_XSTATE_MAGIC2)
            && fpu.TryCopyOutAndReset(at, Bytes(in description));
    }

    private static ReadOnlySpan<byte> Bytes(in FpxSwBytes description) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<FpxSwBytes>(in description));

    /// <summary>Loads what a program left at an address. False when it is not readable or not a valid state.
    /// </summary>
    internal bool TryRestore(UserFpu fpu, UserAddress at)
    {
        if (!IsExtended) return fpu.TryCopyIn(at, isWhole: true);
        if (!UserMemory.TryRead(at + DescriptionOffset, out FpxSwBytes description)) return false;
        // Written by something that knows only FXSAVE, the rest returns to its initial state.
        bool isWhole = IsWhole(in description, at);
        // The instruction that loads it would fault otherwise.
        ulong alignment = isWhole ? WholeAlignment : LegacyAlignment;
        return at.Value % alignment == 0 && fpu.TryCopyIn(at, isWhole);
    }

    private bool IsWhole(in FpxSwBytes description, UserAddress at)
    {
        if (description.magic1 != FpFrameMagic.FP_XSTATE_MAGIC1) return false;
        if (description.xstate_size < LegacyBytes + HeaderBytes || description.xstate_size != (uint)_imageBytes
            || description.xstate_size > description.extended_size) return false;
        return UserMemory.TryRead(at + (ulong)_imageBytes, out uint mark) && mark == FpFrameMagic.FP_XSTATE_MAGIC2;
    }
}
