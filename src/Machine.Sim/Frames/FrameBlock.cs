namespace Cashew.Machine;

/// <summary>512 frames in a row. The simulated machine has none: everything there is tested with small
/// pages.</summary>
public readonly struct FrameBlock
{
    public const int FrameCount = 512;
    public const int SizeBytes = FrameCount * Frame.SizeBytes;

    public bool IsNone => true;

    public bool IsUnshared => false;

    public int ReferenceCount => 0;

    public Frame this[int index] => default;

    public static bool TryAllocateZeroed(out FrameBlock block)
    {
        block = default;
        return false;
    }

    public void Retain() => Panic.Stop("there are no blocks in the simulated machine");

    public void Release() => Panic.Stop("there are no blocks in the simulated machine");
}
