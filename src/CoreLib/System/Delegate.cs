using Internal.Runtime;

namespace System;

/// <summary>
/// A method with, perhaps, its first argument. Invoking one is a call of <c>_functionPointer</c> with
/// <c>_firstParameter</c>; where the method wants it otherwise, the two are a thunk, which the compiler made
/// for the delegate's type, and the delegate itself.
/// </summary>
public abstract class Delegate
{
    // A pointer with this bit set is one to a pair: code, and the type arguments that it takes as a hidden
    // parameter.
    private const nint GenericPointerFlag = 2;

    // From DelegateThunkKind in the compiler.
    private const int ClosedInstanceOverGenericMethodThunk = 3;

    // Names known to the compiler, and so are two places: a call loads the first argument from the first word
    // behind the method table, and the code from the fourth.
    private object? _firstParameter;
    private object? _helperObject;
    private nint _extraFunctionPointerOrData;
    private nint _functionPointer;

    // Overridden by the compiler in every delegate type.
    private protected virtual nint GetThunk(int whichThunk) => 0;

    private void InitializeClosedInstance(object? firstParameter, nint functionPointer)
    {
        if (firstParameter is null)
        {
            throw new ArgumentException("a delegate to an instance method needs an instance");
        }

        _functionPointer = functionPointer;
        _firstParameter = firstParameter;
    }

    private void InitializeClosedInstanceSlow(object? firstParameter, nint functionPointer)
    {
        if ((functionPointer & GenericPointerFlag) == 0)
        {
            InitializeClosedInstance(firstParameter, functionPointer);
        }
        else if (firstParameter is null)
        {
            throw new ArgumentException("a delegate to an instance method needs an instance");
        }
        else
        {
            InitializeClosedStaticThunk(
                firstParameter, functionPointer, GetThunk(ClosedInstanceOverGenericMethodThunk));
        }
    }

    private void InitializeClosedInstanceToInterface(object? firstParameter, nint dispatchCell) =>
        InitializeClosedInstance(
            firstParameter, InterfaceDispatch.ResolveMethod(firstParameter, dispatchCell));

    private void InitializeClosedStaticThunk(
        object? firstParameter, nint functionPointer, nint functionPointerThunk)
    {
        _extraFunctionPointerOrData = functionPointer;
        _helperObject = firstParameter;
        _functionPointer = functionPointerThunk;
        _firstParameter = this;
    }

    private void InitializeOpenStaticThunk(
        object? firstParameter, nint functionPointer, nint functionPointerThunk)
    {
        _firstParameter = this;
        _functionPointer = functionPointerThunk;
        _extraFunctionPointerOrData = functionPointer;
    }

    // Named by the compiler in the thunk for delegates with several targets, of which the kernel has none.
    private struct Wrapper
    {
        internal Delegate Value;
    }
}
