namespace Cashew.Tool.Bench;

using System.Globalization;

/// <summary>One line of the report that the measuring program writes to the second serial line.</summary>
/// <param name="Word">BEGIN, BENCH, FAIL, CLOCK, START, END.</param>
/// <param name="Name">The row.</param>
/// <param name="Value">The value of BENCH, CLOCK and START.</param>
/// <param name="Unit">The value's unit; null but for BENCH.</param>
/// <param name="Why">What FAIL says.</param>
/// <param name="FreeKibibytes">The memory that START says is free.</param>
internal readonly record struct BenchLine(
    string Word,
    string Name = "",
    double Value = 0,
    BenchUnit? Unit = null,
    string Why = "",
    double FreeKibibytes = 0)
{
    /// <summary>False for everything else, such as what a kernel itself writes there.</summary>
    internal static bool TryParse(string line, out BenchLine parsed)
    {
        string[] words = line.Split(' ');
        switch (words)
        {
            case ["END"]:
                parsed = new BenchLine("END");
                return true;
            case ["BEGIN", string name] when name.Length > 0:
                parsed = new BenchLine("BEGIN", name);
                return true;
            case ["BENCH", string name, string text, string unitName]
                when TryNumber(text, out double value) && value > 0
                && BenchUnit.Find(unitName) is BenchUnit unit:
                parsed = new BenchLine("BENCH", name, value, unit);
                return true;
            case ["CLOCK", string text] when TryNumber(text, out double value):
                parsed = new BenchLine("CLOCK", Value: value);
                return true;
            case ["START", string text, string freeText]
                when TryNumber(text, out double value) && TryNumber(freeText, out double free):
                parsed = new BenchLine("START", Value: value, FreeKibibytes: free);
                return true;
            case ["FAIL", string name, _, ..]:
                parsed = new BenchLine("FAIL", name, Why: string.Join(' ', words[2..]));
                return true;
            default:
                parsed = default;
                return false;
        }
    }

    private static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
}
