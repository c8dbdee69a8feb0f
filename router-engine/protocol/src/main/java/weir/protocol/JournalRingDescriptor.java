package weir.protocol;

/**
 * Layout of the memory-mapped journal ring file, which the engine writes and the journal agent drains. It survives the
 * death of the process and is bound to one journal directory by the journal id.
 * <pre>
 *  0       8         16            24           32         40            4096
 *  +-------+---------+-------------+------------+----------+--- ... -----+---------------------------+
 *  | magic | version | journalIdHi | journalIdLo| capacity | (reserved)  | Agrona OneToOneRingBuffer |
 *  +-------+---------+-------------+------------+----------+--- ... -----+---------------------------+
 * </pre>
 * The ring region is {@code capacity} (a power of two) plus {@code RingBufferDescriptor.TRAILER_LENGTH} bytes.
 * A message in it is one record frame ({@link JournalRecordDescriptor}) of type
 * {@link JournalRecordDescriptor#RING_MESSAGE_TYPE}. Magic is stored last when a file is made, so that a file without
 * it was never finished.
 */
public final class JournalRingDescriptor {
    /** "WEIRRING" in ASCII, little-endian. */
    public static final long MAGIC = 0x474E495252494557L;
    /** Layout version. */
    public static final long VERSION = 1;
    /** Offset of {@link #MAGIC}. */
    public static final int MAGIC_OFFSET = 0;
    /** Offset of {@link #VERSION}. */
    public static final int VERSION_OFFSET = 8;
    /** Offset of the journal id, high 64 bits. */
    public static final int JOURNAL_ID_HIGH_OFFSET = 16;
    /** Offset of the journal id, low 64 bits. */
    public static final int JOURNAL_ID_LOW_OFFSET = 24;
    /** Offset of the ring's capacity, bytes. */
    public static final int CAPACITY_OFFSET = 32;
    /** Offset of the ring region. */
    public static final int RING_OFFSET = 4096;
    /** Capacity when none is configured, bytes. */
    public static final int CAPACITY_DEFAULT = 64 * 1024 * 1024;

    private JournalRingDescriptor() {
    }
}
