namespace Cashew.Tool.Firecracker;

/// <summary>The registers of a virtio-mmio device, and the interrupt that it raises.</summary>
internal readonly record struct VirtioDevice(uint Address, uint LengthBytes, int Gsi);
