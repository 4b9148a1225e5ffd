using System;
using System.Text;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Files;

/// <summary>Short names for what tests with threads do to files.</summary>
internal static class FilesMachine
{
    internal static (OpenFile Reader, OpenFile Writer) NewPipe(uint flags = 0)
    {
        TestPipe.Create(Credentials.ForRoot(), flags, out OpenFile reader, out OpenFile writer);
        return (reader, writer);
    }

    /// <summary>A root file system, for the machine that runs now.</summary>
    internal static FileCaller NewRoot()
    {
        MountNamespace mounts = new(TmpfsType.CreateRoot(), "rootfs"u8);
        return new FileCaller(new FilesystemContext(mounts.RootLocation), Credentials.ForRoot());
    }

    internal static IoResult Read(OpenFile file, Span<byte> buffer)
    {
        UserDestination destination = new(buffer);
        return Blocking.Read(file, ref destination);
    }

    internal static IoResult Write(OpenFile file, ReadOnlySpan<byte> bytes)
    {
        UserSource source = new(bytes);
        return Blocking.Write(file, ref source);
    }

    internal static string ReadText(OpenFile file, int mostBytes = 4096)
    {
        byte[] buffer = new byte[mostBytes];
        IoResult result = Read(file, buffer);
        Assert.False(result.IsError, result.Error.ToString());
        return Encoding.Latin1.GetString(buffer, 0, (int)result.Count);
    }

    internal static void WriteText(OpenFile file, string text) =>
        Assert.Equal(text.Length, Write(file, Encoding.Latin1.GetBytes(text)).Value);

    internal static Nanoseconds Ms(long milliseconds) => Nanoseconds.FromMilliseconds(milliseconds);

    internal static void Nap(long milliseconds) =>
        Sleep.For(Clock.Monotonic + Ms(milliseconds), SleepMode.Uninterruptible);

    /// <summary>How long something takes, in whole milliseconds.</summary>
    internal static long Measure(Action body)
    {
        Nanoseconds start = Clock.Monotonic;
        body();
        return (Clock.Monotonic - start).Value / Nanoseconds.PerMillisecond;
    }
}
