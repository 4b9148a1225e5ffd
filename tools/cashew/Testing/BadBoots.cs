namespace Cashew.Tool.Testing;

using System.Collections.Generic;
using System.Linq;
using System.Text;
using Cashew.Tool.Images;
using Cashew.Tool.Machines;

/// <summary>What a kernel can be given that it cannot run, and what it has to say to that.</summary>
internal static class BadBoots
{
    // Prints what stands nowhere in the words it is started with.
    private const string Pipeline = "seq 1 2000 | grep 7 | sort -r | wc -l | tr 2 x";

    internal static IEnumerable<BadBoot> All() => [.. Archives, .. Programs, .. Machines];

    private static IEnumerable<BadBoot> Archives =>
    [
        new("no initramfs") { Words = ["no initramfs"] },
        new("an empty archive")
        {
            Archive = BadArchives.Empty,
            Words = ["no init can be run", "/init", "/bin/sh"],
        },
        new("NULs instead of an archive")
        {
            Archive = new byte[8192],
            Words = ["no init can be run", "/init"],
        },
        new("random bytes") { Archive = BadArchives.Random, Words = ["initramfs: this is no archive", "a5"] },
        new("a truncated archive")
        {
            Archive = BadArchives.Truncated,
            Words = ["initramfs: the archive is cut off in the data of a file", "(data)"],
        },
        new("a bad magic in the middle")
        {
            Archive = BadArchives.WithBadMagic,
            Words = ["initramfs: this is no archive", "30 37 30 37 30 39"],
        },
        new("a file of 4 GiB")
        {
            Archive = BadArchives.WithHugeFile,
            Words = ["initramfs: the archive is cut off in the data of a file", "(data)"],
        },
        new("a name of 4 GiB")
        {
            Archive = BadArchives.WithHugeName,
            Words = ["initramfs: a name has an impossible length"],
        },
        new("a truncated gzip")
        {
            Archive = BadArchives.TruncatedGzip,
            Words = ["initramfs: the compressed data is cut off"],
        },
        new("a gzip with a bad checksum")
        {
            Archive = BadArchives.GzipWithBadChecksum,
            Words = ["initramfs: the compressed data has a wrong checksum"],
        },
        Survived("names that climb out of the root",
            "cat /climbed /also-climbed /by-link; echo; readlink -f /tmp/up", "climbedclimbedclimbed")
            with { Archive = BadArchives.WithNamesThatClimb },
    ];

    private static IEnumerable<BadBoot> Programs =>
    [
        new("an archive without init")
        {
            Archive = BadArchives.WithoutInit,
            Words = ["no init can be run", "/init", "/sbin/init", "/bin/sh"],
        },
        new("an init that is garbage")
        {
            Archive = BadArchives.WithInit(BadArchives.FalseElf),
            Words = ["no init can be run", "/init (it is no program)"],
        },
        new("an init without its interpreter")
        {
            Archive = BadArchives.WithInit("#!/bin/sh\n"u8),
            Words = ["no init can be run", "/init (it or its interpreter is not there)"],
        },
        new("an init that is not there")
        {
            Archive = BadArchives.WithoutInit,
            CommandLine = "quiet init=/nonexistent",
            Words = ["no init can be run: /nonexistent (it or its interpreter is not there)"],
        },
        new("an init that ends")
        {
            Program = Shell(""),
            CommandLine = "quiet init=/bin/false",
            Words = ["init has ended, with exit code 1"],
        },
        new("a command line of 5000 bytes")
        {
            Archive = BadArchives.WithoutInit,
            CommandLine = new string('x', 5000),
            Words = ["the command line is longer", "4095"],
        },
    ];

    // Below 3 MiB no loader finds a place for the kernel's first page.
    private static IEnumerable<BadBoot> Machines =>
    [
        new("3 MiB of memory") { Memory = "3M", Words = ["too little memory: the kernel itself"] },
        new("7 MiB of memory")
        {
            Memory = "7M",
            Archive = new byte[2 << 20],
            Words = ["too little memory", "are left beside the kernel and its initramfs"],
        },
        Survived("16 MiB of memory", Pipeline, "54x") with { Memory = "16M" },
        Survived("32 MiB of memory", Pipeline, "54x") with { Memory = "32M" },
    ];

    private static BadBoot Survived(string name, string script, params string[] words) => new(name)
    {
        Program = Shell(script),
        Ending = MachineEnding.PoweredOff,
        Words = words,
    };

    private static GuestProgram Shell(string script) =>
        new(((string[])["/bin/sh", "-c", script]).Select(Encoding.UTF8.GetBytes).ToArray(), Input: null);
}
