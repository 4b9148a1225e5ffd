using Cashew.Abi;
using Cashew.Machine;
using Cashew.Processes;

namespace Cashew.Syscalls;

/// <summary>System V shared memory, semaphores and message queues.</summary>
internal static class IpcCalls
{
    internal static void AddTo(SyscallTable table)
    {
        table.Add(
            SyscallNumber.shmget, "shmget",
            static (caller, in a) => SharedSegments.Get(caller, a.A0, a.A1, a.A2),
            "SHM_HUGETLB is refused with ENOMEM: no huge pages are set aside");
        table.Add(
            SyscallNumber.shmat, "shmat",
            static (caller, in a) => SharedSegments.Attach(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.shmdt, "shmdt",
            static (caller, in a) => caller.Process.Memory!.Detach(a.A0));
        table.Add(
            SyscallNumber.shmctl, "shmctl",
            static (caller, in a) => SegmentControl.Invoke(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.semget, "semget",
            static (caller, in a) => SemaphoreSets.Get(caller, a.A0, a.A1, a.A2));
        table.Add(
            SyscallNumber.semop, "semop",
            static (caller, in a) => Semop.Invoke(caller, a.A0, a.A1, a.A2, new UserAddress(0)));
        table.Add(
            SyscallNumber.semtimedop, "semtimedop",
            static (caller, in a) => Semop.Invoke(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.semctl, "semctl",
            static (caller, in a) => SemaphoreControl.Invoke(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.msgget, "msgget",
            static (caller, in a) => MessageQueues.Get(caller, a.A0, a.A1));
        table.Add(
            SyscallNumber.msgsnd, "msgsnd",
            static (caller, in a) => MessageCalls.Send(caller, a.A0, a.A1, a.A2, a.A3));
        table.Add(
            SyscallNumber.msgrcv, "msgrcv",
            static (caller, in a) => MessageCalls.Receive(caller, a.A0, a.A1, a.A2, a.A3, a.A4));
        table.Add(
            SyscallNumber.msgctl, "msgctl",
            static (caller, in a) => MessageControl.Invoke(caller, a.A0, a.A1, a.A2));
    }
}
