using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Memory;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Memory;

/// <summary>
/// A machine for tests without threads, and a check at the end of each that no frame, page table or promise
/// is left over.
/// </summary>
public abstract class MemoryTest : IDisposable
{
    protected const int Page = UserAddress.PageSizeBytes;
    protected const PageRights ReadOnly = PageRights.Read;
    protected const PageRights ReadWrite = PageRights.Read | PageRights.Write;
    protected const PageRights ReadExecute = PageRights.Read | PageRights.Execute;

    private readonly int _dataFrames;
    private readonly int _tableFrames;
    private readonly long _promised;
    private readonly long _cached;
    private readonly Thread? _previousThread;

    protected MemoryTest()
    {
        Simulation = Simulation.Reset(new SimulationOptions { FrameCount = 8192 });
        Faults = new FaultingKernel();
        KernelEntry.Install(Faults);
        // Sleeping locks ask who takes them.
        _previousThread = Thread.HasCurrent ? Thread.Current : null;
        Thread.SetCurrent(new OnlyThread());
        _dataFrames = Simulation.CountFrames(FrameKind.Data);
        _tableFrames = Simulation.CountFrames(FrameKind.PageTable);
        _promised = Commitment.Pages;
        _cached = PageCounters.Cached;
    }

    protected Simulation Simulation { get; }

    internal FaultingKernel Faults { get; }

    public void Dispose()
    {
        Thread.SetCurrent(_previousThread!);
        Assert.Equal(_dataFrames, Simulation.CountFrames(FrameKind.Data));
        Assert.Equal(_tableFrames, Simulation.CountFrames(FrameKind.PageTable));
        Assert.Equal(_promised, Commitment.Pages);
        Assert.Equal(_cached, PageCounters.Cached);
        GC.SuppressFinalize(this);
    }

    protected static UserAddress At(ulong address) => new(address);

    /// <summary>A new space, made the current one.</summary>
    protected AddressSpace NewSpace()
    {
        Assert.True(AddressSpace.TryCreate(out AddressSpace? space, out Errno error), error.ToString());
        Enter(space);
        return space;
    }

    protected void Enter(AddressSpace space)
    {
        Faults.Space = space;
        space.Table.Activate();
    }

    protected AddressSpace Fork(AddressSpace space)
    {
        Assert.True(space.TryFork(out AddressSpace? child, out Errno error), error.ToString());
        return child;
    }

    protected static UserAddress Map(AddressSpace space, in MapRequest request)
    {
        Assert.True(space.TryMap(in request, out UserAddress at, out Errno error), error.ToString());
        return at;
    }

    protected static UserAddress MapAnonymous(AddressSpace space, int pages, PageRights rights = ReadWrite) =>
        Map(space, new MapRequest { LengthBytes = (ulong)pages * Page, Rights = rights });

    protected static UserAddress MapAt(AddressSpace space, UserAddress at, int pages, PageRights rights = ReadWrite) =>
        Map(space, new MapRequest
        {
            Address = at,
            LengthBytes = (ulong)pages * Page,
            Rights = rights,
            Flags = MapFlags.Fixed,
        });

    protected static UserAddress MapFile(
        AddressSpace space, TestFile file, int pages, PageRights rights, MapFlags flags, long firstPage = 0) =>
        Map(space, new MapRequest
        {
            LengthBytes = (ulong)pages * Page,
            Rights = rights,
            Flags = flags,
            File = file,
            FirstPage = firstPage,
        });

    protected static Errno MapError(AddressSpace space, in MapRequest request)
    {
        bool isMapped = space.TryMap(in request, out _, out Errno error);
        Assert.Equal(isMapped, error == Errno.None);
        return error;
    }

    /// <summary>Writes as the program would; false: it would get a signal.</summary>
    protected static bool TryPoke(UserAddress at, byte value) => UserMemory.CopyOut(at, [value]) == 1;

    protected static void Poke(UserAddress at, byte value) => Assert.True(TryPoke(at, value));

    protected static byte Peek(UserAddress at)
    {
        Span<byte> value = stackalloc byte[1];
        Assert.Equal(1, UserMemory.CopyIn(value, at));
        return value[0];
    }

    protected static bool CanPeek(UserAddress at) => UserMemory.CopyIn(stackalloc byte[1], at) == 1;

    /// <summary>The mappings as /proc/PID/maps would show them: first page, number of pages, rights, s or
    /// p.</summary>
    protected static string Describe(AddressSpace space, UserAddress origin)
    {
        string text = "";
        UserAddress at = default;
        while (space.TryGetNext(at, out VmaInfo info))
        {
            text += text.Length == 0 ? "" : " ";
            long first = ((long)info.Start.Value - (long)origin.Value) / Page;
            text += $"{first}+{(info.End - info.Start) / Page}{Letters(info.Rights)}{(info.IsShared ? 's' : 'p')}";
            at = info.End;
        }

        return text;
    }

    private sealed class OnlyThread : Thread
    {
        protected override void Main()
        {
        }
    }

    private static string Letters(PageRights rights) =>
        ((rights & PageRights.Read) != 0 ? "r" : "-")
        + ((rights & PageRights.Write) != 0 ? "w" : "-")
        + ((rights & PageRights.Execute) != 0 ? "x" : "-");
}
