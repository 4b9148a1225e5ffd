using System;
using System.Collections.Generic;
using System.Linq;
using Cashew.Abi;
using Cashew.Files;
using Cashew.Machine.Simulated;
using Xunit;

namespace Cashew.Host.Files;

// The cache of names never holds many more than it should, whatever it is asked for, and never a wrong one.
public sealed class NameCacheTests : FilesTest
{
    private const int Play = 16;

    [Fact]
    public void Names_that_do_not_exist_are_forgotten_again()
    {
        int limit = DentryCache.Limit;
        for (int i = 0; i < limit * 4; i++) Assert.Equal(Errno.ENOENT, StatError($"/no-{i}"));
        Assert.InRange(DentryCache.Count, limit / 2, limit + Play);
        Create("/no-7");
        Assert.Equal(Errno.None, StatError("/no-7"));
    }

    [Fact]
    public void Names_that_exist_are_forgotten_and_found_again()
    {
        int limit = DentryCache.Limit;
        Assert.Equal(Errno.None, Mkdir("/d"));
        int files = limit * 3 / 2; // more than the file system takes would be no test of this
        for (int i = 0; i < files; i++) Create($"/d/{i}");
        Assert.InRange(DentryCache.Count, limit / 2, limit + Play);
        for (int i = 0; i < files; i += 7) Assert.Equal(Errno.None, StatError($"/d/{i}"));
        Assert.Equal(files, List("/d").Count);
    }

    [Fact]
    public void Under_pressure_only_what_is_in_use_stays()
    {
        Assert.Equal(Errno.None, Mkdir("/d"));
        for (int i = 0; i < 500; i++) Create($"/d/{i}");
        OpenFile file = Open("/d/77", OpenBits.O_RDONLY);

        // The first round takes the marks of use away, each further one what hangs on nothing any more.
        for (int i = 0; i < 3; i++) DentryCache.DropUnused();
        Dentry open = file.Location.Dentry;
        Assert.Same(open, Find("/d/77").Dentry);
        Assert.Same(open.Parent, Find("/d").Dentry);
        Assert.InRange(DentryCache.Count, 2, 50);
        file.Location.Unpin();
        open.Parent!.Unpin();
        file.Release();
    }

    [Fact]
    public void Files_that_move_around_are_where_they_went()
    {
        Random random = new(11);
        string[] directories = [.. Enumerable.Range(0, 5).Select(i => $"/d{i}")];
        foreach (string directory in directories) Assert.Equal(Errno.None, Mkdir(directory));
        Dictionary<string, int> places = [];
        for (int step = 0; step < 20_000; step++)
        {
            string path = $"{directories[random.Next(5)]}/{random.Next(60)}";
            string other = $"{directories[random.Next(5)]}/{random.Next(60)}";
            switch (random.Next(4))
            {
                case 0 when !places.ContainsKey(path):
                    Create(path, $"{step}");
                    places.Add(path, step);
                    break;
                case 1 when places.Remove(path):
                    Assert.Equal(Errno.None, Unlink(path));
                    break;
                case 2 when path != other && places.Remove(path, out int moved):
                    Assert.Equal(Errno.None, Rename(path, other));
                    places[other] = moved;
                    break;
                default:
                    if (places.TryGetValue(path, out int number)) Assert.Equal($"{number}", ReadAll(path));
                    else Assert.Equal(Errno.ENOENT, StatError(path));
                    break;
            }

            if (step % 3000 == 0) DentryCache.DropUnused();
        }
    }

    [Fact]
    public void Open_files_are_limited_but_not_for_root()
    {
        Assert.InRange(OpenFileLimit.Most, 8192, long.MaxValue);
        OpenFileLimit.Most = OpenFile.Count + 1;
        Assert.Equal(Errno.None, OpenFileLimit.Check(new Credentials()));
        OpenFile file = Open("/f");
        Assert.Equal(Errno.ENFILE, OpenFileLimit.Check(new Credentials()));
        Assert.Equal(Errno.None, OpenFileLimit.Check(Credentials.ForRoot()));
        Simulation.HeapStock = HeapStock.Short;
        Assert.Equal(Errno.ENOMEM, OpenFileLimit.Check(Credentials.ForRoot()));
        Simulation.HeapStock = HeapStock.Full;
        OpenFileLimit.Most = 0; // as it was: whatever memory says
        file.Release();
    }

    [Fact]
    public void A_long_link_takes_a_page_of_the_file_system()
    {
        Assert.Equal(Errno.None, Mkdir("/t"));
        Assert.Equal(Errno.None, Mount("tmpfs", "/t", $"size={2 * Page}"));
        string target = new('x', 128);
        Assert.Equal(Errno.None, SymlinkError(target, "/t/a"));
        Assert.Equal(Errno.None, SymlinkError(target, "/t/b"));
        Assert.Equal(Errno.ENOSPC, SymlinkError(target, "/t/c"));
        Assert.Equal(Errno.None, SymlinkError(target[1..], "/t/c"));
        Assert.Equal(Errno.None, Unlink("/t/a"));
        Assert.Equal(Errno.None, SymlinkError(target, "/t/d"));
    }

    [Fact]
    public void Mounts_on_one_place_come_to_an_end()
    {
        Assert.Equal(Errno.None, Mkdir("/d"));
        int made = 0;
        Errno error;
        do
        {
            PathLocation place = Find("/d");
            error = Mounts.Bind(place, withSubmounts: false, place);
            place.Unpin();
        }
        while (error == Errno.None && ++made < 10_000);
        Assert.Equal(Errno.ENOSPC, error);
        Assert.InRange(made, 100, 1000);
    }
}
