namespace Cashew.Tool.Testing;

using System;

/// <summary>What <c>cashew test</c> can run.</summary>
[Flags]
internal enum TestParts
{
    None = 0,
    Host = 1,
    Machine = 2,
    Guest = 4,
    Programs = 8,
    All = Host | Machine | Guest | Programs,
}
