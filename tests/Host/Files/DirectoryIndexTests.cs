using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;
using Xunit;

namespace Cashew.Host.Files;

public sealed class DirectoryIndexTests : FilesTest
{
    private const int ManyEntries = 300_000;
    private const long FirstCookie = DirectoryFile.FirstEntry;

    private readonly Inode[] _inodes;

    public DirectoryIndexTests()
    {
        TmpfsFilesystem filesystem = TmpfsType.CreateRoot();
        NewNode plain = new(Mode.S_IFREG | OpenForAll, 0, 0);
        _inodes = new Inode[16];
        for (int i = 0; i < _inodes.Length; i++)
            Assert.True(filesystem.TryCreateInode(plain, out _inodes[i]!, out Errno error), error.ToString());
    }

    /// <summary>Names in the order in which they were made, and what they lead to.</summary>
    private sealed class Model
    {
        private readonly Dictionary<string, long> _numbers = [];
        private readonly SortedDictionary<long, (string Name, Inode Inode)> _entries = [];
        private long _next;

        internal int Count => _numbers.Count;
        internal IEnumerable<(string Name, Inode Inode)> InOrder => _entries.Values;
        internal bool Has(string name) => _numbers.ContainsKey(name);
        internal void Replace(string name, Inode inode) => _entries[_numbers[name]] = (name, inode);

        internal void Add(string name, Inode inode)
        {
            _numbers.Add(name, _next);
            _entries.Add(_next++, (name, inode));
        }

        internal void Remove(string name)
        {
            _ = _numbers.Remove(name, out long number);
            _ = _entries.Remove(number);
        }
    }

    [Fact]
    public void Three_hundred_thousand_entries_come_change_and_go_as_in_a_model()
    {
        Random random = new(20240615);
        DirectoryIndex index = new();
        Model model = new();
        string[] names = [.. Enumerable.Range(0, ManyEntries).Select(i => $"name-{i:x}")];
        random.Shuffle(names);
        foreach (string name in names) Add(index, model, name, random);
        AssertSame(index, model);

        // Nine of ten go, in no order; some come back, behind the others.
        random.Shuffle(names);
        foreach (string name in names.AsSpan(0, ManyEntries / 10 * 9)) Remove(index, model, name);
        AssertSame(index, model);
        foreach (string name in names.AsSpan(0, ManyEntries / 10)) Add(index, model, name, random);
        AssertSame(index, model);

        foreach (string name in names) Remove(index, model, name);
        AssertSame(index, model);
        Add(index, model, "again", random);
        AssertSame(index, model);
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 300)]
    [InlineData(3, 5000)]
    public void Random_operations_agree_with_a_model(int seed, int differentNames)
    {
        Random random = new(seed);
        DirectoryIndex index = new();
        Model model = new();
        for (int step = 0; step < 60_000; step++)
        {
            string name = $"{random.Next(differentNames)}";

            // It grows and shrinks in turn, or it would stay about half full.
            bool isGrowing = step / 10_000 % 2 == 0;
            if (!model.Has(name))
            {
                Assert.False(index.TryFind(Bytes(name), out _));
                if (isGrowing || random.Next(4) == 0) Add(index, model, name, random);
            }
            else if (!isGrowing || random.Next(4) == 0)
            {
                Remove(index, model, name);
            }
            else
            {
                Inode inode = _inodes[random.Next(_inodes.Length)];
                index.Replace(Bytes(name), inode);
                model.Replace(name, inode);
            }

            if (step % 5_000 == 0) AssertSame(index, model);
        }

        AssertSame(index, model);
    }

    [Fact]
    public void A_position_stays_where_it_is_in_a_large_directory()
    {
        DirectoryIndex index = new();
        for (int i = 0; i < ManyEntries; i++) index.Add(Bytes($"{i}"), _inodes[0]);
        Assert.True(index.TryNext(FirstCookie + ManyEntries / 2, out DirectoryEntry? middle));
        long position = middle!.Cookie;

        // Everything around it goes, and so much comes that nothing can be where it was.
        for (int i = 0; i < ManyEntries; i++)
        {
            if (i % 1000 != 0) index.Remove(Bytes($"{i}"));
        }

        for (int i = 0; i < 1000; i++) index.Add(Bytes($"new {i}"), _inodes[1]);

        List<string> rest = [.. List(index, position).Select(entry => entry.Name)];
        int old = ManyEntries / 1000 / 2;
        Assert.Equal(Enumerable.Range(old, old).Select(i => $"{i * 1000}"), rest.Take(old));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"new {i}"), rest.Skip(old));
        Assert.False(index.TryNext(long.MaxValue, out _));
        Assert.False(index.TryNext(-1, out _));
    }

    // The kernel's heap has no room for large objects, and no time for copies: what an entry takes is known
    // beforehand.
    [Fact]
    public void No_change_takes_more_than_a_few_nodes()
    {
        byte[][] names = [.. Enumerable.Range(0, ManyEntries).Select(i => Bytes($"{i:x8}"))];
        DirectoryIndex first = new();
        foreach (byte[] name in names) first.Add(name, _inodes[0]); // what .NET itself allocates, it allocates here
        foreach (byte[] name in names) first.Remove(name);

        DirectoryIndex index = new();
        (long sum, long most) = Measure(names, name => index.Add(name, _inodes[0]));
        Assert.InRange(most, 1, 2048);
        Assert.InRange(sum / ManyEntries, 1, 120);

        // To take one away costs a node where two buckets become one and neither has any, which is rare.
        (sum, most) = Measure(names, name => index.Remove(name));
        Assert.InRange(most, 0, 2048);
        Assert.InRange(sum, 0, ManyEntries);
    }

    private static (long Sum, long Most) Measure(byte[][] names, Action<byte[]> change)
    {
        long sum = 0;
        long most = 0;
        foreach (byte[] name in names)
        {
            int collections = GC.CollectionCount(0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            change(name);
            long taken = GC.GetAllocatedBytesForCurrentThread() - before;

            // A collection counts what it takes from the thread as allocated.
            if (GC.CollectionCount(0) != collections) continue;
            sum += taken;
            most = Math.Max(most, taken);
        }

        return (sum, most);
    }

    private void Add(DirectoryIndex index, Model model, string name, Random random)
    {
        Inode inode = _inodes[random.Next(_inodes.Length)];
        index.Add(Bytes(name), inode);
        model.Add(name, inode);
    }

    private static void Remove(DirectoryIndex index, Model model, string name)
    {
        if (!model.Has(name)) return;
        index.Remove(Bytes(name));
        model.Remove(name);
    }

    private static void AssertSame(DirectoryIndex index, Model model)
    {
        Assert.Equal(model.Count, index.Count);
        Assert.Equal(model.InOrder, List(index, FirstCookie));
        foreach ((string name, Inode inode) in model.InOrder)
        {
            Assert.True(index.TryFind(Bytes(name), out Inode? found));
            Assert.Same(inode, found);
        }
    }

    private static IEnumerable<(string Name, Inode Inode)> List(DirectoryIndex index, long cookie)
    {
        while (index.TryNext(cookie, out DirectoryEntry? entry))
        {
            yield return (System.Text.Encoding.UTF8.GetString(entry.Name), entry.Inode);
            cookie = entry.Cookie + 1;
        }
    }
}
