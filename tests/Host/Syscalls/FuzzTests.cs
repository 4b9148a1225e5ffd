using System;
using System.Collections.Generic;
using Cashew.Abi;
using Cashew.Machine;
using Cashew.Machine.Simulated;
using Cashew.Processes;
using Cashew.Syscalls;
using Xunit;

namespace Cashew.Host.Syscalls;

/// <summary>
/// Programs that call the kernel with whatever comes to their mind. It must say no, or do it, but never
/// break; and when they have all been killed, nothing may be left of them.
/// </summary>
public sealed class FuzzTests
{
    private const ulong Data = UserCode.Data;
    private const int DataBytes = (int)(UserCode.DataEnd - UserCode.Data);
    private const int CallsEach = 300;
    private const ulong Lives = 20;

    private static readonly int s_seeds =
        int.Parse(Environment.GetEnvironmentVariable("CASHEW_FUZZ_SEEDS") ?? "15");

    private static readonly string[] s_paths =
    [
        "/", "/init", "/a", "/a/b", "/a/../init", "/dev", ".", "..", "", "/a/", "//", "link", "/loop", "tmpfs", "/f",
    ];

    private static readonly ulong[] s_values =
    [
        0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 24, 64, 100, 128, 255, 256, 1000, 1024, 4095, 4096, 8192, 65536, 0x10_0000,
        0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, long.MaxValue, 1UL << 63, ulong.MaxValue,
        unchecked((ulong)-2), unchecked((ulong)-100), 0x1000, 0x40_0000, 0x60_0000, 0x7FFF_FFFF_EFF8, 0x7FFF_FFFF_F000,
        0x8000_0000_0000, 0xFFFF_8000_0000_0000,
    ];

    private static readonly HashSet<int> s_left = [SyscallNumber.reboot];

    [Theory]
    [InlineData(0, 0u, false)]
    [InlineData(1000, 0u, true)]
    [InlineData(2000, 1000u, false)]
    [InlineData(3000, 1000u, true)]
    public void Random_calls_break_nothing(int firstSeed, uint uid, bool isMemoryShort)
    {
        HashSet<int> succeeded = [];
        for (int seed = firstSeed; seed < firstSeed + s_seeds; seed++)
        {
            Fuzzer fuzzer = new(seed, succeeded, isMemoryShort);
            TestMachine.Run(seed, code => Write(code, fuzzer, uid), frames: 8192);
        }

        Assert.True(succeeded.Count > 95, $"only {succeeded.Count} calls have ever succeeded");
    }

    /// <summary>Again and again: init makes a child that does it, kills whatever has come of it after a
    /// while, and waits for all.</summary>
    private static void Write(UserCode code, Fuzzer fuzzer, uint uid)
    {
        UserCode.Label again = code.NewLabel();
        UserCode.Label child = code.NewLabel();
        UserCode.Label next = code.NewLabel();
        UserCode.Label collect = code.NewLabel();
        UserCode.Label end = code.NewLabel();
        code.Do(static (ref UserRegisters user) => user.R12 = Lives);
        code.Mark(again);
        code.Do((ref UserRegisters _) => fuzzer.Rest());
        code.Fork(child);
        code.Sleep(5_000_000);
        code.Do(static (ref UserRegisters _) => Simulation.Current.StopFailingFrames());
        code.Call(SyscallNumber.kill, ulong.MaxValue, Signals.SIGKILL);
        code.Mark(collect);
        code.Call(SyscallNumber.wait4, ulong.MaxValue, 0, WaitBits.__WALL);
        code.JumpIf(static user => (long)user.Rax != -(long)Errno.ECHILD, collect);
        code.Do(static (ref UserRegisters user) => user.R12--);
        code.JumpIf(static user => user.R12 != 0, again);
        code.Jump(end);

        code.Mark(child);
        Limit(code, RlimitResource.RLIMIT_AS, 32 << 20);
        Limit(code, RlimitResource.RLIMIT_FSIZE, 1 << 20);
        Limit(code, RlimitResource.RLIMIT_NPROC, 12);
        code.Call(SyscallNumber.setresuid, uid, uid, uid);
        code.Mark(next);
        code.Do(fuzzer.Call);
        code.Jump(next);
        code.Mark(end);
        code.Do(static (ref UserRegisters _) => RemoveNamedMemory());
    }

    /// <summary>What System V objects hold outlives all processes.</summary>
    private static void RemoveNamedMemory()
    {
        for (int slot = 0; slot < IpcLimits.MostObjects; slot++)
        {
            if (SharedSegments.Table.At(slot) is { } segment) SharedSegments.Remove(segment);
            if (SemaphoreSets.Table.At(slot) is { } set) _ = SemaphoreSets.Remove(set);
            if (MessageQueues.Table.At(slot) is { } queue) _ = MessageQueues.Remove(queue);
        }
    }

    private static void Limit(UserCode code, int resource, ulong value)
    {
        code.Do((ref UserRegisters _) => UserCode.Set(Data, new Rlimit { rlim_cur = value, rlim_max = value }));
        code.Call(SyscallNumber.setrlimit, (ulong)resource, Data);
        code.Succeeds("setrlimit");
    }

    private sealed class Fuzzer
    {
        private const int NoMore = SyscallNumber.exit_group;

        private readonly Random _random;
        private readonly HashSet<int> _succeeded;
        private readonly List<int> _numbers = [];
        private readonly bool _isMemoryShort;
        private int _calls;

        internal Fuzzer(int seed, HashSet<int> succeeded, bool isMemoryShort)
        {
            _isMemoryShort = isMemoryShort;
            _random = new Random(seed);
            _succeeded = succeeded;
            SyscallTable table = new();
            for (int number = 0; number < SyscallTable.Length; number++)
            {
                if (table[number] is not null && !s_left.Contains(number)) _numbers.Add(number);
            }
        }

        /// <summary>Before another life.</summary>
        internal void Rest()
        {
            _calls = 0;
            Simulation.Current.StopFailingFrames();
        }

        internal void Call(ref UserRegisters user)
        {
            int number = ++_calls > CallsEach ? NoMore : Pick();
            ScribbleOnData();
            if (_isMemoryShort && _random.Next(3) == 0)
                Simulation.Current.FailFrameAllocation(_random.Next(12), once: _random.Next(4) != 0);
            user.Rip -= 2;
            long result = Simulation.Current.SystemCall(
                number, Argument(), Argument(), Argument(), Argument(), Argument(), Argument());
            if (_isMemoryShort) Simulation.Current.StopFailingFrames();
            if (number == SyscallNumber.rt_sigreturn) return; // its result is the frame's
            if (result >= 0) _succeeded.Add(number);
            bool isError = result is < 0 and >= -4095;
            Assert.True(!isError || Enum.IsDefined((Errno)(-result)) && result > -512, $"call {number} said {result}");
        }

        private int Pick()
        {
            // Most calls need no process of their own, and most of those that end one end all of this.
            int number = _numbers[_random.Next(_numbers.Count)];
            bool ends = number is SyscallNumber.exit or SyscallNumber.exit_group or SyscallNumber.rt_sigreturn
                or SyscallNumber.pause or SyscallNumber.rt_sigsuspend or SyscallNumber.kill or SyscallNumber.tkill
                or SyscallNumber.munmap;
            return ends && _random.Next(10) != 0 ? Pick() : number;
        }

        private ulong Argument() => _random.Next(10) switch
        {
            0 or 1 => Data + (ulong)(_random.Next(DataBytes / 8) * 8),
            2 => 1UL << _random.Next(_random.Next(1, 64)),
            3 or 4 => (ulong)_random.Next(8),
            5 => 0,
            6 => (ulong)_random.NextInt64() >> _random.Next(64),
            _ => s_values[_random.Next(s_values.Length)],
        };

        private void ScribbleOnData()
        {
            if (!IsDataThere()) return;
            for (int i = 0; i < 12; i++)
            {
                ulong at = Data + (ulong)(_random.Next(DataBytes / 8 - 4) * 8);
                if (_random.Next(3) != 0)
                {
                    UserCode.SetWord(at, Argument());
                    continue;
                }

                string path = s_paths[_random.Next(s_paths.Length)] + "\0";
                UserCode.SetBytes(at, System.Text.Encoding.ASCII.GetBytes(path));
            }
        }

        /// <summary>The program may have unmapped or locked away its own data.</summary>
        private static bool IsDataThere()
        {
            for (ulong at = Data; at < UserCode.DataEnd; at += 4096)
            {
                if (!UserThread.Current.Process.Memory!.TryGetNext(new UserAddress(at), out Cashew.Memory.VmaInfo vma)
                    || vma.Start.Value > at || (vma.Rights & PageRights.Write) == 0
                    || (vma.Rights & PageRights.Read) == 0) return false;
            }

            return true;
        }
    }
}
