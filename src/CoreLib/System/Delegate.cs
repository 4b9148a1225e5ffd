namespace System;

public abstract class Delegate
{
    // Names known to the compiler, and so are two places: a call loads the target from the first word behind the method
    // table and the code from the fourth.
    private object? _target;
    private object? _helperObject;
    private nint _extraFunctionPointerOrData;
    private nint _methodPtr;

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
