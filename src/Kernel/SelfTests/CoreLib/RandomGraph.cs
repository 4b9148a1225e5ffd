using System;

namespace Cashew.Kernel.SelfTests.CoreLib;

/// <summary>Nodes with edges that change at random, and a model of the same in plain numbers.</summary>
internal sealed class RandomGraph
{
    private const int EdgeCount = 4;

    private readonly Node[] _nodes;
    private readonly int[] _model;
    private uint _random;
    private int _step;

    internal RandomGraph(int nodeCount, uint seed)
    {
        _random = seed;
        _nodes = new Node[nodeCount];
        _model = new int[nodeCount * EdgeCount];
        _model.AsSpan().Fill(-1);
        for (int i = 0; i < nodeCount; i++)
        {
            _nodes[i] = new Node(i);
        }
    }

    internal void Change(int steps)
    {
        for (int i = 0; i < steps; i++, _step++)
        {
            int from = Any();
            int to = Any();
            int edge = _step % EdgeCount;
            _nodes[from].Edges[edge] = _nodes[to];
            _model[from * EdgeCount + edge] = to;
            if (_step % 16 == 0)
            {
                // A new object takes the place of an old one, which stays reachable only through edges to it.
                _nodes[to] = _nodes[to].Copy();
            }
        }
    }

    internal void Verify()
    {
        for (int i = 0; i < _nodes.Length; i++)
        {
            Check.Equal(i, _nodes[i].Id);
            for (int edge = 0; edge < EdgeCount; edge++)
            {
                Check.Equal(_model[i * EdgeCount + edge], _nodes[i].Edges[edge]?.Id ?? -1);
            }
        }
    }

    private int Any()
    {
        _random = Shapes.Next(_random);
        return (int)(_random >> 4) % _nodes.Length;
    }

    private sealed class Node(int id)
    {
        internal int Id { get; } = id;
        internal Node?[] Edges { get; } = new Node?[EdgeCount];

        internal Node Copy()
        {
            Node copy = new(Id);
            Edges.AsSpan().CopyTo(copy.Edges);
            return copy;
        }
    }
}
