using System;
using System.Collections.Generic;
using Cashew.Machine;

namespace Cashew.Kernel.SelfTests.Machine;

/// <summary>Frames, page tables, and copies from and to user memory.</summary>
internal static class MemoryTests
{
    private const ulong First = 0x40_0000;

    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new SelfTest("frames_come_back_when_released", FramesComeBack));
        tests.Add(new SelfTest("a_shared_frame_lives_until_its_last_release", SharedFrame));
        tests.Add(new SelfTest("a_page_cursor_sees_present_pages_only", Cursor));
        tests.Add(new SelfTest("user_copies_stop_at_the_exact_bad_byte", Copies));
        tests.Add(new SelfTest("kernel_addresses_are_bad_user_addresses", KernelAddresses));
        tests.Add(new SelfTest("user_strings_end_at_nul_limit_or_fault", Strings));
        tests.Add(new SelfTest("random_bytes_differ", RandomBytes));
    }

    private static void FramesComeBack()
    {
        long before = Frame.FreeCount;
        Frame[] frames = new Frame[300];
        long afterArray = Frame.FreeCount;
        for (int i = 0; i < frames.Length; i++)
        {
            Check.That(Frame.TryAllocateZeroed(out frames[i]));
            frames[i].Bytes[i] = (byte)i;
        }

        Check.Equal(afterArray - frames.Length, Frame.FreeCount);
        for (int i = 0; i < frames.Length; i++)
        {
            Check.Equal((byte)i, frames[i].Bytes[i]);
            frames[i].Release();
        }

        Check.Equal(afterArray, Frame.FreeCount);
        Check.That(before >= afterArray);
    }

    private static void SharedFrame()
    {
        Check.That(Frame.TryAllocate(out Frame frame));
        long free = Frame.FreeCount;
        frame.Retain();
        Check.Equal(2, frame.ReferenceCount);
        frame.Release();
        Check.Equal(free, Frame.FreeCount);
        frame.Release();
        Check.Equal(free + 1, Frame.FreeCount);
    }

    private static void Cursor()
    {
        Check.That(PageTable.TryCreate(out PageTable? table));
        ulong[] addresses = [0x1000, 0x2000, 0x20_0000, 0x4000_0000, 0x7FFF_FFFF_E000];
        foreach (ulong address in addresses)
        {
            Check.That(table!.TryMap(new UserAddress(address), Frame.Zero, PageRights.Read));
        }

        PageCursor pages = table!.Pages(default, UserAddress.Limit);
        foreach (ulong address in addresses)
        {
            Check.That(pages.MoveNext());
            Check.Equal(address, pages.Address.Value);
            Check.That(pages.Entry.Rights == PageRights.Read);
            pages.Set(pages.Entry.Frame, PageRights.None, mark: true);
            Check.That(pages.Entry.IsPresent && pages.Entry.HasMark && pages.Entry.Rights == PageRights.None);
            pages.Clear();
        }

        Check.That(!pages.MoveNext());
        Check.That(!table.Lookup(new UserAddress(0x1000)).IsPresent);
        table.Release();
    }

    private static void Copies()
    {
        using Space space = new();
        Span<byte> buffer = stackalloc byte[128];
        buffer.Fill(7);
        // The second page is absent: a copy that reaches it stops there.
        for (int distance = 0; distance <= 100; distance++)
        {
            UserAddress at = new(First + UserAddress.PageSizeBytes - (ulong)distance);
            Check.Equal(distance, UserMemory.CopyOut(at, buffer[..100]));
            Check.Equal(distance, UserMemory.CopyIn(buffer[..100], at));
            Check.Equal(distance, UserMemory.Clear(at, 100));
        }

        Check.That(UserMemory.TryWrite(new UserAddress(First + 8), 0x1122334455667788UL));
        Check.That(UserMemory.TryRead(new UserAddress(First + 8), out ulong value));
        Check.Equal(0x1122334455667788UL, value);
        Check.That(!UserMemory.TryRead(new UserAddress(First + UserAddress.PageSizeBytes - 4), out value));
        Check.That(UserMemory.TryCompareExchange(new UserAddress(First + 8), 0x55667788, 9, out uint previous));
        Check.Equal(0x55667788U, previous);
        Check.That(UserMemory.TryReadAtomic(new UserAddress(First + 8), out uint word));
        Check.Equal(9U, word);
        Check.That(!UserMemory.TryReadAtomic(new UserAddress(First + 0x2000), out word));
    }

    private static void KernelAddresses()
    {
        using Space space = new();
        Span<byte> buffer = stackalloc byte[16];
        ulong[] addresses =
            [0xFFFF_8000_0000_0000, 0xFFFF_FFFF_8020_0000, 0x8000_0000_0000, 0x7FFF_FFFF_F000, ulong.MaxValue - 4];
        foreach (ulong address in addresses)
        {
            Check.Equal(0, UserMemory.CopyIn(buffer, new UserAddress(address)));
            Check.Equal(0, UserMemory.CopyOut(new UserAddress(address), buffer));
            Check.That(!UserMemory.TryWrite(new UserAddress(address), 1));
            Check.Equal(-1, UserMemory.CopyInString(buffer, new UserAddress(address)));
        }
    }

    private static void Strings()
    {
        using Space space = new();
        Span<byte> buffer = stackalloc byte[16];
        UserMemory.CopyOut(new UserAddress(First), "hello\0world"u8);
        Check.Equal(5, UserMemory.CopyInString(buffer, new UserAddress(First)));
        Check.Equal(3, UserMemory.CopyInString(buffer[..3], new UserAddress(First)));
        UserAddress last = new(First + UserAddress.PageSizeBytes - 3);
        UserMemory.CopyOut(last, "abc"u8);
        Check.Equal(-1, UserMemory.CopyInString(buffer, last));
    }

    private static void RandomBytes()
    {
        Span<byte> first = stackalloc byte[40];
        Span<byte> second = stackalloc byte[40];
        Entropy.Fill(first);
        Entropy.Fill(second);
        Check.That(!first.SequenceEqual(second));
    }

    /// <summary>An address space with one page, active.</summary>
    private readonly ref struct Space : IDisposable
    {
        private readonly PageTable _table;
        private readonly Frame _frame;
        private readonly KernelEntry _before;

        public Space()
        {
            Check.That(PageTable.TryCreate(out PageTable? table));
            Check.That(Frame.TryAllocateZeroed(out _frame));
            _table = table!;
            _table.TryMap(new UserAddress(First), _frame, PageRights.Read | PageRights.Write);
            _table.Activate();
            _before = KernelEntry.Installed!;
            KernelEntry.Install(new NothingMapped());
        }

        public void Dispose()
        {
            KernelEntry.Install(_before);
            _table.Release();
            _frame.Release();
        }
    }

    /// <summary>No fault can be mended.</summary>
    private sealed class NothingMapped : KernelEntry
    {
        public override void SystemCall(ref UserRegisters user)
        {
        }

        public override bool PageFault(UserAddress at, FaultAccess access, bool fromUser, ref UserRegisters user) => false;

        public override void UserException(ref UserRegisters user, UserException exception)
        {
        }

        public override void BeforeReturnToUser(ref UserRegisters user)
        {
        }

        public override void TimerExpired()
        {
        }
    }
}
