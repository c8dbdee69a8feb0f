package weir.fix.desk;

/**
 * Identity of one report: the journal record that made it and its place among that record's outputs. Text form
 * {@code record-index}, as in ExecID(17) and RecordSeq(20001). Ordered as the engine sends.
 *
 * @param recordSequence journal record sequence, dense from 1
 * @param outputIndex    index within the record's outputs, from 0
 */
public record RecordSeq(long recordSequence, int outputIndex) implements Comparable<RecordSeq> {
    /** Before the first report. */
    public static final RecordSeq NONE = new RecordSeq(0, -1);

    /**
     * Parses the text form.
     *
     * @param text {@code record-index}
     * @return the identity, or null when the text is none
     */
    public static RecordSeq parse(final String text) {
        final int dash = text == null ? -1 : text.indexOf('-');
        if (dash <= 0) {
            return null;
        }
        try {
            return new RecordSeq(Long.parseLong(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
        } catch (final NumberFormatException ex) {
            return null;
        }
    }

    @Override
    public int compareTo(final RecordSeq other) {
        final int byRecord = Long.compare(recordSequence, other.recordSequence);
        return byRecord != 0 ? byRecord : Integer.compare(outputIndex, other.outputIndex);
    }

    @Override
    public String toString() {
        return recordSequence + "-" + outputIndex;
    }
}
