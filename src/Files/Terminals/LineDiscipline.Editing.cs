using Cashew.Abi;

namespace Cashew.Files.Terminals;

/// <content>Canonical mode: the characters that end a line or edit it.</content>
internal sealed partial class LineDiscipline
{
    private enum EraseUnit : byte
    {
        Character,
        Word,
        Line,
    }

    private bool IsExtended => _settings.HasLocal(TermiosBits.IEXTEN);
    private bool IsEchoing => _settings.HasLocal(TermiosBits.ECHO);

    /// <returns>False: the byte is an ordinary one.</returns>
    private bool AcceptEditing(byte value)
    {
        if (_settings.Is(value, TermiosIndex.VERASE)) Erase(EraseUnit.Character, value);
        else if (_settings.Is(value, TermiosIndex.VKILL)) Kill(value);
        else if (_settings.Is(value, TermiosIndex.VWERASE) && IsExtended) Erase(EraseUnit.Word, value);
        else if (_settings.Is(value, TermiosIndex.VLNEXT) && IsExtended) AnnounceLiteral();
        else if (_settings.Is(value, TermiosIndex.VREPRINT) && IsExtended && IsEchoing) Reprint(value);
        else return AcceptLineEnd(value);
        return true;
    }

    private bool AcceptLineEnd(byte value)
    {
        if (value == TerminalBytes.NewLine)
        {
            if (IsEchoing || _settings.HasLocal(TermiosBits.ECHONL)) _output.Echo(_settings, value);

            _input.EndLine(value);
            return true;
        }

        if (_settings.Is(value, TermiosIndex.VEOF))
        {
            _input.EndLine(InputBuffer.EndOfFile);
            return true;
        }

        bool isEnd = _settings.Is(value, TermiosIndex.VEOL) || (_settings.Is(value, TermiosIndex.VEOL2) && IsExtended);
        if (!isEnd) return false;

        if (IsEchoing)
        {
            if (_input.EditedCount == 0) _output.BeginLine(_settings);
            _output.EchoTyped(_settings, value);
        }

        if (value == 0xFF && _settings.HasInput(TermiosBits.PARMRK)) Store(value);
        _input.EndLine(value);
        return true;
    }

    private void AnnounceLiteral()
    {
        _isNextLiteral = true;
        if (!IsEchoing) return;
        FinishErasing();
        if (!_settings.HasLocal(TermiosBits.ECHOCTL)) return;

        // The cursor stays on the mark, so that what comes next is written over it.
        _output.Echo(_settings, (byte)'^');
        _output.Echo(_settings, TerminalBytes.Backspace);
    }

    private void Reprint(byte value)
    {
        FinishErasing();
        _output.EchoTyped(_settings, value);
        _output.Echo(_settings, TerminalBytes.NewLine);
        for (int distance = _input.EditedCount; distance > 0; distance--)
        {
            _output.EchoTyped(_settings, _input.FromEnd(distance));
        }
    }

    private void Kill(byte value)
    {
        if (_input.EditedCount == 0) return;

        const uint visual = TermiosBits.ECHOK | TermiosBits.ECHOKE | TermiosBits.ECHOE;
        if (IsEchoing && (_settings.Local & visual) == visual)
        {
            Erase(EraseUnit.Line, value);
            return;
        }

        _input.RemoveLast(_input.EditedCount);
        if (!IsEchoing) return;
        FinishErasing();
        _output.EchoTyped(_settings, value);
        if (_settings.HasLocal(TermiosBits.ECHOK)) _output.Echo(_settings, TerminalBytes.NewLine);
    }

    // ---- erasing
    // ------------------------------------------------------------------------------------------------

    private void Erase(EraseUnit unit, byte eraser)
    {
        if (_input.EditedCount == 0) return;

        bool hasSeenWord = false;
        while (_input.EditedCount > 0)
        {
            int length = LastCharacterLength();
            byte first = _input.FromEnd(length);

            // A UTF-8 sequence without a beginning: what is left of the line makes no sense to erase by
            // characters.
            if (IsUtf8 && TerminalBytes.IsContinuation(first)) break;
            if (unit == EraseUnit.Word)
            {
                if (TerminalBytes.IsWord(first)) hasSeenWord = true;
                else if (hasSeenWord) break;
            }

            if (IsEchoing && _settings.HasLocal(TermiosBits.ECHOPRT)) ShowErased(length);
            _input.RemoveLast(length);
            if (IsEchoing && !_settings.HasLocal(TermiosBits.ECHOPRT)) EchoErasure(unit, first, eraser);
            if (unit == EraseUnit.Character) break;
        }

        if (_input.EditedCount == 0 && IsEchoing) FinishErasing();
    }

    private bool IsUtf8 => _settings.HasInput(TermiosBits.IUTF8);

    private int LastCharacterLength()
    {
        int length = 1;
        while (IsUtf8 && TerminalBytes.IsContinuation(_input.FromEnd(length)) && length < _input.EditedCount) length++;
        return length;
    }

    // On paper (ECHOPRT): erased characters are printed backwards between \ and /.
    private void ShowErased(int length)
    {
        if (!_isErasing)
        {
            _output.Echo(_settings, (byte)'\\');
            _isErasing = true;
        }

        _output.EchoTyped(_settings, _input.FromEnd(length));
        for (int distance = length - 1; distance > 0; distance--)
        {
            _output.Echo(_settings, _input.FromEnd(distance));
            _output.MoveBack(_settings);
        }
    }

    private void EchoErasure(EraseUnit unit, byte erased, byte eraser)
    {
        if (unit == EraseUnit.Character && !_settings.HasLocal(TermiosBits.ECHOE))
        {
            _output.EchoTyped(_settings, eraser);
            return;
        }

        if (erased == TerminalBytes.Tab)
        {
            EraseTab();
            return;
        }

        bool isControl = TerminalBytes.IsControl(erased);
        bool showsControl = _settings.HasLocal(TermiosBits.ECHOCTL);
        if (isControl && showsControl) EraseColumn();
        if (!isControl || showsControl) EraseColumn();
    }

    private void EraseColumn()
    {
        _output.Echo(_settings, TerminalBytes.Backspace);
        _output.Echo(_settings, (byte)' ');
        _output.Echo(_settings, TerminalBytes.Backspace);
    }

    private void EraseTab()
    {
        int columns = 0;
        bool isAfterTab = false;
        for (int distance = 1; distance <= _input.EditedCount && !isAfterTab; distance++)
        {
            byte before = _input.FromEnd(distance);
            if (before == TerminalBytes.Tab) isAfterTab = true;
            else if (TerminalBytes.IsControl(before)) columns += _settings.HasLocal(TermiosBits.ECHOCTL) ? 2 : 0;
            else if (!IsUtf8 || !TerminalBytes.IsContinuation(before)) columns++;
        }

        _output.EraseTab(_settings, columns, isAfterTab);
    }

    private void FinishErasing()
    {
        if (!_isErasing) return;
        _output.Echo(_settings, (byte)'/');
        _isErasing = false;
    }
}
