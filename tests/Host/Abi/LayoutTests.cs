using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Cashew.Abi;
using Xunit;

namespace Cashew.Host.Abi;

/// <summary>Asks the C compiler and the headers of the system whether our numbers and layouts are
/// theirs.</summary>
public sealed class LayoutTests
{
    private static readonly Dictionary<Type, string> s_structures = new()
    {
        { typeof(Timespec), "struct timespec" },
        { typeof(Timeval), "struct timeval" },
        { typeof(Timezone), "struct timezone" },
        { typeof(Itimerspec), "struct itimerspec" },
        { typeof(Itimerval), "struct itimerval" },
        { typeof(Timex), "struct timex" },
        { typeof(Tms), "struct tms" },
        { typeof(Utimbuf), "struct utimbuf" },
        { typeof(Stat), "struct stat" },
        { typeof(StatxTimestamp), "struct statx_timestamp" },
        { typeof(Statx), "struct statx" },
        { typeof(Statfs), "struct statfs" },
        { typeof(Dirent64), "struct linux_dirent64" },
        { typeof(Iovec), "struct iovec" },
        { typeof(PollFd), "struct pollfd" },
        { typeof(EpollEvent), "struct epoll_event" },
        { typeof(Flock), "struct flock" },
        { typeof(FOwnerEx), "struct f_owner_ex" },
        { typeof(OpenHow), "struct open_how" },
        { typeof(InotifyEvent), "struct inotify_event" },
        { typeof(SignalfdSiginfo), "struct signalfd_siginfo" },
        { typeof(Utsname), "struct utsname" },
        { typeof(Sysinfo), "struct sysinfo" },
        { typeof(IpcPerm), "struct ipc_perm" },
        { typeof(ShmidDs), "struct shmid_ds" },
        { typeof(ShmLimits), "struct shminfo" },
        { typeof(ShmInfo), "struct shm_info" },
        { typeof(SemidDs), "struct semid_ds" },
        { typeof(SemInfo), "struct seminfo" },
        { typeof(Sembuf), "struct sembuf" },
        { typeof(MsqidDs), "struct msqid_ds" },
        { typeof(MsgInfo), "struct msginfo" },
        { typeof(Rusage), "struct rusage" },
        { typeof(Rlimit), "struct rlimit" },
        { typeof(Sigaction), "struct kernel_sigaction" },
        { typeof(Sigaltstack), "stack_t" },
        { typeof(SigsetArgument), "struct sigset_argument" },
        { typeof(Sigcontext), "struct sigcontext_64" },
        { typeof(Ucontext), "struct ucontext_64" },
        { typeof(FpxSwBytes), "struct fpx_sw" },
        { typeof(Fpstate), "struct _fpstate_64" },
        { typeof(CloneArgs), "struct clone_args" },
        { typeof(RobustListHead), "struct robust_list_head" },
        { typeof(Rseq), "struct rseq" },
        { typeof(SchedParam), "struct sched_param" },
        { typeof(SchedAttr), "struct sched_attr_v0" },
        { typeof(CapHeader), "struct __user_cap_header_struct" },
        { typeof(CapData), "struct __user_cap_data_struct" },
        { typeof(Termios), "struct termios_kernel" },
        { typeof(Termios2), "struct termios2_kernel" },
        { typeof(Termio), "struct termio_kernel" },
        { typeof(Winsize), "struct winsize" },
        { typeof(ElfHeader), "Elf64_Ehdr" },
        { typeof(ElfProgramHeader), "Elf64_Phdr" },
        { typeof(ElfSectionHeader), "Elf64_Shdr" },
        { typeof(MsgHdr), "struct msghdr" },
        { typeof(MmsgHdr), "struct mmsghdr" },
        { typeof(CmsgHdr), "struct cmsghdr" },
        { typeof(Ucred), "struct ucred" },
        { typeof(Linger), "struct linger" },
        { typeof(SockaddrIn), "struct sockaddr_in" },
        { typeof(SockaddrIn6), "struct sockaddr_in6" },
        { typeof(SockaddrUn), "struct sockaddr_un" },
        { typeof(SockaddrNetlink), "struct sockaddr_nl" },
        { typeof(NlMsgHdr), "struct nlmsghdr" },
    };

    // The C headers give another value than the kernel's interface: the C library keeps some signals for
    // itself.
    private static readonly HashSet<string> s_libraryOnly = ["_NSIG", "SIGRTMIN", "SIGRTMAX", "NCCS", "MINSIGSTKSZ", "SIGSTKSZ"];

    private static readonly Dictionary<string, string> s_renamed = new() { ["O_LARGEFILE"] = "0100000" };

    [Fact]
    public void Every_field_lies_where_the_C_compiler_puts_it()
    {
        StringBuilder program = new();
        List<(string What, int Ours)> expectations = [];
        foreach ((Type type, string name) in s_structures)
        {
            AddStructure(program, expectations, type, name);
        }

        AddStructure(program, expectations, typeof(SigInfo), "siginfo_t");
        Check(Compile(program), expectations);
    }

    [Fact]
    public void Every_constant_has_the_value_of_the_headers()
    {
        StringBuilder program = new();
        List<(string What, long Ours)> expectations = [];
        foreach (Type type in typeof(Errno).Assembly.GetTypes())
        {
            if (type.Namespace != "Cashew.Abi" || !(type.IsAbstract && type.IsSealed))
            {
                continue;
            }

            foreach (FieldInfo field in type.GetFields())
            {
                string name = type == typeof(SyscallNumber) ? "__NR_" + field.Name : field.Name;
                string expression = s_renamed.GetValueOrDefault(name, name);
                if (!field.IsLiteral || s_libraryOnly.Contains(name))
                {
                    continue;
                }

                object value = field.GetRawConstantValue()!;
                long ours = value is ulong big ? unchecked((long)big) : Convert.ToInt64(value);
                AddConstant(program, expectations, name, expression, ours);
            }
        }

        foreach (Errno errno in Enum.GetValues<Errno>())
        {
            AddConstant(program, expectations, errno.ToString(), errno.ToString(), (long)errno);
        }

        Dictionary<string, long> theirs = Compile(program);
        Assert.True(theirs.Count > 1000, $"the headers know only {theirs.Count} of the names");
        foreach ((string what, long ours) in expectations)
        {
            if (theirs.TryGetValue(what, out long value) && value != ours && (int)value != ours && (uint)value != ours)
            {
                Assert.Fail($"{what} is {value} in the headers, {ours} here");
            }
        }
    }

    private static void AddConstant(
        StringBuilder program, List<(string What, long Ours)> expectations, string name, string expression, long ours)
    {
        program.Append($"#ifdef {name}\nprintf(\"{name} %lld\\n\", (long long)({expression}));\n#endif\n");
        expectations.Add((name, ours));
    }

    private static void AddStructure(
        StringBuilder program, List<(string What, int Ours)> expectations, Type type, string name)
    {
        program.Append($"printf(\"{type.Name} %d\\n\", (int)sizeof({name}));\n");
        expectations.Add((type.Name, SizeOf(type)));
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public))
        {
            if (field.Name.StartsWith("__", StringComparison.Ordinal))
            {
                continue; // spare room has other names in other headers
            }

            string what = $"{type.Name}.{field.Name}";
            program.Append($"printf(\"{what} %d\\n\", (int)offsetof({name}, {field.Name}));\n");
            expectations.Add((what, OffsetOf(type, field)));
        }
    }

    private static void Check(Dictionary<string, long> theirs, List<(string What, int Ours)> expectations)
    {
        Assert.True(expectations.Count > 300);
        foreach ((string what, int ours) in expectations)
        {
            Assert.True(theirs[what] == ours, $"{what} is at {theirs[what]} in C, at {ours} here");
        }
    }

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    /// <summary>Where a value lands whose bytes are all ones: the first byte that is not zero.</summary>
    private static int OffsetOf(Type type, FieldInfo field)
    {
        object ones = Ones(field.FieldType);
        object structure = RuntimeHelpers.GetUninitializedObject(type);
        field.SetValue(structure, ones);
        byte[] bytes = Bytes(structure);
        return bytes.AsSpan().IndexOfAnyExcept((byte)0);
    }

    private static object Ones(Type type)
    {
        MethodInfo make = typeof(LayoutTests).GetMethod(nameof(OnesOf), BindingFlags.NonPublic | BindingFlags.Static)!;
        return make.MakeGenericMethod(type).Invoke(null, null)!;
    }

    private static T OnesOf<T>()
        where T : unmanaged
    {
        T value = default;
        MemoryMarshal.AsBytes(new Span<T>(ref value)).Fill(0xFF);
        return value;
    }

    private static byte[] Bytes(object structure)
    {
        MethodInfo copy = typeof(LayoutTests).GetMethod(nameof(BytesOf), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (byte[])copy.MakeGenericMethod(structure.GetType()).Invoke(null, [structure])!;
    }

    private static byte[] BytesOf<T>(T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new Span<T>(ref value)).ToArray();

    private static Dictionary<string, long> Compile(StringBuilder statements)
    {
        string folder = Directory.CreateTempSubdirectory("cashew-abi").FullName;
        try
        {
            string source = Path.Combine(folder, "abi.c");
            string binary = Path.Combine(folder, "abi");
            File.WriteAllText(source, Headers.Text + "int main(void) {\n" + statements + "return 0;\n}\n");
            Run("gcc", $"-w -o {binary} {source}");
            string output = Run(binary, "");
            Dictionary<string, long> values = [];
            foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] words = line.Split(' ');
                values[words[0]] = long.Parse(words[1]);
            }

            return values;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Run(string program, string arguments)
    {
        try
        {
            ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true };
            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{program} failed");
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("no C compiler here");
            throw;
        }
    }
}
