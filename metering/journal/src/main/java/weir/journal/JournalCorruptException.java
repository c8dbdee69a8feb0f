package weir.journal;

/**
 * A record is torn, flipped, missing or doubled. Names the sequence that was expected and where it was looked for.
 */
public final class JournalCorruptException extends JournalException {
    private static final long serialVersionUID = 1L;

    private final long expectedSequence;
    private final String file;
    private final long excerpt;
    private final int offset;
    private final String detail;

    JournalCorruptException(
        final JournalError error,
        final long expectedSequence,
        final String file,
        final long excerpt,
        final int offset,
        final String detail,
        final Throwable cause) {
        super(error, "sequence=" + expectedSequence + " file=" + file + " excerpt=" + excerpt
            + " offset=" + offset + ": " + detail, cause);
        this.expectedSequence = expectedSequence;
        this.file = file;
        this.excerpt = excerpt;
        this.offset = offset;
        this.detail = detail;
    }

    String detail() {
        return detail;
    }

    /**
     * Record sequence that should have stood there.
     *
     * @return from 1
     */
    public long expectedSequence() {
        return expectedSequence;
    }

    /**
     * Name of the cycle's file in {@code queue/}, or of the ring file.
     *
     * @return a file name
     */
    public String file() {
        return file;
    }

    /**
     * Number of the excerpt within its file, from 0.
     *
     * @return -1 in a ring
     */
    public long excerpt() {
        return excerpt;
    }

    /**
     * Offset of the frame: in its excerpt, or in the ring region.
     *
     * @return bytes
     */
    public int offset() {
        return offset;
    }
}
