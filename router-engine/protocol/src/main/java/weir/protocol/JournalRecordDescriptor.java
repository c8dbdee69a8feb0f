package weir.protocol;

/**
 * Frame of one journal record, in the ring and in Chronicle Queue alike. Little-endian.
 * <pre>
 *  0        4        8                16
 *  +--------+--------+-----------------+--------------------------------+--------+-----------+
 *  | crc32c | length | SBE header (8)  | JournalRecord block            | len(2) | input SBE |
 *  +--------+--------+-----------------+--------------------------------+--------+-----------+
 * </pre>
 * {@code length} counts the whole frame from offset 0. {@code crc32c} covers the bytes from {@link #LENGTH_OFFSET} to
 * the end. {@code input} holds the command as the engine took it: its SBE header and body. Records stand one after the
 * other without padding in an excerpt; the record sequence is dense: each record's is its predecessor's plus one,
 * from 1.
 */
public final class JournalRecordDescriptor {
    /** Offset of the CRC-32C (Castagnoli), uint32. */
    public static final int CRC_OFFSET = 0;
    /** Offset of the frame length, int32, bytes. */
    public static final int LENGTH_OFFSET = 4;
    /** Offset of the SBE message header. */
    public static final int HEADER_OFFSET = 8;
    /** Longest frame, bytes: an input of one Aeron frame with its verdict. */
    public static final int MAX_LENGTH = 2048;
    /** Agrona message type of a record in the ring. */
    public static final int RING_MESSAGE_TYPE = 1;

    private JournalRecordDescriptor() {
    }
}
