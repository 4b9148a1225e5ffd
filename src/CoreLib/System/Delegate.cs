namespace System;

public abstract class Delegate
{
    // Names and order known to the compiler.
    private object? _helperObject;
    private object? _target;
    private nint _methodPtr;
    private nint _extraFunctionPointerOrData;

    private protected const int MulticastThunk = 0;
    private protected const int ClosedStaticThunk = 1;
    private protected const int OpenStaticThunk = 2;
    private protected const int ClosedInstanceThunkOverGenericMethod = 3;
    private protected const int OpenInstanceThunk = 4;
    private protected const int ObjectArrayThunk = 5;

    // Overridden by the compiler in every delegate type.
    private protected virtual nint GetThunk(int whichThunk) => 0;

    private void InitializeClosedInstance(object? firstParameter, nint functionPointer)
    {
        if (firstParameter is null)
        {
            throw new ArgumentException();
        }

        _methodPtr = functionPointer;
        _target = firstParameter;
    }

    private void InitializeClosedInstanceSlow(object? firstParameter, nint functionPointer) =>
        InitializeClosedInstance(firstParameter, functionPointer);

    private void InitializeClosedInstanceToInterface(object? firstParameter, nint dispatchCell)
    {
        if (firstParameter is null)
        {
            throw new NullReferenceException();
        }

        _methodPtr = Internal.Runtime.InterfaceDispatch.ResolveMethod(firstParameter, dispatchCell);
        _target = firstParameter;
    }

    private void InitializeClosedStaticThunk(object? firstParameter, nint functionPointer, nint functionPointerThunk)
    {
        _extraFunctionPointerOrData = functionPointer;
        _helperObject = firstParameter;
        _methodPtr = functionPointerThunk;
        _target = this;
    }

    private void InitializeOpenStaticThunk(object? firstParameter, nint functionPointer, nint functionPointerThunk)
    {
        _target = this;
        _methodPtr = functionPointerThunk;
        _extraFunctionPointerOrData = functionPointer;
    }
}
