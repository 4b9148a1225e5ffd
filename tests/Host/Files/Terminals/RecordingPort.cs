using System;
using System.Collections.Generic;
using System.Text;
using Cashew.Files.Terminals;

namespace Cashew.Host.Files.Terminals;

/// <summary>A port that keeps what was sent to it, and can be full.</summary>
internal sealed class RecordingPort : TerminalPort
{
    private readonly List<byte> _sent = [];
    private int _pending;

    /// <summary>Room for bytes that have not gone; by default everything goes at once.</summary>
    internal int CapacityBytes { get; set; } = int.MaxValue;

    internal int Discards { get; private set; }

    internal int SettingsChanges { get; private set; }

    public override int PendingBytes => _pending;

    internal string Sent => Encoding.Latin1.GetString([.. _sent]);

    public override int Write(ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(bytes.Length, CapacityBytes - _pending);
        _sent.AddRange(bytes[..count]);
        if (CapacityBytes != int.MaxValue) _pending += count;
        return count;
    }

    public override void Discard()
    {
        Discards++;
        _pending = 0;
    }

    public override void SettingsChanged(TerminalSettings settings) => SettingsChanges++;

    /// <summary>So many pending bytes have gone.</summary>
    internal void Drain(int count) => _pending -= Math.Min(count, _pending);

    /// <summary>What was sent since the last call.</summary>
    internal string Take()
    {
        string sent = Sent;
        _sent.Clear();
        return sent;
    }
}
