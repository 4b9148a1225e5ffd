using System.Runtime.InteropServices;

namespace Cashew.Runtime;

/// <summary>The compiler's table of sections: this header, then rows of (kind, flags, start, end).</summary>
/// <source>dotnet/runtime 10.0: ModuleHeaders.cs.</source>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ModuleHeader
{
    internal const uint ExpectedSignature = 0x00525452; // "RTR"

    internal readonly uint Signature;
    internal readonly ushort MajorVersion;
    internal readonly ushort MinorVersion;
    private readonly uint _flags;
    private readonly ushort _sectionCount;
    private readonly byte _entrySize;
    private readonly byte _entryType;

    internal enum SectionKind
    {
        GcStaticRegion = 201,
        EagerConstructors = 205,
        FrozenObjects = 206,
        ModuleInitializers = 213,
    }

    /// <summary>Where a section lies; an empty range when the image has none of that kind.</summary>
    internal static void Find(ModuleHeader* header, SectionKind kind, out byte* start, out byte* end)
    {
        Row* row = (Row*)(header + 1);
        for (int i = 0; i < header->_sectionCount; i++)
        {
            if (row[i].Kind == (int)kind)
            {
                start = (byte*)row[i].Start;
                end = (byte*)row[i].End;
                return;
            }
        }

        start = null;
        end = null;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Row
    {
        internal int Kind;
        internal int Flags;
        internal nint Start;
        internal nint End;
    }
}
