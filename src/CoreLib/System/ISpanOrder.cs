namespace System;

/// <summary>What <see cref="SpanSort{T, TOrder}"/> asks; a struct, so that the question is inlined.</summary>
internal interface ISpanOrder<T>
{
    bool IsLess(T left, T right);
}
