using System;
using System.Collections.Generic;
using Cashew.Machine;
using Cashew.Tasks;

namespace Cashew.Kernel.SelfTests.Machine;

/// <summary>System calls, faults, exceptions and interrupts from user mode.</summary>
internal static class UserModeTests
{
    internal static void AddTo(List<SelfTest> tests)
    {
        tests.Add(new SelfTest("a_system_call_passes_and_keeps_registers", SystemCall));
        tests.Add(new SelfTest("a_page_fault_can_be_mended_and_retried", MendedFault));
        tests.Add(new SelfTest("writing_to_code_is_a_fault_with_the_right_cause", WriteToCode));
        tests.Add(new SelfTest("executing_data_is_a_fault_with_the_right_cause", ExecuteData));
        tests.Add(new SelfTest("every_kind_of_exception_arrives_with_its_vector", Exceptions));
        tests.Add(new SelfTest("a_single_step_is_a_debug_exception", SingleStep));
        tests.Add(new SelfTest("vector_registers_survive_a_system_call", Vectors));
        tests.Add(new SelfTest("the_timer_interrupts_a_busy_loop", Timer));
        tests.Add(new SelfTest("running_programs_leaks_no_frame", NoLeak));
    }

    private static UserMachine Run(ReadOnlySpan<byte> code, bool mapsOnFault = false, bool endsByTimer = false)
    {
        KernelEntry? before = KernelEntry.Installed;
        UserMachine machine = UserMachine.Create(Thread.Current.Context, mapsOnFault, endsByTimer)!;
        Check.That(machine.Run(code));
        KernelEntry.Install(before!);
        return machine;
    }

    private static void SystemCall()
    {
        UserMachine machine = Run(UserCode.SystemCall);
        UserRegisters first = machine.First;
        Check.Equal(0x1234UL, first.OriginalRax);
        Check.Equal(1UL, first.Rdi);
        Check.Equal(2UL, first.Rsi);
        Check.Equal(3UL, first.Rdx);
        Check.Equal(4UL, first.R10);
        Check.Equal(5UL, first.R8);
        Check.Equal(6UL, first.R9);
        UserRegisters exit = machine.Exit;
        Check.Equal(0x4321UL, exit.R13);
        Check.Equal(0xBUL, exit.Rbx);
        Check.Equal(0xCUL, exit.R12);
        Check.Equal(0xDUL, exit.Rbp);
        Check.Equal(5UL, exit.R8);
        Check.Equal(UserMachine.StackAddress + UserAddress.PageSizeBytes, exit.Rsp);
        Check.Equal(UserMachine.CodeAddress + (ulong)UserCode.SystemCall.Length, exit.Rip);
        Check.Equal(2, machine.SystemCalls);
    }

    private static void MendedFault()
    {
        UserMachine machine = Run(UserCode.TouchMemory, mapsOnFault: true);
        Check.Equal(UserMachine.FaultAddress, machine.FaultedAt.Value);
        Check.That(machine.FaultedAccess == FaultAccess.Write);
        Check.Equal(0x5A5A5A5AUL, machine.Exit.Rsi);
    }

    private static void WriteToCode()
    {
        UserMachine machine = Run(UserCode.WriteCode);
        Check.Equal((ulong)ExceptionVector.PageFault, machine.ExceptionVectorNumber);
        Check.That(machine.FaultedAccess == (FaultAccess.Write | FaultAccess.Present));
    }

    private static void ExecuteData()
    {
        UserMachine machine = Run(UserCode.JumpToData);
        Check.Equal(UserMachine.DataAddress, machine.FaultedAt.Value);
        Check.That(machine.FaultedAccess == (FaultAccess.Execute | FaultAccess.Present));
    }

    private static void Exceptions()
    {
        Check.Equal((ulong)ExceptionVector.InvalidOpcode, Run(UserCode.Undefined).ExceptionVectorNumber);
        Check.Equal((ulong)ExceptionVector.Breakpoint, Run(UserCode.Breakpoint).ExceptionVectorNumber);
        Check.Equal((ulong)ExceptionVector.DivideError, Run(UserCode.Divide).ExceptionVectorNumber);
        Check.Equal((ulong)ExceptionVector.GeneralProtection, Run(UserCode.Privileged).ExceptionVectorNumber);
        Check.Equal((ulong)ExceptionVector.GeneralProtection, Run(UserCode.NonCanonical).ExceptionVectorNumber);
        Check.Equal((ulong)ExceptionVector.GeneralProtection, Run(UserCode.Int80).ExceptionVectorNumber);
    }

    private static void SingleStep() =>
        Check.Equal((ulong)ExceptionVector.Debug, Run(UserCode.SingleStep).ExceptionVectorNumber);

    private static void Vectors()
    {
        UserRegisters exit = Run(UserCode.Vectors).Exit;
        Check.Equal(ulong.MaxValue, exit.Rdi);
        Check.Equal(ulong.MaxValue >> 1, exit.Rsi);
        Check.Equal(ulong.MaxValue >> 2, exit.Rdx);
        Check.Equal(ulong.MaxValue >> 3, exit.R10);
        Check.Equal(ulong.MaxValue >> 8, exit.R8);
        Check.Equal(ulong.MaxValue >> 15, exit.R9);
    }

    private static void Timer()
    {
        UserMachine machine = Run(UserCode.Spin, endsByTimer: true);
        Check.Equal(1, machine.TimerExpirations);
        Check.Equal(UserMachine.CodeAddress, machine.Exit.Rip);
    }

    private static void NoLeak()
    {
        _ = Run(UserCode.SystemCall);
        long before = Frame.FreeCount;
        for (int i = 0; i < 10; i++)
        {
            _ = Run(UserCode.SystemCall);
        }

        Check.Equal(before, Frame.FreeCount);
    }
}
