using System;
using Cashew.Abi;
using Cashew.Files.Systems;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Files;

/// <summary>A machine without threads, and a check at the end of each test that no frame is left
/// over.</summary>
public abstract class InitramfsTest : IDisposable
{
    protected const int Page = UserAddress.PageSizeBytes;

    private readonly Thread? _previousThread;

    protected InitramfsTest()
    {
        Simulation = Simulation.Reset(new SimulationOptions { FrameCount = 4096 });
        _previousThread = Thread.HasCurrent ? Thread.Current : null;
        Thread.SetCurrent(new OnlyThread());
    }

    protected Simulation Simulation { get; }

    private TmpfsFilesystem? Filesystem { get; set; }
    private UnpackedRoot? Root { get; set; }

    public void Dispose()
    {
        Discard();
        Thread.SetCurrent(_previousThread!);
        Assert.Equal(0, Simulation.CountFrames(FrameKind.Data));
        GC.SuppressFinalize(this);
    }

    internal UnpackedRoot Unpack(byte[] archive) => Unpack(new BootModule(archive));

    internal UnpackedRoot Unpack(ArchiveBuilder archive) => Unpack(new BootModule(archive.ToArray()));

    internal UnpackedRoot Unpack(BootModule module)
    {
        Assert.True(TryUnpack(module, out string? message), message);
        return Root = new UnpackedRoot(Filesystem!);
    }

    /// <summary>As at boot.</summary>
    internal UnpackedRoot UnpackIntoInitialTree(ArchiveBuilder archive)
    {
        Discard();
        Filesystem = TmpfsType.CreateRoot();
        InitialTree.Fill(Filesystem);
        Assert.True(Initramfs.TryUnpack(new BootModule(archive.ToArray()), Filesystem, out string? message), message);
        return Root = new UnpackedRoot(Filesystem);
    }

    /// <summary>The message of an archive that cannot be unpacked.</summary>
    internal string UnpackFailure(byte[] archive)
    {
        Assert.False(TryUnpack(new BootModule(archive), out string? message));
        Assert.NotNull(message);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    internal bool TryUnpack(BootModule module, out string? message)
    {
        Discard();
        Filesystem = TmpfsType.CreateRoot();
        return Initramfs.TryUnpack(module, Filesystem, out message);
    }

    /// <summary>Gives back what was unpacked last.</summary>
    internal void Discard()
    {
        if (Root is not null)
        {
            Root.Discard();
        }
        else if (Filesystem is not null)
        {
            Filesystem.AddMount();
            Filesystem.DropMount();
        }

        Root = null;
        Filesystem = null;
    }

    private sealed class OnlyThread : Thread
    {
        protected override void Main()
        {
        }
    }
}
