using System.Collections.Generic;

namespace Cashew.Host.Memory;

/// <summary>A file or shared memory as the model sees it: one byte a page.</summary>
internal sealed class ModelObject
{
    internal ModelObject(int pages, TestFile? file)
    {
        File = file;
        for (int i = 0; i < pages; i++) Pages.Add(0);
    }

    internal TestFile? File { get; }

    internal List<byte> Pages { get; } = [];
}
