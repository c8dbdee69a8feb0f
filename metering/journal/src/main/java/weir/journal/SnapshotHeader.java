package weir.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The first {@value #LENGTH} bytes of a snapshot file, little-endian.
 * <pre>
 *  0  8  magic "WEIRSNAP"
 *  8  4  layout version
 * 12  4  encoding of the body: 0 as it is
 * 16 16  journal id
 * 32  8  sequence of the last record in it
 * 40  8  time of that record, epoch nanoseconds
 * 48  8  length of the body
 * 56  4  CRC-32C of the body
 * 60  4  CRC-32C of bytes 0..59
 * </pre>
 *
 * @param id        journal it is of
 * @param sequence  last record in it
 * @param epochNs   time of that record
 * @param bodyBytes length of the body
 * @param bodyCrc   CRC-32C of the body
 */
record SnapshotHeader(JournalId id, long sequence, long epochNs, long bodyBytes, int bodyCrc) {
    static final int LENGTH = 64;
    static final int VERSION = 1;

    private static final long MAGIC = 0x50414E5352494557L; // "WEIRSNAP"
    private static final int STORED = 0;
    private static final int VERSION_OFFSET = 8;
    private static final int ENCODING_OFFSET = 12;
    private static final int ID_OFFSET = 16;
    private static final int SEQUENCE_OFFSET = 32;
    private static final int EPOCH_OFFSET = 40;
    private static final int BODY_BYTES_OFFSET = 48;
    private static final int BODY_CRC_OFFSET = 56;
    private static final int HEADER_CRC_OFFSET = 60;

    ByteBuffer encode() {
        final ByteBuffer bytes = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, MAGIC);
        bytes.putInt(VERSION_OFFSET, VERSION);
        bytes.putInt(ENCODING_OFFSET, STORED);
        bytes.putLong(ID_OFFSET, id.high());
        bytes.putLong(ID_OFFSET + Long.BYTES, id.low());
        bytes.putLong(SEQUENCE_OFFSET, sequence);
        bytes.putLong(EPOCH_OFFSET, epochNs);
        bytes.putLong(BODY_BYTES_OFFSET, bodyBytes);
        bytes.putInt(BODY_CRC_OFFSET, bodyCrc);
        bytes.putInt(HEADER_CRC_OFFSET, crcOf(bytes));
        return bytes;
    }

    /** Judges 64 bytes; the journal they name is judged by the caller. */
    static SnapshotHeader decode(final ByteBuffer source, final String name) {
        final ByteBuffer bytes = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() < LENGTH) {
            throw corrupt(name, "is only " + bytes.remaining() + " bytes long");
        }
        if (bytes.getLong(0) != MAGIC) {
            throw corrupt(name, "does not begin as a snapshot does");
        }
        if (bytes.getInt(HEADER_CRC_OFFSET) != crcOf(bytes)) {
            throw corrupt(name, "crc32c of its header is " + Integer.toHexString(crcOf(bytes)) + ", the header says "
                + Integer.toHexString(bytes.getInt(HEADER_CRC_OFFSET)));
        }
        if (bytes.getInt(VERSION_OFFSET) != VERSION || bytes.getInt(ENCODING_OFFSET) != STORED) {
            throw new JournalException(JournalError.SNAPSHOT_VERSION, name + " has layout "
                + bytes.getInt(VERSION_OFFSET) + " encoding " + bytes.getInt(ENCODING_OFFSET)
                + ", this software reads layout " + VERSION + " encoding " + STORED);
        }
        return new SnapshotHeader(
            new JournalId(bytes.getLong(ID_OFFSET), bytes.getLong(ID_OFFSET + Long.BYTES)),
            bytes.getLong(SEQUENCE_OFFSET), bytes.getLong(EPOCH_OFFSET), bytes.getLong(BODY_BYTES_OFFSET),
            bytes.getInt(BODY_CRC_OFFSET));
    }

    static JournalException corrupt(final String name, final String detail) {
        return new JournalException(JournalError.SNAPSHOT_CORRUPT, name + " " + detail);
    }

    private static int crcOf(final ByteBuffer bytes) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(HEADER_CRC_OFFSET).position(0));
        return (int) crc.getValue();
    }
}
