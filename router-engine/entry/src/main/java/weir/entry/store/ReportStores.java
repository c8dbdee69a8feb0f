package weir.entry.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import weir.entry.client.ClientConfig;
import weir.entry.egress.ReportPrefix;

/**
 * Report stores of all binary clients in one directory, held by one gateway at a time through a lock of the kernel.
 * Open it before the journal is replayed and hand it every client output of the replay: what a store does not hold yet
 * is appended there and then, in journal order, so that a long replay costs no memory.
 * <p>
 * An Alert has no session. Replayed, it goes to every session of its tenant that ever had a report and whose store has
 * not bound it, when it is not below the highest report that any store here holds: what is below was handed out before
 * the end of the last run.
 */
public final class ReportStores implements Closeable {
    private static final int ALL_TENANTS = 0;

    private final Map<Integer, ReportStore> bySession = new LinkedHashMap<>();
    private final Map<Integer, Integer> tenantBySession = new LinkedHashMap<>();
    private final FileChannel lock;
    private long highestRecord;
    private int highestIndex = -1;
    private long regenerated;

    /**
     * Makes the directory where it is missing, locks it and opens every store.
     *
     * @param directory    of all stores
     * @param clients      whose reports are kept
     * @param segmentBytes length of a file
     * @param keepBytes    most bytes of all files of one session
     * @throws IOException when that fails, or another gateway holds the directory
     */
    public ReportStores(final Path directory, final Collection<ClientConfig> clients, final int segmentBytes,
        final long keepBytes) throws IOException {
        if (segmentBytes < 4_096 || keepBytes < 2L * segmentBytes) {
            throw new IllegalArgumentException("segmentBytes must be at least 4096, keepBytes at least two of them");
        }
        Files.createDirectories(directory);
        lock = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean opened = false;
        try {
            if (!tryLock()) {
                throw new IOException("STORE_LOCKED report store directory " + directory
                    + " is in use by another gateway");
            }
            for (final ClientConfig client : clients) {
                final ReportStore store = new ReportStore(directory, client.sessionId(), segmentBytes, keepBytes);
                bySession.put(client.sessionId(), store);
                tenantBySession.put(client.sessionId(), client.tenantId());
                if (store.boundRecord() > highestRecord
                    || store.boundRecord() == highestRecord && store.boundIndex() > highestIndex) {
                    highestRecord = store.boundRecord();
                    highestIndex = store.boundIndex();
                }
            }
            opened = true;
        } finally {
            if (!opened) {
                close();
            }
        }
    }

    private boolean tryLock() throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (final OverlappingFileLockException ex) {
            return false;
        }
    }

    /**
     * A client output that the replay of the journal made again.
     *
     * @param buffer holds the frame
     * @param offset of the header
     * @param length of the frame
     * @throws IOException when it cannot be kept
     */
    public void onRegenerated(final DirectBuffer buffer, final int offset, final int length) throws IOException {
        if (!ReportPrefix.isReport(buffer, offset, length)) {
            return;
        }
        final long record = ReportPrefix.recordSequence(buffer, offset);
        final int index = ReportPrefix.outputIndex(buffer, offset);
        if (ReportPrefix.isAlert(buffer, offset)) {
            final boolean recent = record > highestRecord || record == highestRecord && index >= highestIndex;
            final int tenantId = ReportPrefix.tenantId(buffer, offset);
            for (final Map.Entry<Integer, ReportStore> session : bySession.entrySet()) {
                if (recent && session.getValue().boundRecord() > 0
                    && (tenantId == ALL_TENANTS || tenantBySession.get(session.getKey()) == tenantId)) {
                    appendNew(session.getValue(), record, index, buffer, offset, length);
                }
            }
            return;
        }
        final ReportStore store = bySession.get(ReportPrefix.sessionId(buffer, offset));
        if (store != null) {
            appendNew(store, record, index, buffer, offset, length);
        }
    }

    private void appendNew(final ReportStore store, final long record, final int index, final DirectBuffer buffer,
        final int offset, final int length) throws IOException {
        if (store.isNew(record, index)) {
            store.append(record, index, buffer, offset, length);
            regenerated++;
        }
    }

    /**
     * Store of a session.
     *
     * @param sessionId of the session
     * @return store, null when it is not a client's
     */
    public ReportStore of(final int sessionId) {
        return bySession.get(sessionId);
    }

    /**
     * Reports that the replay added.
     *
     * @return count over all sessions
     */
    public long regenerated() {
        return regenerated;
    }

    /**
     * What was cut off at open, over all stores.
     *
     * @return bytes
     */
    public long tornBytes() {
        return bySession.values().stream().mapToLong(ReportStore::tornBytes).sum();
    }

    @Override
    public void close() throws IOException {
        for (final ReportStore store : bySession.values()) {
            store.close();
        }
        lock.close();
    }
}
