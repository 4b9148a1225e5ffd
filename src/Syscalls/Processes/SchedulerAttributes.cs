using System;
using System.Runtime.InteropServices;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;
using Cashew.Tasks;

namespace Cashew.Syscalls;

/// <summary>Policy, priority and nice value in one structure that may grow.</summary>
internal static class SchedulerAttributes
{
    /// <summary>SCHED_ATTR_SIZE_VER0, which is all that is known here: the later fields are hints for
    /// load.</summary>
    private const int AttrBytes = 48;

    private const ulong KnownFlags = SchedPolicy.SCHED_FLAG_RESET_ON_FORK | SchedPolicy.SCHED_FLAG_KEEP_POLICY
        | SchedPolicy.SCHED_FLAG_KEEP_PARAMS;

    /// <errors>
    /// EINVAL: no address, a negative id, a flag, an unknown policy or attribute flag, a priority out of
    /// range. E2BIG: a structure of another size, with the known size written back. EFAULT. ESRCH. EPERM.
    /// </errors>
    /// <source>sched_setattr(2)</source>
    internal static SyscallResult Set(UserThread caller, int tid, UserAddress address, uint flags)
    {
        if (address.IsNull || tid < 0 || flags != 0) return Errno.EINVAL;
        Errno error = TryRead(address, out SchedAttr attr);
        if (error != Errno.None) return error;
        if ((int)attr.sched_policy < 0 || (attr.sched_flags & ~KnownFlags) != 0) return Errno.EINVAL;
        if (!SchedulerCalls.TryFind(caller, tid, out UserThread target, out error)) return error;

        SchedulingPolicy policy = Scheduler.PolicyOf(target);
        bool keepsPolicy = (attr.sched_flags & SchedPolicy.SCHED_FLAG_KEEP_POLICY) != 0;
        if (!keepsPolicy && !PolicyNumbers.TryDecode((int)attr.sched_policy, out policy)) return Errno.EINVAL;

        // The policy is one of the parameters then: so Linux.
        bool keepsParameters = (attr.sched_flags & SchedPolicy.SCHED_FLAG_KEEP_PARAMS) != 0;
        if (keepsParameters) policy = Scheduler.PolicyOf(target);
        int priority = keepsParameters ? Scheduler.RealtimePriorityOf(target) : (int)attr.sched_priority;
        int nice = keepsParameters
            ? target.Nice
            : Math.Clamp(attr.sched_nice, SchedulingRules.MinNice, SchedulingRules.MaxNice);
        bool resetsOnFork = keepsPolicy
            ? target.ResetsOnFork // it belongs to the policy
            : (attr.sched_flags & SchedPolicy.SCHED_FLAG_RESET_ON_FORK) != 0;
        return SchedulingRules.Change(caller, target, policy, priority, nice, resetsOnFork);
    }

    /// <errors>EINVAL: no address, a negative id, a flag, or a size that is too small or absurd. ESRCH.
    /// EFAULT.</errors>
    /// <source>sched_getattr(2)</source>
    internal static SyscallResult Get(UserThread caller, int tid, UserAddress address, uint size, uint flags)
    {
        if (address.IsNull || tid < 0 || flags != 0) return Errno.EINVAL;
        if (size is < AttrBytes or > UserAddress.PageSizeBytes) return Errno.EINVAL;
        if (!SchedulerCalls.TryFind(caller, tid, out UserThread target, out Errno error)) return error;

        SchedulingPolicy policy = Scheduler.PolicyOf(target);
        bool isRealtime = SchedulingRules.IsRealtime(policy);
        SchedAttr attr = new()
        {
            size = AttrBytes,
            sched_policy = (uint)PolicyNumbers.Of(policy),
            sched_flags = target.ResetsOnFork ? SchedPolicy.SCHED_FLAG_RESET_ON_FORK : 0UL,
            sched_nice = isRealtime ? 0 : target.Nice,
            sched_priority = isRealtime ? (uint)Scheduler.RealtimePriorityOf(target) : 0,
        };
        return UserMemory.TryWrite(address, attr) ? 0 : Errno.EFAULT;
    }

    private static Errno TryRead(UserAddress address, out SchedAttr attr)
    {
        attr = default;
        if (!UserMemory.TryRead(address, out uint size)) return Errno.EFAULT;
        if (size == 0) size = AttrBytes; // as programs before the field was filled wrote it
        Errno error = size is < AttrBytes or > UserAddress.PageSizeBytes
            ? Errno.E2BIG
            : StructArgument.Read(MemoryMarshal.AsBytes(new Span<SchedAttr>(ref attr)), address, size);
        // The size it should have been; where even that cannot be written, E2BIG tells enough.
        if (error == Errno.E2BIG) _ = UserMemory.TryWrite(address, AttrBytes);
        return error;
    }
}
