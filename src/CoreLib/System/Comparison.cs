namespace System;

public delegate int Comparison<in T>(T left, T right) where T : allows ref struct;
