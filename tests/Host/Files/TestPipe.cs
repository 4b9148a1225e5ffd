using Cashew.Abi;
using Cashew.Files;
using Xunit;

namespace Cashew.Host.Files;

/// <summary>Makes pipes whose number nobody counts.</summary>
internal static class TestPipe
{
    internal static void Create(Credentials credentials, uint flags, out OpenFile reader, out OpenFile writer)
    {
        Assert.True(Pipes.TryCreate(
            credentials, new FileAccount(), flags, out OpenFile? newReader, out OpenFile? newWriter, out _));
        reader = newReader;
        writer = newWriter;
    }
}
