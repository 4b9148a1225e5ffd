using System;
using Cashew.Files;
using Cashew.Machine;

namespace Cashew.Processes;

/// <summary>/proc/sys/kernel/random.</summary>
/// <source>random(4), "/proc interfaces"; RFC 9562 for the form of the identifiers.</source>
internal static class RandomTexts
{
    private const int IdentifierBytes = 16;
    private const int VersionByte = 6;
    private const int VariantByte = 8;

    // Drawn when it is asked for first; the same for all of this boot.
    private static byte[]? s_bootId;

    internal static void AppendFresh(ByteBuilder text) => AppendIdentifier(text, Draw());

    internal static void AppendOfBoot(ByteBuilder text)
    {
        byte[]? known = System.Threading.Volatile.Read(ref s_bootId);
        if (known is null)
        {
            byte[] drawn = Draw();
            known = System.Threading.Interlocked.CompareExchange(ref s_bootId, drawn, null) ?? drawn;
        }

        AppendIdentifier(text, known);
    }

    private static byte[] Draw()
    {
        byte[] identifier = new byte[IdentifierBytes];
        Entropy.Fill(identifier);
        identifier[VersionByte] = (byte)((identifier[VersionByte] & 0x0F) | 0x40);
        identifier[VariantByte] = (byte)((identifier[VariantByte] & 0x3F) | 0x80);
        return identifier;
    }

    private static void AppendIdentifier(ByteBuilder text, ReadOnlySpan<byte> identifier)
    {
        for (int i = 0; i < identifier.Length; i++)
        {
            if (i is 4 or 6 or 8 or 10) text.Append((byte)'-');
            text.AppendHex(identifier[i], 2);
        }

        text.Append((byte)'\n');
    }
}
