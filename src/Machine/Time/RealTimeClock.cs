namespace Cashew.Machine;

/// <summary>The PC's battery-backed clock, read once at boot. Firecracker has none and its ports answer
/// anything.</summary>
/// <source>Motorola MC146818A data sheet.</source>
internal static class RealTimeClock
{
    private const ushort IndexPort = 0x70;
    private const ushort DataPort = 0x71;
    private const byte StatusA = 0x0A;
    private const byte StatusB = 0x0B;
    private const byte StatusD = 0x0D;
    private const byte UpdateInProgress = 0x80;
    private const byte BinaryMode = 0x04;
    private const byte TwentyFourHours = 0x02;
    private const byte RamAndTimeValid = 0x80;

    /// <summary>False when there is no clock, or none that can be believed.</summary>
    internal static bool TryRead(out Nanoseconds sinceEpoch)
    {
        const int MaximumTries = 1000;
        sinceEpoch = default;
        // Exactly the valid bit: absent ports read as all ones, zeros, or noise.
        if (ReadRegister(StatusD) != RamAndTimeValid)
        {
            return false;
        }

        for (int i = 0; i < MaximumTries; i++)
        {
            if ((ReadRegister(StatusA) & UpdateInProgress) != 0)
            {
                continue;
            }

            DateTimeFields first = ReadFields();
            if (first.Equals(ReadFields()))
            {
                return TryConvert(first, out sinceEpoch);
            }
        }

        return false;
    }

    /// <summary>Days since 1970-01-01 in the Gregorian calendar.</summary>
    /// <source>Hatcher, "Simple formulae for Julian day numbers", Quarterly Journal of the RAS 25
    /// (1984).</source>
    internal static long DaysFromCivil(int year, int month, int day)
    {
        // Years begin in March, so that the leap day is the last.
        int shifted = month <= 2 ? year - 1 : year;
        int monthFromMarch = (month + 9) % 12;
        long dayOfEra = 365L * shifted + shifted / 4 - shifted / 100 + shifted / 400;
        long dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1;
        const long EpochDays = 719_468;
        return dayOfEra + dayOfYear - EpochDays;
    }

    private static bool TryConvert(DateTimeFields fields, out Nanoseconds sinceEpoch)
    {
        sinceEpoch = default;
        if (fields.Month is < 1 or > 12 || fields.Day is < 1 or > 31 || fields.Hour > 23 || fields.Minute > 59
            || fields.Second > 60)
        {
            return false;
        }

        long days = DaysFromCivil(fields.Year, fields.Month, fields.Day);
        long seconds = ((days * 24 + fields.Hour) * 60 + fields.Minute) * 60 + fields.Second;
        sinceEpoch = Nanoseconds.FromSeconds(seconds);
        return true;
    }

    private static DateTimeFields ReadFields()
    {
        byte mode = ReadRegister(StatusB);
        bool isBinary = (mode & BinaryMode) != 0;
        byte rawHour = ReadRegister(0x04);
        const byte Afternoon = 0x80;
        int hour = Decode((byte)(rawHour & ~Afternoon), isBinary);
        if ((mode & TwentyFourHours) == 0)
        {
            hour = hour % 12 + ((rawHour & Afternoon) != 0 ? 12 : 0);
        }

        return new DateTimeFields
        {
            Second = Decode(ReadRegister(0x00), isBinary),
            Minute = Decode(ReadRegister(0x02), isBinary),
            Hour = hour,
            Day = Decode(ReadRegister(0x07), isBinary),
            Month = Decode(ReadRegister(0x08), isBinary),
            Year = 2000 + Decode(ReadRegister(0x09), isBinary), // nobody boots this in another century
        };
    }

    private static int Decode(byte value, bool isBinary) => isBinary ? value : (value >> 4) * 10 + (value & 15);

    private static byte ReadRegister(byte index)
    {
        Instructions.Out8(IndexPort, index);
        return Instructions.In8(DataPort);
    }

    private struct DateTimeFields
    {
        internal int Second;
        internal int Minute;
        internal int Hour;
        internal int Day;
        internal int Month;
        internal int Year;

        internal readonly bool Equals(DateTimeFields other) =>
            Second == other.Second && Minute == other.Minute && Hour == other.Hour && Day == other.Day
            && Month == other.Month && Year == other.Year;
    }
}
