namespace Cashew.Memory;

/// <summary>How a new mapping comes to pages that exist already: shared by fork, moved by mremap.</summary>
internal interface IPageTransfer
{
    bool TryTransfer(Vma to);
}
