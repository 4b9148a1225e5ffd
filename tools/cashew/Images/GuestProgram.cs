namespace Cashew.Tool.Images;

using System.Collections.Generic;

/// <summary>What /init is to run instead of a shell: its words, and what it reads on standard input.</summary>
internal sealed record GuestProgram(IReadOnlyList<byte[]> Words, byte[] Input);
