using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Cashew.Machine;

/// <summary>
/// The floating-point and vector state of one user thread. It stays in the processor's registers for as long
/// as no other user thread needs them: the kernel itself uses only the halves that entry code saves.
/// </summary>
/// <source>Intel SDM volume 1, 13 (XSAVE area), 10.5.1 (FXSAVE area).</source>
public sealed unsafe class UserFpu
{
    private const int LegacyBytes = 512;
    private const int HeaderBytes = 64;
    private const int FirstVectorOffset = 160;
    private const int ControlWordOffset = 0;
    private const int SoftwareOffset = 464; // of FXSAVE's last 48 bytes, which the processor leaves alone
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

    // Which state the registers of this processor hold. One processor today; with several it moves to
    // CpuBlock.
    private static UserFpu? s_owner;

    private readonly uint _frame;
    private byte* _area;
    private byte* _spare;
    private ThreadContext? _context;
    private bool _isUsed;

    private UserFpu(uint frame)
    {
        _frame = frame;
        _area = (byte*)(DirectMap.Base + ((ulong)frame << FrameTable.FrameShift));
        _spare = _area + AreaStride;
    }

    /// <summary>From one area to the other: half a frame where that is enough.</summary>
    private static int AreaStride =>
        s_sizeBytes <= FrameTable.FrameSizeBytes / 2 ? FrameTable.FrameSizeBytes / 2 : FrameTable.FrameSizeBytes;

    private static int FrameOrder => s_sizeBytes <= FrameTable.FrameSizeBytes / 2 ? 0 : 1;

    /// <summary>Bytes of a saved image: FXSAVE's 512, or the XSAVE area of the components in use.</summary>
    public static int SizeBytes => s_sizeBytes;

    /// <summary>The components in use, XCR0; zero when the processor has no XSAVE.</summary>
    public static ulong Components => s_components;

    /// <summary>Bits of MXCSR that may be set.</summary>
    public static uint MxcsrMask => s_mxcsrMask;

    // Two areas in the frames: the state, and room for one on its way in.
    private byte* Area => _area;

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

    /// <summary>Writes the whole state in the layout of XSAVE (or FXSAVE); the span has
    /// <see cref="SizeBytes"/>.</summary>
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
    /// Takes a state that a program wrote. False when the processor would refuse it: reserved bits of MXCSR,
    /// unknown components, a header that is not zero where it must be.
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

    /// <summary>
    /// Puts the state into the program's memory, and starts the program's next part with the initial one:
    /// what the handler of a signal needs. False when the memory is bad, and nothing has changed then.
    /// </summary>
    /// <remarks>Of components that are in their initial state, beyond those of FXSAVE, only the header
    /// tells.</remarks>
    /// <param name="software">For the 48 bytes that the processor leaves to software.</param>
    public bool TryCopyOutAndReset(UserAddress at, ReadOnlySpan<byte> software)
    {
        using (InterruptGuard.Disable())
        {
            Flush();
            // The copy may sleep, and no switch meanwhile may save the registers over what is copied.
            if (s_owner == this)
            {
                s_owner = null;
            }
        }

        // SAFETY: the area has at least FXSAVE's 512 bytes, and the frame all saved vectors.
        byte* area = _area;
        CopyVectors(_context!.Frame->Vectors, area);
        if (s_components != 0)
        {
            *(ulong*)(area + HeaderMaskOffset) |= LegacyComponents;
        }

        software[..(LegacyBytes - SoftwareOffset)].CopyTo(new Span<byte>(area + SoftwareOffset, LegacyBytes - SoftwareOffset));
        int lengthBytes = UsedBytes(area);
        bool isCopied = UserMemory.CopyOut(at, new ReadOnlySpan<byte>(area, lengthBytes)) == lengthBytes;
        using (InterruptGuard.Disable())
        {
            if (isCopied)
            {
                ResetForLoad();
            }

            if (s_owner != this)
            {
                s_owner?.SaveRegisters();
                s_owner = this;
            }

            LoadRegisters();
        }

        if (isCopied)
        {
            ClearVectors((ulong*)_context!.Frame->Vectors);
        }

        return isCopied;
    }

    /// <summary>Takes a state from the program's memory. False when that is bad, or the state is, as for
    /// <see cref="TryLoad"/>; nothing has changed then.</summary>
    /// <param name="isWhole">False: only what FXSAVE writes; the rest becomes initial.</param>
    public bool TryCopyIn(UserAddress at, bool isWhole)
    {
        // Not into the area itself: a switch while the copy sleeps would load what nobody has looked at.
        byte* spare = _spare;
        int firstBytes = isWhole && s_components != 0 ? LegacyBytes + HeaderBytes : LegacyBytes;
        if (UserMemory.CopyIn(new Span<byte>(spare, firstBytes), at) != firstBytes)
        {
            return false;
        }

        if (s_components != 0 && !isWhole)
        {
            new Span<byte>(spare + LegacyBytes, HeaderBytes).Clear();
            *(ulong*)(spare + HeaderMaskOffset) = LegacyComponents;
        }

        if (!IsHeaderValid((ulong*)(spare + HeaderMaskOffset))
            || (*(uint*)(spare + MxcsrOffset) & ~s_mxcsrMask) != 0)
        {
            return false;
        }

        int restBytes = UsedBytes(spare) - firstBytes;
        if (restBytes > 0
            && UserMemory.CopyIn(new Span<byte>(spare + firstBytes, restBytes), at + (ulong)firstBytes) != restBytes)
        {
            return false;
        }

        using (InterruptGuard.Disable())
        {
            _spare = _area;
            _area = spare;
            if (s_owner == this)
            {
                LoadRegisters();
            }
        }

        const ulong SseComponent = 2;
        if (s_components == 0 || (*(ulong*)(spare + HeaderMaskOffset) & SseComponent) != 0)
        {
            CopyVectorsBack(spare, _context!.Frame->Vectors);
        }
        else
        {
            new Span<byte>(_context!.Frame->Vectors, TrapFrame.SavedVectors * TrapFrame.VectorBytes).Clear();
        }

        return true;
    }

    /// <summary>How much of an area means something: not what the header calls initial.</summary>
    private static int UsedBytes(byte* area)
    {
        if (s_components == 0 || (*(ulong*)(area + HeaderMaskOffset) & ~LegacyComponents) != 0)
        {
            return s_sizeBytes;
        }

        return LegacyBytes + HeaderBytes;
    }

    private static void CopyVectors(byte* saved, byte* area)
    {
        // The first of the saved halves are neighbors in the area, too. Spelled out: a call that copies so
        // little would take three times as many instructions.
        byte* first = area + FirstVectorOffset;
        CopyVector(saved, first);
        CopyVector(saved + 16, first + 16);
        CopyVector(saved + 32, first + 32);
        CopyVector(saved + 48, first + 48);
        CopyVector(saved + 64, first + 64);
        CopyVector(saved + 80, first + 80);
        CopyVector(saved + 96, first + 96);
        CopyVector(saved + 112, area + VectorOffset(TrapFrame.SavedVectors - 1));
    }

    private static void CopyVectorsBack(byte* area, byte* saved)
    {
        byte* first = area + FirstVectorOffset;
        CopyVector(first, saved);
        CopyVector(first + 16, saved + 16);
        CopyVector(first + 32, saved + 32);
        CopyVector(first + 48, saved + 48);
        CopyVector(first + 64, saved + 64);
        CopyVector(first + 80, saved + 80);
        CopyVector(first + 96, saved + 96);
        CopyVector(area + VectorOffset(TrapFrame.SavedVectors - 1), saved + 112);
    }

    private static void ClearVectors(ulong* saved)
    {
        for (int i = 0; i < TrapFrame.SavedVectors; i++)
        {
            saved[0] = 0;
            saved[1] = 0;
            saved += 2;
        }
    }

    private static void CopyVector(byte* from, byte* to)
    {
        ((ulong*)to)[0] = ((ulong*)from)[0];
        ((ulong*)to)[1] = ((ulong*)from)[1];
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
        uint frame = FrameAllocator.Allocate(FrameOrder, FrameKind.KernelStack);
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

        FrameAllocator.Free(_frame, FrameOrder);
    }

    /// <summary>Part of a context switch: nothing is moved while the registers already hold what the next one
    /// needs.</summary>
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
        // SAFETY: the caller has checked that the image has a header.
        fixed (byte* header = image.Slice(HeaderMaskOffset, s_components == 0 ? 0 : HeaderBytes))
        {
            return IsHeaderValid((ulong*)header);
        }
    }

    private static bool IsHeaderValid(ulong* header)
    {
        if (s_components == 0)
        {
            return true;
        }

        // XCOMP_BV and the reserved bytes: the standard form has zeros.
        ulong reserved = header[1] | header[2] | header[3] | header[4] | header[5] | header[6] | header[7];
        return (header[0] & ~s_components) == 0 && reserved == 0;
    }

    /// <summary>Enough for the registers that are loaded next to be initial; what is in the area is
    /// not.</summary>
    private void ResetForLoad()
    {
        if (s_components == 0)
        {
            ResetArea();
            return;
        }

        *(ushort*)(Area + ControlWordOffset) = InitialControlWord;
        *(uint*)(Area + MxcsrOffset) = InitialMxcsr;
        *(ulong*)(Area + HeaderMaskOffset) = 0; // no component is as the area says
    }

    private void ResetArea()
    {
        new Span<byte>(Area, s_sizeBytes).Clear();
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
