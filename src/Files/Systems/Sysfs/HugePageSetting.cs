using System;
using Cashew.Abi;
using Cashew.Memory;

namespace Cashew.Files.Systems;

/// <summary>/sys/kernel/mm/transparent_hugepage/enabled.</summary>
/// <source>Linux's description of transparent huge pages.</source>
internal sealed class HugePageSetting : FileContents
{
    public override Errno Append(ByteBuilder text, ref TextCursor cursor)
    {
        text.Append(HugePages.Mode switch
        {
            HugePageMode.Always => "[always] madvise never\n"u8,
            HugePageMode.Advised => "always [madvise] never\n"u8,
            _ => "always madvise [never]\n"u8,
        });
        cursor.Finish();
        return Errno.None;
    }

    /// <errors>EINVAL: none of the three.</errors>
    public override Errno Store(in FileCaller opener, ReadOnlySpan<byte> text)
    {
        text = text.TrimEnd((byte)'\n');
        if (text.SequenceEqual("always"u8)) HugePages.Mode = HugePageMode.Always;
        else if (text.SequenceEqual("madvise"u8)) HugePages.Mode = HugePageMode.Advised;
        else if (text.SequenceEqual("never"u8)) HugePages.Mode = HugePageMode.Never;
        else return Errno.EINVAL;
        return Errno.None;
    }
}
