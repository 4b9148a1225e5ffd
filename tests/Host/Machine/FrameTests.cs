using Cashew.Machine;
using Cashew.Machine.Simulated;
using Xunit;

namespace Cashew.Host.Machine;

public sealed class FrameTests
{
    private readonly Simulation _machine = Simulation.Reset(new SimulationOptions { FrameCount = 8 });

    [Fact]
    public void The_last_release_frees_a_frame()
    {
        Assert.True(Frame.TryAllocate(out Frame frame));
        frame.Retain();
        frame.Release();
        Assert.Equal(1, _machine.CountFrames(FrameKind.Data));

        frame.Release();

        Assert.Equal(8, Frame.FreeCount);
        Assert.Equal(0, _machine.CountFrames(FrameKind.Data));
    }

    [Fact]
    public void A_stale_handle_is_found_out()
    {
        Assert.True(Frame.TryAllocate(out Frame frame));
        frame.Release();

        Assert.Throws<SimulationFailure>(() => frame.Bytes.Clear());
        Assert.Throws<SimulationFailure>(frame.Release);
    }

    [Fact]
    public void Memory_runs_out()
    {
        for (int i = 0; i < 8; i++)
        {
            Assert.True(Frame.TryAllocateZeroed(out _));
        }

        Assert.False(Frame.TryAllocate(out Frame frame));
        Assert.True(frame.IsNone);
    }

    [Fact]
    public void The_chosen_allocation_fails()
    {
        _machine.FailFrameAllocation(afterAttempts: 2);

        Assert.True(Frame.TryAllocate(out _));
        Assert.True(Frame.TryAllocate(out _));
        Assert.False(Frame.TryAllocate(out _));
        Assert.True(Frame.TryAllocate(out _));
    }

    [Fact]
    public void Writing_to_the_page_of_zeros_is_found_out()
    {
        Frame.Zero.Bytes[17] = 1;

        Assert.Throws<SimulationFailure>(() => Frame.Zero.Bytes.Length);
        Assert.Throws<SimulationFailure>(Frame.Zero.Clear);
    }
}
