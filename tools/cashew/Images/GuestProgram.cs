namespace Cashew.Tool.Images;

using System.Collections.Generic;

/// <summary>What /init is to run instead of a login shell.</summary>
/// <param name="Words">The program and its arguments.</param>
/// <param name="Input">What it reads on standard input; null leaves it the console.</param>
internal sealed record GuestProgram(IReadOnlyList<byte[]> Words, byte[]? Input);
