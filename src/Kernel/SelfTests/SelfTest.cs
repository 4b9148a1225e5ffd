using System;

namespace Cashew.Kernel.SelfTests;

/// <summary>One test that runs inside the machine, at boot, when the command line says so.</summary>
internal readonly struct SelfTest
{
    internal SelfTest(string name, Action body)
    {
        Name = name;
        Body = body;
    }

    internal string Name { get; }
    internal Action Body { get; }
}
