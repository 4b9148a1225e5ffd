using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>
/// The floating-point and vector state of one user thread. It stays in the processor's registers for as long as no
/// other user thread needs them: the kernel itself uses only the halves that entry code saves.
/// </summary>
/// <source>Intel SDM volume 1, 13 (XSAVE area), 10.5.1 (FXSAVE area).</source>
public sealed unsafe class UserFpu
{
    private const int LegacyBytes = 512;
    private const int HeaderBytes = 64;
    private const int FirstVectorOffset = 160;
    private const int ControlWordOffset = 0;
    private const int MxcsrOffset = 24;
    private const int HeaderMaskOffset = LegacyBytes;
    private const ushort InitialControlWord = 0x37F;
    private const uint InitialMxcsr = 0x1F80;

    // x87, SSE, AVX, AVX-512's three. Not MPX and the protection keys: no program here has use for them.
    private const ulong WantedComponents = 0xE7;
    private const ulong LegacyComponents = 3;

    private static ulong s_components;
    private static int s_sizeBytes = LegacyBytes;
    private static uint s_mxcsrMask = 0xFFBF;

    // Which state the registers of this processor hold. One processor today; with several it moves to CpuBlock.
    private static UserFpu? s_owner;

    private readonly uint _frame;
    private ThreadContext? _context;
    private bool _isUsed;

    private UserFpu(uint frame)
    {
        _frame = frame;
    }

    /// <summary>Bytes of a saved image: FXSAVE's 512, or the XSAVE area of the components in use.</summary>
    public static int SizeBytes => s_sizeBytes;

    /// <summary>The components in use, XCR0; zero when the processor has no XSAVE.</summary>
    public static ulong Components => s_components;

    /// <summary>Bits of MXCSR that may be set.</summary>
    public static uint MxcsrMask => s_mxcsrMask;

    private byte* Area => (byte*)(DirectMap.Base + ((ulong)_frame << FrameTable.FrameShift));

    /// <summary>The state a program starts with.</summary>
    public void Reset()
    {
        using (InterruptGuard.Disable())
        {
            ResetArea();
            if (s_owner == this)
            {
                LoadRegisters();
            }

            // The halves that entry code keeps.
            new Span<byte>(_context!.Frame->Vectors, TrapFrame.SavedVectors * TrapFrame.VectorBytes).Clear();
        }
    }

    /// <summary>The state of another thread (fork, clone).</summary>
    public void CopyFrom(UserFpu other)
    {
        using (InterruptGuard.Disable())
        {
            other.Flush();
            new ReadOnlySpan<byte>(other.Area, s_sizeBytes).CopyTo(new Span<byte>(Area, s_sizeBytes));
            if (s_owner == this)
            {
                s_owner = null;
            }

            for (int slot = 0; slot < TrapFrame.SavedVectors; slot++)
            {
                other.SavedVector(slot).CopyTo(SavedVector(slot));
            }
        }
    }

    /// <summary>Writes the whole state in the layout of XSAVE (or FXSAVE); the span has <see cref="SizeBytes"/>.</summary>
    public void Save(Span<byte> image)
    {
        using (InterruptGuard.Disable())
        {
            Flush();
            new ReadOnlySpan<byte>(Area, s_sizeBytes).CopyTo(image);
        }

        for (int slot = 0; slot < TrapFrame.SavedVectors; slot++)
        {
            SavedVector(slot).CopyTo(image[VectorOffset(slot)..]);
        }

        if (s_components != 0)
        {
            // The kernel's own use may have hidden that the program's SSE state is not the initial one.
            image[HeaderMaskOffset] |= (byte)LegacyComponents;
        }
    }

    /// <summary>
    /// Takes a state that a program wrote. False when the processor would refuse it: reserved bits of MXCSR, unknown
    /// components, a header that is not zero where it must be.
    /// </summary>
    public bool TryLoad(ReadOnlySpan<byte> image)
    {
        if (image.Length < s_sizeBytes || !IsHeaderValid(image)
            || (MemoryMarshal.Read<uint>(image[MxcsrOffset..]) & ~s_mxcsrMask) != 0)
        {
            return false;
        }

        using (InterruptGuard.Disable())
        {
            image[..s_sizeBytes].CopyTo(new Span<byte>(Area, s_sizeBytes));
            if (s_owner == this)
            {
                LoadRegisters();
            }
        }

        // A component that the header calls initial is zero, whatever its bytes say.
        bool hasVectors = s_components == 0 || (image[HeaderMaskOffset] & 2) != 0;
        for (int slot = 0; slot < TrapFrame.SavedVectors; slot++)
        {
            if (hasVectors)
            {
                image.Slice(VectorOffset(slot), TrapFrame.VectorBytes).CopyTo(SavedVector(slot));
            }
            else
            {
                SavedVector(slot).Clear();
            }
        }

        return true;
    }

    internal static void Initialize()
    {
        if (!CpuFeatures.HasXsave)
        {
            return;
        }

        const uint XsaveLeaf = 0xD;
        CpuidRegisters leaf = CpuFeatures.ReadIfPresent(XsaveLeaf, 0);
        ulong components = (leaf.Eax | ((ulong)leaf.Edx << 32)) & WantedComponents;
        Instructions.WriteXcr0(components);
        int sizeBytes = (int)CpuFeatures.ReadIfPresent(XsaveLeaf, 0).Ebx; // for what XCR0 now enables
        if (sizeBytes > FrameTable.FrameSizeBytes)
        {
            components = LegacyComponents;
            Instructions.WriteXcr0(components);
            sizeBytes = LegacyBytes + HeaderBytes;
        }

        s_components = components;
        s_sizeBytes = sizeBytes;
    }

    internal static bool TryCreate([NotNullWhen(true)] out UserFpu? fpu)
    {
        uint frame = FrameAllocator.Allocate(0, FrameKind.KernelStack);
        fpu = frame != 0 ? new UserFpu(frame) : null;
        fpu?.ResetArea();
        return fpu is not null;
    }

    internal void Attach(ThreadContext context) => _context = context;

    internal void Release()
    {
        using (InterruptGuard.Disable())
        {
            if (s_owner == this)
            {
                s_owner = null;
            }
        }

        FrameAllocator.Free(_frame, 0);
    }

    /// <summary>Part of a context switch: nothing is moved while the registers already hold what the next one needs.</summary>
    internal static void Switch(UserFpu from, UserFpu to)
    {
        // A kernel thread never enters user mode; it leaves the registers to whoever they belong to.
        if (s_owner == to || !to._isUsed)
        {
            return;
        }

        s_owner?.SaveRegisters();
        s_owner = to;
        to.LoadRegisters();
    }

    /// <summary>This thread goes to user mode: from now on its state takes part in switches.</summary>
    internal void Use()
    {
        if (_isUsed)
        {
            return;
        }

        using (InterruptGuard.Disable())
        {
            _isUsed = true;
            s_owner?.SaveRegisters();
            s_owner = this;
            LoadRegisters();
        }
    }

    private static int VectorOffset(int slot) =>
        FirstVectorOffset + TrapFrame.VectorNumber(slot) * TrapFrame.VectorBytes;

    private Span<byte> SavedVector(int slot) =>
        new(_context!.Frame->Vectors + slot * TrapFrame.VectorBytes, TrapFrame.VectorBytes);

    private static bool IsHeaderValid(ReadOnlySpan<byte> image)
    {
        if (s_components == 0)
        {
            return true;
        }

        ulong mask = MemoryMarshal.Read<ulong>(image[HeaderMaskOffset..]);
        if ((mask & ~s_components) != 0)
        {
            return false;
        }

        // XCOMP_BV and the reserved bytes: the standard form has zeros.
        foreach (byte value in image.Slice(HeaderMaskOffset + sizeof(ulong), HeaderBytes - sizeof(ulong)))
        {
            if (value != 0)
            {
                return false;
            }
        }

        return true;
    }

    private void ResetArea()
    {
        new Span<byte>(Area, FrameTable.FrameSizeBytes).Clear();
        *(ushort*)(Area + ControlWordOffset) = InitialControlWord;
        *(uint*)(Area + MxcsrOffset) = InitialMxcsr;
        if (s_components != 0)
        {
            *(ulong*)(Area + HeaderMaskOffset) = LegacyComponents;
        }
    }

    private void Flush()
    {
        if (s_owner == this)
        {
            SaveRegisters();
        }
    }

    private void SaveRegisters()
    {
        if (s_components != 0)
        {
            Xsave(Area, s_components);
        }
        else
        {
            Fxsave(Area);
        }
    }

    private void LoadRegisters()
    {
        if (s_components != 0)
        {
            Xrstor(Area, s_components);
        }
        else
        {
            Fxrstor(Area);
        }
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_xsave")]
    private static extern void Xsave(void* area, ulong components);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_xrstor")]
    private static extern void Xrstor(void* area, ulong components);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_fxsave")]
    private static extern void Fxsave(void* area);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "cashew_fxrstor")]
    private static extern void Fxrstor(void* area);
}
