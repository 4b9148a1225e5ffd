using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Memory;
using Xunit;

namespace Cashew.Host.Memory;

/// <summary>
/// Random sequences of everything a program can do with memory, against a model that knows only pages: what
/// may be done with each, what it shows, and what it would share.
/// </summary>
public sealed class ModelTests : MemoryTest
{
    private const int WindowPages = 48;
    private const int MaximumSpaces = 4;
    private static readonly UserAddress s_window = new(0x1FF_0000);
    private static readonly PageRights[] s_rights =
        [PageRights.None, ReadOnly, ReadWrite, ReadWrite, ReadWrite, ReadExecute, PageRights.Write];

    private readonly List<(AddressSpace Space, Dictionary<int, ModelPage> Pages)> _spaces = [];
    private readonly List<ModelObject> _files = [];
    private readonly List<Frame> _hogged = [];
    private Random _random = new(0);
    private bool _isStressed;

    [Theory]
    [MemberData(nameof(Seeds), 60)]
    public void Memory_agrees_with_the_model(int seed) => Run(seed, steps: 250);

    [Theory]
    [MemberData(nameof(Seeds), 60)]
    public void Memory_agrees_with_the_model_when_allocations_fail(int seed)
    {
        _isStressed = true;
        Run(seed, steps: 250, beforeStep: () => Simulation.FailFrameAllocation(_random.Next(6), once: _random.Next(3) != 0));
    }

    [Theory]
    [MemberData(nameof(Seeds), 40)]
    public void Memory_agrees_with_the_model_when_memory_is_short(int seed)
    {
        _isStressed = true;
        Run(seed, steps: 250, beforeStep: HogMemory);
    }

    public static IEnumerable<TheoryDataRow<int>> Seeds(int count) =>
        Enumerable.Range(1, count).Select(seed => new TheoryDataRow<int>(seed));

    private void Run(int seed, int steps, Action? beforeStep = null)
    {
        _random = new Random(seed);
        for (int i = 0; i < 2; i++) _files.Add(new ModelObject(6, new TestFile(6, 0)));
        _spaces.Add((NewSpace(), []));
        for (int step = 0; step < steps; step++)
        {
            beforeStep?.Invoke();
            Act();
            Relax();
            if (step % 8 == 0) CheckAll();
        }

        CheckAll();
        foreach ((AddressSpace space, _) in _spaces) space.Release();
        foreach (ModelObject file in _files)
        {
            Assert.Equal(0, file.File!.References);
            file.File.Pages.Close();
        }
    }

    private void HogMemory()
    {
        long left = KernelObjects.ReservedFrames - 4 + _random.Next(12);
        if (_random.Next(4) == 0) left /= 2;
        while (Frame.FreeCount > left && Frame.TryAllocate(out Frame frame)) _hogged.Add(frame);
    }

    private void Relax()
    {
        Simulation.StopFailingFrames();
        foreach (Frame frame in _hogged) frame.Release();
        _hogged.Clear();
    }

    private void Act()
    {
        (AddressSpace space, Dictionary<int, ModelPage> pages) = _spaces[_random.Next(_spaces.Count)];
        Enter(space);
        int start = _random.Next(WindowPages);
        int count = _random.Next(1, Math.Min(12, WindowPages - start + 1));
        switch (_random.Next(20))
        {
            case < 4: MapSome(space, pages, start, count); break;
            case 4: UnmapSome(space, pages, start, count); break;
            case 5 or 6: ProtectSome(space, pages, start, count); break;
            case 7: ForgetSome(space, pages, start, count); break;
            case 8 or 9: MoveSome(space, pages, start, count); break;
            case 10: ForkOne(space, pages); break;
            case 11: ExitOne(space); break;
            case 12: WriteFile(); break;
            case 13: TruncateFile(); break;
            case < 17: PokePage(pages, start); break;
            default: PeekPage(pages, start); break;
        }
    }

    private void MapSome(AddressSpace space, Dictionary<int, ModelPage> pages, int start, int count)
    {
        int kind = _random.Next(5);
        bool isShared = kind is 1 or 3;
        ModelObject? file = kind >= 2 && kind <= 3 ? _files[_random.Next(_files.Count)] : null;
        int first = file is null ? 0 : _random.Next(5);
        PageRights rights = s_rights[_random.Next(s_rights.Length)];
        MapRequest request = new()
        {
            Address = PageAt(start),
            LengthBytes = (ulong)count * Page,
            Rights = rights,
            Flags = MapFlags.Fixed | (isShared ? MapFlags.Shared : MapFlags.None),
            File = file?.File,
            FirstPage = first,
        };

        if (!space.TryMap(in request, out UserAddress at, out Errno error))
        {
            CheckStressed(error);
            return;
        }

        Assert.Equal(request.Address, at);
        ModelObject? content = file ?? (isShared ? new ModelObject(count, null) : null);
        for (int i = 0; i < count; i++)
            pages[start + i] = new ModelPage { Rights = rights, IsShared = isShared, Object = content, Index = first + i };
    }

    private void UnmapSome(AddressSpace space, Dictionary<int, ModelPage> pages, int start, int count)
    {
        Errno error = space.Unmap(PageAt(start), (ulong)count * Page);
        if (error != Errno.None)
        {
            CheckStressed(error);
            return;
        }

        for (int i = 0; i < count; i++) pages.Remove(start + i);
    }

    private void ProtectSome(AddressSpace space, Dictionary<int, ModelPage> pages, int start, int count)
    {
        PageRights rights = s_rights[_random.Next(s_rights.Length)];
        int good = 0;
        while (good < count && pages.ContainsKey(start + good)) good++;

        Errno error = space.Protect(PageAt(start), (ulong)count * Page, rights);

        if (error != (good == count ? Errno.None : Errno.ENOMEM))
        {
            CheckStressed(error);
            good = 0;
        }

        // Short of memory it may have stopped half-way, even where it was to fail in the end.
        if (_isStressed) good = CountChanged(space, pages, start, count, rights);
        for (int i = 0; i < good; i++) pages[start + i].Rights = rights;
    }

    private static int CountChanged(
        AddressSpace space, Dictionary<int, ModelPage> pages, int start, int count, PageRights rights)
    {
        for (int i = 0; i < count; i++)
        {
            bool isMapped = TryFind(space, start + i, out VmaInfo info);
            Assert.Equal(pages.ContainsKey(start + i), isMapped);
            if (!isMapped || info.Rights != rights) return i;
        }

        return count;
    }

    private void ForgetSome(AddressSpace space, Dictionary<int, ModelPage> pages, int start, int count)
    {
        Errno error = space.Advise(PageAt(start), (ulong)count * Page, MadviseAdvice.MADV_DONTNEED);
        bool isWhole = Enumerable.Range(start, count).All(pages.ContainsKey);
        Assert.Equal(isWhole ? Errno.None : Errno.ENOMEM, error);
        for (int i = 0; i < count; i++)
        {
            if (pages.TryGetValue(start + i, out ModelPage? page)) page.Own = null;
        }
    }

    private void MoveSome(AddressSpace space, Dictionary<int, ModelPage> pages, int start, int count)
    {
        int newStart = _random.Next(WindowPages);
        int newCount = Math.Min(Math.Max(1, count + _random.Next(-2, 4)), WindowPages - newStart);
        bool overlaps = start < newStart + newCount && newStart < start + count;
        Errno expected = overlaps ? Errno.EINVAL : Errno.None;
        if (!pages.ContainsKey(start)) expected = Errno.EFAULT;
        bool isCut = false;
        bool isDone = false;

        if (expected == Errno.None)
        {
            // The new place is freed first, then the end of what is too long; only then the rest is looked
            // at.
            isCut = true;
            if (newCount >= count && !IsOneMapping(space, start, count, newStart, newCount)) expected = Errno.EFAULT;
            if (newCount < count && !IsOneMapping(space, start, newCount, newStart, newCount)) expected = Errno.EFAULT;
            isDone = expected == Errno.None;
        }

        bool isMoved = space.TryRemap(
            PageAt(start),
            (ulong)count * Page,
            (ulong)newCount * Page,
            RemapFlags.MayMove | RemapFlags.Fixed,
            PageAt(newStart),
            MapFlags.None,
            out _,
            out Errno error);

        if (error == Errno.ENOMEM && _isStressed)
        {
            Adopt(space, pages, newStart, newCount);
            if (newCount < count) Adopt(space, pages, start + newCount, count - newCount);
            return;
        }

        Assert.Equal(expected, error);
        Assert.Equal(isDone, isMoved);
        if (isCut) CutModel(pages, start, count, newStart, newCount);
        if (isDone) MoveModel(pages, start, Math.Min(count, newCount), newStart, newCount);
    }

    /// <summary>Whether a range lies in one mapping once another range has been unmapped.</summary>
    private static bool IsOneMapping(AddressSpace space, int start, int count, int removedStart, int removedCount)
    {
        if (!TryFind(space, start, out VmaInfo info)) return false;
        UserAddress end = info.End;
        bool isRemovedAbove = removedStart >= start && PageAt(removedStart) < end;
        if (isRemovedAbove) end = PageAt(removedStart);
        return PageAt(start + count) <= end && removedCount > 0;
    }

    private static void CutModel(Dictionary<int, ModelPage> pages, int start, int count, int newStart, int newCount)
    {
        for (int i = 0; i < newCount; i++) pages.Remove(newStart + i);
        for (int i = newCount; i < count; i++) pages.Remove(start + i);
    }

    private static void MoveModel(Dictionary<int, ModelPage> pages, int start, int count, int newStart, int newCount)
    {
        ModelPage first = pages[start];
        for (int i = 0; i < newCount; i++)
        {
            pages[newStart + i] = i < count ? pages[start + i] : first.Fresh(i);
            if (i < count) pages.Remove(start + i);
        }
    }

    /// <summary>A range that an operation was to unmap before it failed: all of it is gone, or
    /// nothing.</summary>
    private static void Adopt(AddressSpace space, Dictionary<int, ModelPage> pages, int start, int count)
    {
        int[] mapped = Enumerable.Range(start, count).Where(pages.ContainsKey).ToArray();
        int[] left = mapped.Where(page => TryFind(space, page, out _)).ToArray();
        Assert.True(left.Length == 0 || left.Length == mapped.Length);
        if (left.Length != 0) return;
        foreach (int page in mapped) pages.Remove(page);
    }

    private void ForkOne(AddressSpace space, Dictionary<int, ModelPage> pages)
    {
        if (_spaces.Count == MaximumSpaces) return;
        if (!space.TryFork(out AddressSpace? child, out Errno error))
        {
            CheckStressed(error);
            return;
        }

        _spaces.Add((child, pages.ToDictionary(pair => pair.Key, pair => pair.Value.Copy())));
    }

    private void ExitOne(AddressSpace space)
    {
        if (_spaces.Count == 1) return;
        space.Release();
        _spaces.RemoveAll(entry => ReferenceEquals(entry.Space, space));
    }

    private void WriteFile()
    {
        ModelObject file = _files[_random.Next(_files.Count)];
        int page = _random.Next(8);
        byte value = (byte)_random.Next(256);
        UserSource source = new(new[] { value });
        IoResult result = file.File!.Pages.Write(page * Page, ref source);
        if (result.IsError)
        {
            CheckStressed(result.Error);
            return;
        }

        // Whole pages only, to keep the model simple.
        while (file.Pages.Count <= page) file.Pages.Add(0);
        file.Pages[page] = value;
        Assert.Equal(Errno.None, file.File.Pages.Truncate(file.Pages.Count * Page));
    }

    private void TruncateFile()
    {
        ModelObject file = _files[_random.Next(_files.Count)];
        int length = _random.Next(8);
        Assert.Equal(Errno.None, file.File!.Pages.Truncate(length * Page));
        while (file.Pages.Count < length) file.Pages.Add(0);
        file.Pages.RemoveRange(length, file.Pages.Count - length);
        foreach (ModelPage page in _spaces.SelectMany(entry => entry.Pages.Values))
        {
            if (ReferenceEquals(page.Object, file) && page.Index >= length) page.Own = null;
        }
    }

    private void PokePage(Dictionary<int, ModelPage> pages, int page)
    {
        byte value = (byte)_random.Next(256);
        bool isDone = TryPoke(PageAt(page), value);
        if (!isDone && Faults.Last == FaultResult.OutOfMemory)
        {
            Assert.True(_isStressed);
            return;
        }

        FaultResult expected = pages.TryGetValue(page, out ModelPage? model)
            ? model.Expect(FaultAccess.Write)
            : FaultResult.BadAddress;
        Assert.Equal(expected == FaultResult.Handled, isDone);
        if (isDone) model!.Value = value;
        else Assert.Equal(expected, Faults.Last);
    }

    private void PeekPage(Dictionary<int, ModelPage> pages, int page)
    {
        byte[] value = new byte[1];
        bool isDone = UserMemory.CopyIn(value, PageAt(page)) == 1;
        if (!isDone && Faults.Last == FaultResult.OutOfMemory)
        {
            Assert.True(_isStressed);
            return;
        }

        FaultResult expected = pages.TryGetValue(page, out ModelPage? model)
            ? model.Expect(FaultAccess.Read)
            : FaultResult.BadAddress;
        Assert.Equal(expected == FaultResult.Handled, isDone);
        if (isDone) Assert.Equal(model!.Value, value[0]);
        else Assert.Equal(expected, Faults.Last);
    }

    private void CheckAll()
    {
        foreach ((AddressSpace space, Dictionary<int, ModelPage> pages) in _spaces)
        {
            Enter(space);
            for (int page = 0; page < WindowPages + 16; page++)
            {
                bool isMapped = TryFind(space, page, out VmaInfo info);
                Assert.Equal(pages.ContainsKey(page), isMapped);
                if (isMapped) CheckMapping(pages[page], page, in info);
                PeekPage(pages, page);
            }

            Assert.Equal(pages.Count, space.Sizes.Total);
            Assert.Equal(pages.Values.Count(page => page.Own is not null), space.Resident.Anonymous);
        }
    }

    private static void CheckMapping(ModelPage model, int page, in VmaInfo info)
    {
        Assert.Equal(model.Rights, info.Rights);
        Assert.Equal(model.IsShared, info.IsShared);
        if (model.Object?.File is not { } file) return;
        Assert.Same(file, info.File);
        Assert.Equal(model.Index, info.FirstPage + (long)((PageAt(page) - info.Start) / Page));
    }

    private static bool TryFind(AddressSpace space, int page, out VmaInfo info) =>
        space.TryGetNext(PageAt(page), out info) && info.Start <= PageAt(page);

    private static UserAddress PageAt(int page) => s_window + (ulong)page * Page;

    private void CheckStressed(Errno error)
    {
        Assert.True(_isStressed, error.ToString());
        Assert.Equal(Errno.ENOMEM, error);
    }
}
