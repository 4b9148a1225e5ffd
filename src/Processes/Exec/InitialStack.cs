using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Memory;

namespace Cashew.Processes;

/// <summary>
/// The first things on a new program's stack. From the top: a word of zeros, the file name, the environment
/// and argument strings, a random gap, the platform's name, sixteen random bytes; then, aligned to 16, the
/// auxiliary vector, envp, argv, and argc where the stack pointer points.
/// </summary>
/// <source>The x86-64 psABI, figure 3.9 "Initial Process Stack"; getauxval(3).</source>
public ref struct InitialStack
{
    private const int RandomBytes = 16;
    private const int AlignmentBytes = 16;

    private readonly AddressSpace _space;
    private readonly ArgumentStrings _strings;
    private UserAddress _at;

    public InitialStack(AddressSpace space, ArgumentStrings strings, UserAddress top)
    {
        _space = space;
        _strings = strings;
        _at = top - sizeof(ulong);
    }

    public UserAddress FileName { get; private set; }

    /// <summary>Where the argument strings begin; the environment follows them.</summary>
    public UserAddress Strings { get; private set; }

    public UserAddress Platform { get; private set; }

    public UserAddress Random { get; private set; }

    /// <summary>The stack pointer that the program starts with, once all is written.</summary>
    public readonly UserAddress Pointer => _at;

    /// <summary>Writes everything above the pointers, whose addresses the auxiliary vector then
    /// names.</summary>
    /// <param name="gapBytes">Less than 8 KiB of random distance.</param>
    /// <errors>ENOMEM: the stack could not get its pages.</errors>
    public Errno PushStrings(scoped ReadOnlySpan<byte> fileName, int gapBytes, scoped ReadOnlySpan<byte> randomBytes)
    {
        _at -= (ulong)fileName.Length + 1;
        FileName = _at;
        if (!TryWrite(_at, fileName)) return Errno.ENOMEM;

        _at -= (ulong)_strings.LengthBytes;
        Strings = _at;
        if (!_strings.TryCopyTo(_space, _at)) return Errno.ENOMEM;

        _at = AlignDown(_at - (ulong)gapBytes);
        ReadOnlySpan<byte> platform = "x86_64\0"u8;
        _at -= (ulong)platform.Length;
        Platform = _at;
        if (!TryWrite(_at, platform)) return Errno.ENOMEM;

        _at -= RandomBytes;
        Random = _at;
        return TryWrite(_at, randomBytes[..RandomBytes]) ? Errno.None : Errno.ENOMEM;
    }

    /// <summary>Writes argc, argv, envp and the auxiliary vector.</summary>
    public Errno PushPointers(AuxiliaryVector auxiliary)
    {
        long words = 1 + _strings.ArgumentCount + 1 + _strings.EnvironmentCount + 1 + auxiliary.Words.Length;
        _at = AlignDown(_at - (ulong)words * sizeof(ulong));

        WordWriter writer = new(_space, _at, stackalloc ulong[WordWriter.BufferWords]);
        writer.Put((ulong)_strings.ArgumentCount);
        long offset = 0;
        PutPointers(ref writer, _strings.ArgumentCount, ref offset);
        PutPointers(ref writer, _strings.EnvironmentCount, ref offset);
        foreach (ulong word in auxiliary.Words) writer.Put(word);
        return writer.TryFinish() ? Errno.None : Errno.ENOMEM;
    }

    private readonly void PutPointers(ref WordWriter writer, int count, ref long offset)
    {
        for (int i = 0; i < count; i++)
        {
            writer.Put((Strings + (ulong)offset).Value);
            offset += _strings.StringBytesAt(offset);
        }

        writer.Put(0);
    }

    private readonly bool TryWrite(UserAddress at, scoped ReadOnlySpan<byte> bytes) =>
        _space.CopyOut(at, bytes) == bytes.Length;

    private static UserAddress AlignDown(UserAddress address) =>
        new(address.Value & ~(ulong)(AlignmentBytes - 1));
}
