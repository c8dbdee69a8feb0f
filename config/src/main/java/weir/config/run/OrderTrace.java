package weir.config.run;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.agrona.collections.Long2LongHashMap;

/**
 * The first orders of a run, one by one: when each was read from its desk, decoded, judged by the core, in the journal
 * ring, and with the operating system on its way to the venue. Each stage writes rows of its own, with room for so many
 * from the start and without waiting or allocating; what belongs together is found when the file is written. Gateway,
 * engine and adapter have a thread each, or one for all.
 */
final class OrderTrace {
    private static final String HEAD = "sessionId,msgSeqNum,orderId,inNs,decodedNs,offeredNs,takenNs,verdictNs,ringNs,"
        + "venueTakenNs,outNs";

    private final Rows desk;
    private final Rows engine;
    private final Rows venue;

    /**
     * Takes the memory.
     *
     * @param orders how many of each stage
     */
    OrderTrace(final int orders) {
        desk = new Rows(orders, 4);
        engine = new Rows(orders, 5);
        venue = new Rows(orders, 3);
    }

    /** False where no order is written down. */
    boolean isKept() {
        return engine.hasRoom() || engine.count() > 0;
    }

    void onDesk(final int sessionId, final int msgSeqNum, final long inNs, final long decodedNs,
        final long offeredNs) {
        if (desk.hasRoom()) {
            desk.put(key(sessionId, msgSeqNum));
            desk.put(inNs);
            desk.put(decodedNs);
            desk.put(offeredNs);
            desk.end();
        }
    }

    void onEngine(final int sessionId, final int msgSeqNum, final long orderId, final long takenNs,
        final long verdictNs, final long ringNs) {
        if (engine.hasRoom()) {
            engine.put(key(sessionId, msgSeqNum));
            engine.put(orderId);
            engine.put(takenNs);
            engine.put(verdictNs);
            engine.put(ringNs);
            engine.end();
        }
    }

    void onVenue(final long orderId, final long takenNs, final long writtenNs) {
        if (venue.hasRoom()) {
            venue.put(orderId);
            venue.put(takenNs);
            venue.put(writtenNs);
            venue.end();
        }
    }

    private static long key(final int sessionId, final int msgSeqNum) {
        return (long)sessionId << 32 | msgSeqNum;
    }

    /** Writes what came through all stages, in the order of the engine; a refused order has no times of a venue. */
    void write(final Path file) throws IOException {
        final Map<Long, Integer> desks = new HashMap<>();
        for (int row = 0; row < desk.count(); row++) {
            desks.put(desk.get(row, 0), row);
        }
        final Long2LongHashMap venues = new Long2LongHashMap(-1);
        for (int row = 0; row < venue.count(); row++) {
            venues.putIfAbsent(venue.get(row, 0), row);
        }
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
            out.write(HEAD);
            out.newLine();
            for (int row = 0; row < engine.count(); row++) {
                final Integer from = desks.get(engine.get(row, 0));
                if (from != null) {
                    out.write(line(from, row, (int)venues.get(engine.get(row, 1))));
                    out.newLine();
                }
            }
        }
    }

    private String line(final int from, final int row, final int to) {
        final StringBuilder text = new StringBuilder();
        text.append(engine.get(row, 0) >> 32).append(',').append((int)engine.get(row, 0)).append(',')
            .append(engine.get(row, 1));
        for (int i = 1; i <= 3; i++) {
            text.append(',').append(desk.get(from, i));
        }
        for (int i = 2; i <= 4; i++) {
            text.append(',').append(engine.get(row, i));
        }
        for (int i = 1; i <= 2; i++) {
            text.append(',').append(to < 0 ? "" : Long.toString(venue.get(to, i)));
        }
        return text.toString();
    }

    /** Rows of one stage: its thread appends, another may read those that are ended. */
    private static final class Rows {
        private final long[] cells;
        private final int width;
        private int next;
        private volatile int ended;

        Rows(final int rows, final int width) {
            cells = new long[rows * width];
            this.width = width;
        }

        boolean hasRoom() {
            return next + width <= cells.length;
        }

        void put(final long value) {
            cells[next++] = value;
        }

        void end() {
            ended = next / width;
        }

        int count() {
            return ended;
        }

        long get(final int row, final int column) {
            return cells[row * width + column];
        }
    }
}
