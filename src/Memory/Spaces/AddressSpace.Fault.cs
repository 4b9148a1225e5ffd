using System;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Memory;

/// <content>Page faults</content>
public sealed partial class AddressSpace
{
    // After so many disturbed attempts a fault takes the change lock and can no longer be disturbed by
    // changes.
    private const int FreeAttempts = 3;

    // Fault-around: the neighbors in the same aligned run of 16 pages, as Linux's default of 64 KiB.
    private const int NeighborPages = 16;

    private enum Step
    {
        Done,

        /// <summary>Something changed meanwhile.</summary>
        Again,

        /// <summary>A stack would have to grow.</summary>
        Grow,
    }

    /// <summary>Brings in the page, if the program may have it.</summary>
    /// <locking>
    /// Sleeps if the page has to be read, or mappings are being changed at the moment. No lock held but, by
    /// copies to and from user memory, those of files (up to FileContents).
    /// </locking>
    /// <allocation>None but frames.</allocation>
    public FaultResult HandleFault(UserAddress at, FaultAccess access)
    {
        if (at.Value >= UserAddress.LimitValue) return FaultResult.BadAddress;

        while (true)
        {
            FaultResult result = ResolveFault(at.PageDown, access);
            if (result != FaultResult.OutOfMemory || !MemoryPressure.TryRelieve()) return result;
        }
    }

    private FaultResult ResolveFault(UserAddress page, FaultAccess access)
    {
        for (int attempt = 0; attempt < FreeAttempts; attempt++)
        {
            if (!_mappings.Tree.TryBeginRead(out uint version)) break;

            Step step = TryResolve(page, access, version, out FaultResult result);
            if (step == Step.Done) return result;
            if (step == Step.Grow) break;
        }

        return ResolveWithLock(page, access);
    }

    private FaultResult ResolveWithLock(UserAddress page, FaultAccess access)
    {
        using SleepLock.Guard guard = _changes.Acquire();
        while (true)
        {
            // Even and unchanging, now that the lock is ours; only cuts of files can still disturb.
            _ = _mappings.Tree.TryBeginRead(out uint version);
            Step step = TryResolve(page, access, version, out FaultResult result);
            if (step == Step.Done) return result;
            if (step == Step.Grow && !TryGrowStack(page)) return FaultResult.BadAddress;
        }
    }

    private Step TryResolve(UserAddress page, FaultAccess access, uint version, out FaultResult result)
    {
        result = FaultResult.BadAddress;
        Vma? vma = _mappings.Tree.FindForFault(page);
        if (vma is null) return _mappings.Tree.IsCurrent(version) ? Step.Done : Step.Again;

        FaultView view = new(vma);
        if (!_mappings.Tree.IsCurrent(version)) return Step.Again;
        if (page < view.Start) return view.GrowsDown ? Step.Grow : Step.Done;

        result = FaultResult.BadAccess;
        if (!view.Allows(access)) return Step.Done;

        FaultTicket ticket = new(_mappings.Tree, version, view.Source);
        if ((access & FaultAccess.Write) == 0) return Read(in view, page, access, in ticket, out result);
        return view.IsShared
            ? WriteShared(in view, page, in ticket, out result)
            : WritePrivate(in view, page, access, in ticket, out result);
    }

    private Step Read(
        in FaultView view, UserAddress page, FaultAccess access, in FaultTicket ticket, out FaultResult result)
    {
        result = FaultResult.Handled;
        if ((access & FaultAccess.Present) != 0 && _pages.TryGrant(in ticket, page, view.Rights)) return Step.Done;
        if (view.Source is null)
        {
            PageRights readOnly = view.Rights & ~PageRights.Write;
            return Finish(
                _pages.Install(in ticket, page, Frame.Zero, readOnly, PageKind.Anonymous), in view, page, in ticket,
                out result);
        }

        // Where nobody has to hear of the first write, the write's own fault is saved.
        bool forWrite = view.IsShared && (view.Rights & PageRights.Write) != 0 && view.Source.NeedsNoWriteNotice;
        PageRights rights = forWrite ? view.Rights : view.Rights & ~PageRights.Write;
        if (!view.Source.TryGetPage(view.PageAt(page), forWrite, out Frame frame, out Errno error))
            return Fail(error, out result);

        InstallResult installed = _pages.Install(in ticket, page, frame, rights, view.Backing);
        if (installed != InstallResult.Installed) frame.Release();
        else if ((view.Flags & VmaFlags.RandomAccess) == 0) InstallNeighbors(in view, page, rights, in ticket);
        return Finish(installed, in view, page, in ticket, out result);
    }

    private Step WriteShared(in FaultView view, UserAddress page, in FaultTicket ticket, out FaultResult result)
    {
        long pageIndex = view.PageAt(page);
        if (!view.Source!.TryGetPage(pageIndex, forWrite: true, out Frame frame, out Errno error))
            return Fail(error, out result);

        InstallResult installed = _pages.Install(in ticket, page, frame, view.Rights, view.Backing);
        if (installed != InstallResult.Installed)
        {
            if (installed == InstallResult.Occupied)
                installed = _pages.Upgrade(in ticket, page, frame, view.Rights);
            frame.Release();
        }

        if (installed == InstallResult.Installed) view.Source.PageDirtied(pageIndex);
        return Finish(installed, in view, page, in ticket, out result);
    }

    private Step WritePrivate(
        in FaultView view, UserAddress page, FaultAccess access, in FaultTicket ticket, out FaultResult result)
    {
        bool isPresent = (access & FaultAccess.Present) != 0;
        if (!isPresent)
        {
            if (view.Source is null && TryInstallBlock(in view, page, in ticket))
            {
                result = FaultResult.Handled;
                return Step.Done;
            }

            InstallResult installed = InstallOwn(in view, page, in ticket, out result);
            if (installed != InstallResult.Occupied) return StepFor(installed, ref result);
        }

        result = FaultResult.Handled;
        if (_pages.TryReuse(in ticket, page, view.Rights, out Frame old))
            return old.IsNone ? Step.Done : CopyPage(in view, page, old, in ticket, out result);

        // The entry has gone since the processor looked.
        return isPresent ? StepFor(InstallOwn(in view, page, in ticket, out result), ref result) : Step.Again;
    }

    /// <summary>Enters a frame of the mapping's own where there is no page: zeros, or a copy of the file's
    /// page.</summary>
    private InstallResult InstallOwn(
        in FaultView view, UserAddress page, in FaultTicket ticket, out FaultResult result)
    {
        if (!TryMakeOwn(in view, page, out Frame frame, out result))
            return result == FaultResult.OutOfMemory ? InstallResult.OutOfMemory : InstallResult.Failed;

        InstallResult installed = _pages.Install(in ticket, page, frame, view.Rights, PageKind.Anonymous);
        if (installed != InstallResult.Installed) frame.Release();
        return installed;
    }

    private static bool TryMakeOwn(in FaultView view, UserAddress page, out Frame frame, out FaultResult result)
    {
        result = FaultResult.OutOfMemory;
        if (view.Source is null) return UserFrames.TryAllocateZeroed(out frame);

        frame = default;
        if (!view.Source.TryGetPage(view.PageAt(page), forWrite: false, out Frame original, out Errno error))
        {
            _ = Fail(error, out result);
            return false;
        }

        bool isMade = UserFrames.TryAllocate(out frame);
        if (isMade) frame.CopyFrom(original);
        original.Release();
        return isMade;
    }

    /// <summary>Copy on write. Takes over the reference to the old frame.</summary>
    private Step CopyPage(
        in FaultView view, UserAddress page, Frame old, in FaultTicket ticket, out FaultResult result)
    {
        result = FaultResult.OutOfMemory;
        bool isZero = old.Equals(Frame.Zero);
        bool isMade = isZero ? UserFrames.TryAllocateZeroed(out Frame copy) : UserFrames.TryAllocate(out copy);
        InstallResult installed = InstallResult.OutOfMemory;
        if (isMade)
        {
            if (!isZero) copy.CopyFrom(old);
            installed = _pages.Replace(in ticket, page, old, copy, view.Rights, view.Backing);
            if (installed != InstallResult.Installed) copy.Release();
        }

        old.Release();
        return StepFor(installed, ref result);
    }

    private void InstallNeighbors(in FaultView view, UserAddress page, PageRights rights, in FaultTicket ticket)
    {
        const ulong RunBytes = NeighborPages * PageBytes;
        UserAddress start = new(page.Value & ~(RunBytes - 1));
        UserAddress end = start + RunBytes;
        if (start < view.Start) start = view.Start;
        if (end > view.End) end = view.End;
        int count = (int)((end - start) / PageBytes);
        if (count <= 1) return;

        Span<Frame> frames = stackalloc Frame[NeighborPages];
        frames = frames[..count];
        if (view.Source!.GetCachedPages(view.PageAt(start), frames) > 1)
            _pages.InstallNeighbors(in ticket, start, frames, rights, view.Backing);
        for (int i = 0; i < count; i++)
        {
            if (!frames[i].IsNone) frames[i].Release();
        }
    }

    /// <summary>Ends a read or shared fault; an entry that was there already is given what it
    /// lacks.</summary>
    private Step Finish(
        InstallResult installed, in FaultView view, UserAddress page, in FaultTicket ticket, out FaultResult result)
    {
        result = FaultResult.Handled;
        if (installed == InstallResult.Occupied)
            return _pages.TryGrant(in ticket, page, view.Rights) ? Step.Done : Step.Again;
        return StepFor(installed, ref result);
    }

    private static Step StepFor(InstallResult installed, ref FaultResult result)
    {
        switch (installed)
        {
            case InstallResult.Installed:
                result = FaultResult.Handled;
                return Step.Done;
            case InstallResult.OutOfMemory:
                result = FaultResult.OutOfMemory;
                return Step.Done;
            case InstallResult.Failed:
                return Step.Done;
            default:
                return Step.Again;
        }
    }

    private static Step Fail(Errno error, out FaultResult result)
    {
        result = error == Errno.ENOMEM ? FaultResult.OutOfMemory : FaultResult.BusError;
        return Step.Done;
    }

    /// <summary>Extends the mapping above down to this page, if it may grow.</summary>
    /// <source>mmap(2), MAP_GROWSDOWN; getrlimit(2), RLIMIT_STACK.</source>
    private bool TryGrowStack(UserAddress page)
    {
        Vma? stack = _mappings.Tree.FindAtOrAbove(page);
        if (stack is null || !stack.GrowsDown || page.Value < Placement.LowestAddress) return false;
        if (page >= stack.Start) return true;
        if (stack.End - page > Limits.StackBytes) return false;

        // The gap holds against any neighbor that could be touched by mistake; another stack's, or one that
        // forbids every access, guards itself.
        Vma? below = stack.Previous;
        bool needsGap = below is not null && !below.GrowsDown && below.Rights != PageRights.None;
        if (needsGap && page - below!.End < Placement.StackGuardBytes) return false;

        long pages = (long)((stack.Start - page) / PageBytes);
        if (!MayExpand(pages, 0) || !IsLockingAllowed(stack.Flags, pages, MapFlags.None)) return false;
        if (stack.IsAccounted && !Commitment.TryAdd(pages)) return false;

        _mappings.ExtendDown(stack, page);
        return true;
    }
}
