namespace System;

public delegate bool Predicate<in T>(T value) where T : allows ref struct;
