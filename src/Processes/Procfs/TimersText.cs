using Cashew.Abi;
using Cashew.Files;
using Cashew.Files.Systems;

namespace Cashew.Processes;

/// <summary>/proc/PID/timers: those of timer_create(2), the newest first.</summary>
/// <source>proc_pid_timers(5).</source>
internal static class TimersText
{
    private const int ValueDigits = 16;

    internal static Errno Append(Subject subject, ByteBuilder text, ref TextCursor cursor)
    {
        // The position is how far down the list is told, from the top; ids are below it.
        long bound = cursor.Position == 0 ? long.MaxValue : cursor.Position - 1;
        if (subject.Process.Timers.PosixOrNone?.FindBelow(bound) is not { } timer)
        {
            cursor.Finish();
            return Errno.None;
        }

        cursor.Position = timer.Id + 1;
        TimerNotice notice = timer.Notice;
        int target = notice.Thread?.Id ?? subject.Process.Id;
        text.Append("ID: "u8).Append((long)timer.Id);
        text.Append("\nsignal: "u8).Append((long)notice.Signal).Append((byte)'/');
        text.AppendHex(notice.Value, ValueDigits);
        text.Append("\nnotify: "u8);
        switch (notice.Kind)
        {
            case TimerNoticeKind.None: text.Append("none/pid."u8); break;
            case TimerNoticeKind.NewThread: text.Append("thread/pid."u8); break;
            case TimerNoticeKind.Thread: text.Append("signal/tid."u8); break;
            default: text.Append("signal/pid."u8); break;
        }

        text.Append((long)target).Append("\nClockID: "u8).Append((long)timer.ClockNumber).Append((byte)'\n');
        return Errno.None;
    }
}
