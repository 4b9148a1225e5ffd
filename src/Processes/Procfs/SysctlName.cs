using System;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>The name of the machine or of its domain.</summary>
/// <source>proc_sys_kernel(5), hostname and domainname; what is longer than 64 bytes is cut off.</source>
internal sealed class SysctlName(bool isDomain) : FileContents
{
    private readonly bool _isDomain = isDomain;

    public override Errno Append(ByteBuilder text, ref TextCursor cursor)
    {
        text.Append(_isDomain ? SystemNames.Domainname : SystemNames.Nodename).Append((byte)'\n');
        cursor.Finish();
        return Errno.None;
    }

    public override Errno Store(in FileCaller opener, ReadOnlySpan<byte> text)
    {
        int end = text.IndexOfAny((byte)'\n', (byte)0);
        if (end >= 0) text = text[..end];
        if (text.Length > Limits.HOST_NAME_MAX) text = text[..Limits.HOST_NAME_MAX];
        if (_isDomain) SystemNames.SetDomainname(text);
        else SystemNames.SetNodename(text);
        return Errno.None;
    }
}
