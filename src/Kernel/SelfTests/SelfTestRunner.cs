using System;

namespace Cashew.Kernel.SelfTests;

/// <summary>
/// Runs every test and says so in lines that a program can read: <c>TEST ok NAME</c>, <c>TEST fail NAME:
/// WHY</c>, and <c>TEST end</c>. A test that stops the machine leaves its <c>TEST begin NAME</c> as the last
/// line.
/// </summary>
internal static class SelfTestRunner
{
    /// <param name="write">Takes one line, without its end.</param>
    /// <param name="afterEach">Called between tests, where no test's objects are on the stack.</param>
    /// <returns>How many failed.</returns>
    internal static int Run(ReadOnlySpan<SelfTest> tests, Action<string> write, Action afterEach)
    {
        int failed = 0;
        foreach (SelfTest test in tests)
        {
            write("TEST begin " + test.Name);
            Check.Reset();
            test.Body();
            if (Check.Failure is null)
            {
                write("TEST ok " + test.Name);
            }
            else
            {
                failed++;
                write("TEST fail " + test.Name + ": " + Check.Failure);
            }

            if (Check.Note is not null)
            {
                write("# " + Check.Note);
            }

            afterEach();
        }

        write("TEST end");
        return failed;
    }
}
