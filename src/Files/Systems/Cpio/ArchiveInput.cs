using System;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>Where an archive is read from: it lies in memory as it is, or comes out of a
/// decompressor.</summary>
internal abstract class ArchiveInput
{
    /// <summary>Bytes that one <see cref="Peek"/> gives at most: enough for the longest name or text of a
    /// link.</summary>
    internal const int MostPeekBytes = CpioHeader.MaxNameBytes;

    /// <summary>Bytes of the archive that have been read. Padding counts from its beginning.</summary>
    internal abstract long Position { get; }

    /// <summary>Why nothing more comes, if that is not just the end.</summary>
    internal virtual ReadOnlySpan<byte> Problem => default;

    /// <summary>The next bytes, fewer only where the input ends. They stay until the next call of anything
    /// here.</summary>
    internal abstract ReadOnlySpan<byte> Peek(int count);

    /// <summary>Goes on behind bytes that were just looked at.</summary>
    internal abstract void Advance(int count);

    /// <summary>Skips bytes; false when there are not as many.</summary>
    internal abstract bool TrySkip(long count);

    /// <summary>Reads on until there is something else than NUL; false at the end.</summary>
    internal bool TrySkipNuls()
    {
        while (true)
        {
            ReadOnlySpan<byte> next = Peek(MostPeekBytes);
            if (next.IsEmpty) return false;

            int count = next.IndexOfAnyExcept((byte)0);
            Advance(count < 0 ? next.Length : count);
            if (count >= 0) return true;
        }
    }

    /// <summary>Makes the next bytes the contents of an empty file.</summary>
    /// <errors>EIO: the input ends before. ENOMEM, ENOSPC: there is no page.</errors>
    internal abstract Errno Store(TmpfsFile file, long lengthBytes, ref DataSum sum);

    /// <summary>Says where in the module a position is.</summary>
    internal abstract void AppendPlace(ByteBuilder text, long position);
}
