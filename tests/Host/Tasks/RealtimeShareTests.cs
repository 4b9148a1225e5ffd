using Cashew.Machine;
using Cashew.Tasks;
using Xunit;

namespace Cashew.Host.Tasks;

/// <summary>sched(7), "Limiting the CPU usage of real-time and deadline processes".</summary>
public sealed class RealtimeShareTests
{
    private static Nanoseconds Ms(long count) => Nanoseconds.FromMilliseconds(count);

    [Fact]
    public void It_is_spent_after_95_percent_of_a_period_and_new_in_the_next()
    {
        RealtimeShare share = new();
        Assert.False(share.IsSpent(Ms(1)));
        share.Charge(Ms(900), Ms(899));
        Assert.False(share.IsSpent(Ms(900)));
        Assert.Equal(Ms(951), share.EndFrom(Ms(900)));
        share.Charge(Ms(951), Ms(51));
        Assert.True(share.IsSpent(Ms(951)));
        Assert.Equal(Ms(951), share.EndFrom(Ms(951)));
        Assert.True(share.IsSpent(Ms(1000)));
        Assert.False(share.IsSpent(Ms(1001)));
        Assert.Equal(Ms(1951), share.EndFrom(Ms(1001)));
    }

    [Fact]
    public void Who_ran_alone_for_long_begins_a_new_period()
    {
        RealtimeShare share = new();
        Assert.False(share.IsSpent(Ms(1)));
        share.Charge(Ms(5001), Ms(5000));
        Assert.False(share.IsSpent(Ms(5001)));
    }
}
