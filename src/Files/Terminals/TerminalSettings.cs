using System;
using Cashew.Abi;

namespace Cashew.Files.Terminals;

/// <summary>How a terminal behaves: what stty(1) shows. Immutable; a change makes another.</summary>
/// <source>termios(3).</source>
public sealed class TerminalSettings
{
    // c_cc value that no character matches: _POSIX_VDISABLE.
    private const byte Disabled = 0;
    private const int CharacterCount = TermiosIndex.NCCS;

    private readonly byte[] _characters;

    private TerminalSettings(byte[] characters)
    {
        _characters = characters;
    }

    /// <summary>What a terminal starts with, as on Linux.</summary>
    /// <source>termios(3); stty(1) "sane".</source>
    public static TerminalSettings CreateDefault()
    {
        byte[] characters = new byte[CharacterCount];
        characters[TermiosIndex.VINTR] = Control('C');
        characters[TermiosIndex.VQUIT] = Control('\\');
        characters[TermiosIndex.VERASE] = 0x7F;
        characters[TermiosIndex.VKILL] = Control('U');
        characters[TermiosIndex.VEOF] = Control('D');
        characters[TermiosIndex.VMIN] = 1;
        characters[TermiosIndex.VSTART] = Control('Q');
        characters[TermiosIndex.VSTOP] = Control('S');
        characters[TermiosIndex.VSUSP] = Control('Z');
        characters[TermiosIndex.VREPRINT] = Control('R');
        characters[TermiosIndex.VDISCARD] = Control('O');
        characters[TermiosIndex.VWERASE] = Control('W');
        characters[TermiosIndex.VLNEXT] = Control('V');
        return new TerminalSettings(characters)
        {
            Input = TermiosBits.ICRNL | TermiosBits.IXON,
            Output = TermiosBits.OPOST | TermiosBits.ONLCR,
            Hardware = TermiosBits.B115200 | TermiosBits.CS8 | TermiosBits.CREAD | TermiosBits.HUPCL
                | TermiosBits.CLOCAL,
            Local = TermiosBits.ISIG | TermiosBits.ICANON | TermiosBits.ECHO | TermiosBits.ECHOE | TermiosBits.ECHOK
                | TermiosBits.ECHOCTL | TermiosBits.ECHOKE | TermiosBits.IEXTEN,
            InputSpeed = 115200,
            OutputSpeed = 115200,
        };
    }

    /// <summary>Of a pseudo-terminal: there is no line that could be lost, and the speed is a
    /// number.</summary>
    public static TerminalSettings CreateForPair()
    {
        TerminalSettings usual = CreateDefault();
        return new TerminalSettings(usual._characters)
        {
            Input = usual.Input,
            Output = usual.Output,
            Hardware = TermiosBits.B38400 | TermiosBits.CS8 | TermiosBits.CREAD,
            Local = usual.Local,
            InputSpeed = 38400,
            OutputSpeed = 38400,
        };
    }

    /// <summary>c_iflag.</summary>
    public uint Input { get; private init; }

    /// <summary>c_oflag.</summary>
    public uint Output { get; private init; }

    /// <summary>c_cflag. The line's speed and shape are the device's business; here they are only
    /// kept.</summary>
    public uint Hardware { get; private init; }

    /// <summary>c_lflag.</summary>
    public uint Local { get; private init; }

    public byte Discipline { get; private init; }
    public uint InputSpeed { get; private init; }
    public uint OutputSpeed { get; private init; }

    public bool HasInput(uint flag) => (Input & flag) != 0;
    public bool HasOutput(uint flag) => (Output & flag) != 0;
    public bool HasLocal(uint flag) => (Local & flag) != 0;
    public bool IsCanonical => HasLocal(TermiosBits.ICANON);

    /// <summary>The other side edits lines and echoes; what comes from there is handed on as it is.</summary>
    public bool IsProcessedElsewhere => HasLocal(TermiosBits.EXTPROC);

    /// <summary>Whether reads end with lines.</summary>
    public bool ReadsLines => IsCanonical && !IsProcessedElsewhere;

    /// <summary>The number at a place of c_cc, for VMIN and VTIME.</summary>
    public int Number(int index) => _characters[index];

    /// <summary>Whether a byte is the control character of that place; a disabled one is none.</summary>
    public bool Is(byte value, int index) => value != Disabled && value == _characters[index];

    public byte Character(int index) => _characters[index];

    // ---- to and from user space
    // ---------------------------------------------------------------------------------

    /// <summary>The numbers count where c_cflag says BOTHER, and nowhere else.</summary>
    public static TerminalSettings From(in Termios2 termios)
        => From(termios.c_iflag, termios.c_oflag, termios.c_cflag, termios.c_lflag, termios.c_line, termios.c_cc,
            LineSpeed.OfInput(termios.c_cflag, termios.c_ispeed, termios.c_ospeed),
            LineSpeed.FromFlags(termios.c_cflag, termios.c_ospeed));

    /// <summary>The old structure has no speeds of its own: they are bits of c_cflag, and an unusual one
    /// stays.</summary>
    public TerminalSettings With(in Termios termios)
        => From(termios.c_iflag, termios.c_oflag, termios.c_cflag, termios.c_lflag, termios.c_line, termios.c_cc,
            LineSpeed.OfInput(termios.c_cflag, InputSpeed, OutputSpeed),
            LineSpeed.FromFlags(termios.c_cflag, OutputSpeed));

    /// <summary>The same with another c_cflag.</summary>
    public TerminalSettings WithHardware(uint hardware)
        => From(Input, Output, hardware, Local, Discipline, _characters, InputSpeed, OutputSpeed);

    /// <summary>What is marked in <paramref name="locked"/> stays as it is here; the rest is as
    /// wanted.</summary>
    /// <source>ioctl_tty(2), "Locking the termios structure".</source>
    public TerminalSettings Change(TerminalSettings wanted, TerminalSettings locked)
    {
        byte[] characters = (byte[])wanted._characters.Clone();
        for (int i = 0; i < characters.Length; i++)
        {
            if (locked._characters[i] != 0) characters[i] = _characters[i];
        }

        return From(
            Pick(Input, wanted.Input, locked.Input), Pick(Output, wanted.Output, locked.Output),
            Pick(Hardware, wanted.Hardware, locked.Hardware), Pick(Local, wanted.Local, locked.Local),
            locked.Discipline != 0 ? Discipline : wanted.Discipline, characters, wanted.InputSpeed, wanted.OutputSpeed);
    }

    /// <summary>A mask for <see cref="Change"/> that marks nothing.</summary>
    public static TerminalSettings CreateUnlocked() => new(new byte[CharacterCount]);

    private static uint Pick(uint old, uint wanted, uint locked) => (old & locked) | (wanted & ~locked);

    /// <summary>The oldest structure (TCSETA): half of each word, and eight characters.</summary>
    public TerminalSettings With(in Termio termio)
    {
        const uint upperHalf = 0xFFFF_0000;
        byte[] characters = (byte[])_characters.Clone();
        ReadOnlySpan<byte> given = termio.c_cc;
        given.CopyTo(characters);
        uint hardware = (Hardware & upperHalf) | termio.c_cflag;
        return new TerminalSettings(characters)
        {
            Input = (Input & upperHalf) | termio.c_iflag,
            Output = (Output & upperHalf) | termio.c_oflag,
            Hardware = hardware,
            Local = (Local & upperHalf) | termio.c_lflag,
            Discipline = termio.c_line,
            InputSpeed = LineSpeed.OfInput(hardware, InputSpeed, OutputSpeed),
            OutputSpeed = LineSpeed.FromFlags(hardware, OutputSpeed),
        };
    }

    public Termios2 ToTermios2()
    {
        Termios2 termios = default;
        termios.c_iflag = Input;
        termios.c_oflag = Output;
        termios.c_cflag = Hardware;
        termios.c_lflag = Local;
        termios.c_line = Discipline;
        _characters.AsSpan().CopyTo(termios.c_cc);
        termios.c_ispeed = InputSpeed;
        termios.c_ospeed = OutputSpeed;
        return termios;
    }

    public Termios ToTermios()
    {
        Termios termios = default;
        termios.c_iflag = Input;
        termios.c_oflag = Output;
        termios.c_cflag = Hardware;
        termios.c_lflag = Local;
        termios.c_line = Discipline;
        _characters.AsSpan().CopyTo(termios.c_cc);
        return termios;
    }

    public Termio ToTermio()
    {
        Termio termio = default;
        termio.c_iflag = (ushort)Input;
        termio.c_oflag = (ushort)Output;
        termio.c_cflag = (ushort)Hardware;
        termio.c_lflag = (ushort)Local;
        termio.c_line = Discipline;
        Span<byte> characters = termio.c_cc;
        _characters.AsSpan(0, characters.Length).CopyTo(characters);
        return termio;
    }

    private static TerminalSettings From(
        uint input, uint output, uint hardware, uint local, byte discipline, ReadOnlySpan<byte> characters,
        uint inputSpeed, uint outputSpeed) => new(characters.ToArray())
        {
            Input = input,
            Output = output,
            // No line here has addresses.
            Hardware = hardware & ~TermiosBits.ADDRB,
            Local = local,
            Discipline = discipline,
            InputSpeed = inputSpeed,
            OutputSpeed = outputSpeed,
        };

    private static byte Control(char letter) => (byte)(letter & 0x1F);
}
