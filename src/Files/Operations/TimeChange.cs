using Cashew.Machine;

namespace Cashew.Files;

/// <summary>One of the two times that utimensat(2) sets: a time, "now" (UTIME_NOW) or "leave it"
/// (UTIME_OMIT).</summary>
public readonly struct TimeChange
{
    private readonly Nanoseconds _time;
    private readonly Kind _kind;

    private TimeChange(Kind kind, Nanoseconds time)
    {
        _kind = kind;
        _time = time;
    }

    private enum Kind : byte
    {
        Keep,
        Now,
        Given,
    }

    public static TimeChange Keep => default;
    public static TimeChange Now => new(Kind.Now, default);
    public static TimeChange To(Nanoseconds time) => new(Kind.Given, time);

    public bool IsKept => _kind == Kind.Keep;
    public bool IsNow => _kind == Kind.Now;

    internal Nanoseconds? Resolve(Nanoseconds now) => _kind switch
    {
        Kind.Now => now,
        Kind.Given => _time,
        _ => null,
    };
}
