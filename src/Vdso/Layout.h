/* What the vDSO and the kernel agree on. */

/* Offsets in the data page: Cashew.Machine.ClockPage. */
#define VDSO_START              0
#define VDSO_MULTIPLIER         8
#define VDSO_REALTIME_OFFSET    16
#define VDSO_TIME_ZONE          24

/* The segment whose limit is the number of the processor, and of its node above: Cashew.Machine.SegmentTables. */
#define PROCESSOR_SELECTOR      0x7b
#define PROCESSOR_BITS          12
#define PROCESSOR_MASK          0xfff
