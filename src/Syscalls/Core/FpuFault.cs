using System;
using System.Buffers.Binary;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>Finds out which floating-point exception it was.</summary>
/// <source>Intel SDM volume 1, 8.1.3 "x87 FPU Status Register" and 10.2.3 "MXCSR"; sigaction(2),
/// FPE_*.</source>
internal static class FpuFault
{
    private const int ControlWordOffset = 0;
    private const int StatusWordOffset = 2;
    private const int MxcsrOffset = 24;
    private const int MxcsrMaskShift = 7;

    private const int Invalid = 1;
    private const int Denormal = 2;
    private const int DivideByZero = 4;
    private const int Overflow = 8;
    private const int Underflow = 16;
    private const int Precision = 32;

    internal static int Code(UserThread thread, ExceptionVector vector)
    {
        byte[] image = new byte[UserFpu.SizeBytes];
        thread.Context.Fpu.Save(image);
        int raised = vector == ExceptionVector.FloatingPoint ? FromX87(image) : FromSse(image);
        if ((raised & Invalid) != 0) return SigInfoCode.FPE_FLTINV;
        if ((raised & DivideByZero) != 0) return SigInfoCode.FPE_FLTDIV;
        if ((raised & Overflow) != 0) return SigInfoCode.FPE_FLTOVF;
        if ((raised & (Denormal | Underflow)) != 0) return SigInfoCode.FPE_FLTUND;
        return (raised & Precision) != 0 ? SigInfoCode.FPE_FLTRES : SigInfoCode.FPE_FLTUNK;
    }

    /// <summary>What happened and is not masked.</summary>
    private static int FromX87(ReadOnlySpan<byte> image)
    {
        int control = BinaryPrimitives.ReadUInt16LittleEndian(image[ControlWordOffset..]);
        int status = BinaryPrimitives.ReadUInt16LittleEndian(image[StatusWordOffset..]);
        return status & ~control;
    }

    private static int FromSse(ReadOnlySpan<byte> image)
    {
        int mxcsr = BinaryPrimitives.ReadInt32LittleEndian(image[MxcsrOffset..]);
        return mxcsr & ~(mxcsr >> MxcsrMaskShift);
    }
}
