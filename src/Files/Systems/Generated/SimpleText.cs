using System;
using Cashew.Abi;

namespace Cashew.Files.Systems;

/// <summary>A text that is small enough to be written in one piece.</summary>
public sealed class SimpleText(Action<ByteBuilder> writer) : FileContents
{
    private readonly Action<ByteBuilder> _writer = writer;

    public override Errno Append(ByteBuilder text, ref TextCursor cursor)
    {
        _writer(text);
        cursor.Finish();
        return Errno.None;
    }
}
