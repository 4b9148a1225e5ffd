namespace Cashew.Tool.Bench;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Cashew.Tool.Images;
using Cashew.Tool.Support;

/// <summary>The programs in bench/: compiles them, and packs the archives that both kernels boot.</summary>
internal sealed class BenchPrograms
{
    private const int Executable = 0x1ED;
    private const int Readable = 0x1A4;
    private const int Private = 0x180;

    private const int UnreadFileBytes = 30_000;
    private const int UnreadFilesInFolder = 100;

    private static readonly string[] s_folders =
    [
        "bench", "bin", "dev", "lib", "lib/x86_64-linux-gnu", "lib64", "proc", "root", "sys", "tmp",
    ];

    private readonly Toolbox _tools;

    internal BenchPrograms(Toolbox tools) => _tools = tools;

    private string Source => _tools.Repository.PathOf("bench");

    private string Output => _tools.Repository.ArtifactOf("bench", "programs");

    internal void Compile()
    {
        string[] sources = Directory.GetFiles(Path.Combine(Source, "rows"), "*.c");
        using Fingerprint inputs = new Fingerprint().Text("1").Tree(Source, "*.c", "*.h");
        Cache.Make(Output, inputs, () =>
        {
            _tools.Packages.Require(Packages.MuslCompiler);
            Directory.CreateDirectory(Output);
            _tools.Reporter.Step("compile the measurements", () =>
            {
                Compile("bench", [Path.Combine(Source, "bench.c"), .. sources.Order(StringComparer.Ordinal)]);
                Compile("exit", [Path.Combine(Source, "exit.c")]);
                Compile("start", [Path.Combine(Source, "start.c")]);
            });
        });
    }

    /// <summary>
    /// The rows that guests measure, in their order. The program is Linux's own: this host can ask it.
    /// </summary>
    internal IEnumerable<BenchRow> Rows() =>
        External.RunChecked(Path.Combine(Output, "bench"), ["--list"])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'))
            .Select(words => new BenchRow(words[0], words[1]));

    /// <summary>An archive whose init measures the rows that its words name.</summary>
    internal void PackRows(string path, IEnumerable<string> words)
    {
        string busybox = Path.Combine(_tools.Debian.Unpacked("busybox-static"), "bin", "busybox");
        using FileStream output = File.Create(path);
        using CpioWriter image = new(output);
        AddBase(image);
        AddProgram(image, "init", Path.Combine(Output, "bench"));
        AddProgram(image, "bench/exit", Path.Combine(Output, "exit"));
        AddProgram(image, "bin/busybox", busybox);
        image.AddSymlink("bin/sh", "busybox");
        AddDynamic(image);
        image.AddFile("bench/arguments", Readable, Encoding.UTF8.GetBytes(string.Join('\n', words) + '\n'));
    }

    /// <summary>An archive whose init says that it runs; besides, files that nobody opens.</summary>
    internal void PackStart(string path, int megabytes)
    {
        using FileStream output = File.Create(path);
        using CpioWriter image = new(output);
        AddBase(image);
        AddProgram(image, "init", Path.Combine(Output, "start"));
        AddUnread(image, megabytes);
    }

    // Of a length as a distribution's files have on average, and never whole pages.
    private static void AddUnread(CpioWriter image, int megabytes)
    {
        byte[] content = new byte[UnreadFileBytes];
        new Random(UnreadFileBytes).NextBytes(content);
        long files = megabytes * 1024L * 1024 / UnreadFileBytes;
        for (long i = 0; i < files; i++)
        {
            if (i % UnreadFilesInFolder == 0)
                image.AddDirectory($"root/{i / UnreadFilesInFolder}", Executable);
            image.AddFile($"root/{i / UnreadFilesInFolder}/file-{i}", Readable, content);
        }
    }

    private static void AddBase(CpioWriter image)
    {
        image.AddDirectory(".", Executable);
        foreach (string folder in s_folders)
            image.AddDirectory(folder, Executable);
        image.AddCharacterDevice("dev/console", Private, 5, 1);
        image.AddCharacterDevice("dev/null", Readable, 1, 3);
        image.AddCharacterDevice("dev/zero", Readable, 1, 5);
        image.AddCharacterDevice("dev/ttyS1", Private, 4, 65);
    }

    /// <summary>A dynamic program, and what it takes, where Debian has them.</summary>
    private void AddDynamic(CpioWriter image)
    {
        const string Libraries = "lib/x86_64-linux-gnu";
        const string Loader = "ld-linux-x86-64.so.2";
        string libc = _tools.Debian.Unpacked("libc6");
        AddProgram(image, "bin/true", Path.Combine(_tools.Debian.Unpacked("coreutils"), "bin", "true"));
        AddProgram(image, $"{Libraries}/{Loader}", Path.Combine(libc, Libraries, Loader));
        AddProgram(image, $"{Libraries}/libc.so.6", Path.Combine(libc, Libraries, "libc.so.6"));
        image.AddSymlink($"lib64/{Loader}", $"/{Libraries}/{Loader}");
    }

    private static void AddProgram(CpioWriter image, string name, string path) =>
        image.AddFile(name, Executable, File.ReadAllBytes(path));

    private void Compile(string name, IEnumerable<string> sources)
    {
        string[] flags = ["-static", "-O2", "-s", "-Wall", "-Wextra", "-Werror"];
        External.RunChecked("musl-gcc", [.. flags, "-o", Path.Combine(Output, name), .. sources]);
    }
}
