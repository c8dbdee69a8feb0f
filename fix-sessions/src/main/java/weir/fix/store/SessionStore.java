package weir.fix.store;

import org.agrona.DirectBuffer;
import org.agrona.collections.IntHashSet;
import org.agrona.concurrent.UnsafeBuffer;
import quickfix.MessageStore;
import quickfix.SystemTime;
import weir.fix.desk.RecordSeq;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sequence numbers and outbound messages of one desk session: QuickFIX/J's store, in one append-only file per
 * generation (a generation ends with a reset of the numbers). Beyond what QuickFIX/J asks it
 * <ul>
 * <li>binds each outbound message to the report it carries (RecordSeq(20001)): {@link #lastBound()};</li>
 * <li>knows up to which message delivery is proven, and carries reports that are not over a reset:
 * {@link #carried};</li>
 * <li>knows whether the engine was told of the last reset, and which inbound messages were answered busy.</li>
 * </ul>
 * Any thread; every method holds this object's lock, but {@link #getNextTargetMsgSeqNum()}, which is one number.
 */
public final class SessionStore implements MessageStore, Closeable {
    /** Instead of a number: the report has one. */
    public static final int BOUND = -1;
    /** Instead of a number: older reports come first, see {@link #carried}. */
    public static final int AFTER_CARRIED = -2;
    private static final String RECORD_SEQ_TAG = "\u000120001=";

    private final Path directory;
    private final String name;
    private final MessageIndex messages = new MessageIndex();
    private final Map<RecordSeq, Entry> carried = new LinkedHashMap<>();
    private final IntHashSet refused = new IntHashSet();
    private final WriteBehind behind;
    private UnsafeBuffer encoded = new UnsafeBuffer(0, 0);
    private StoreFile file;
    private long generation;
    private long createdMs;
    /** Before it in the file a number may stand that is used again behind it. */
    private long reusedUntil;
    /** Where the record of a number lies, or the next one: a range is read in slices. */
    private int readSequence;
    private long readPosition;
    private int nextSender = 1;
    /** Asked for with each message: written under the lock, read without it. */
    private final AtomicInteger nextTarget = new AtomicInteger(1);
    private int lastSet;
    private int lastReportSeq;
    private int proven;
    private long boundRecord = RecordSeq.NONE.recordSequence();
    private int boundIndex = RecordSeq.NONE.outputIndex();
    private boolean resetUnreported;
    private boolean fresh;

    /** A carried report: where its record lies. */
    private record Entry(RecordSeq recordSeq, long position) {
    }

    /**
     * Opens or makes the store of a session.
     *
     * @param directory of all stores, exists
     * @param name      of the session, fit for a file name
     * @param nowMs     epoch milliseconds, creation time of a new store
     * @throws IOException when the file cannot be read or written
     */
    public SessionStore(final Path directory, final String name, final long nowMs) throws IOException {
        this(directory, name, nowMs, null, RecordSeq.NONE);
    }

    /**
     * Opens or makes the store of a session.
     *
     * @param directory of all stores, exists
     * @param name      of the session, fit for a file name
     * @param nowMs     epoch milliseconds, creation time of a new store
     * @param behind    writes to the file what is in its tail; null = the thread that appends writes
     * @param bound     what a new store counts as its highest report, none above {@link RecordSeq#NONE} but in the
     *                  place of a store that is gone: {@link #inPlaceOf(long)}
     * @throws IOException when the file cannot be read or written
     */
    public SessionStore(final Path directory, final String name, final long nowMs, final WriteBehind behind,
        final RecordSeq bound) throws IOException {
        this.behind = behind;
        this.directory = directory;
        this.name = name;
        final long found = newestGeneration(directory, name);
        if (found == 0) {
            fresh = true;
            createdMs = nowMs;
            boundRecord = bound.recordSequence();
            boundIndex = bound.outputIndex();
            begin(1, List.of());
        } else {
            generation = found;
            file = StoreFile.open(path(found), behind);
            final int records = file.scan(this::apply);
            fresh = found == 1 && records == 1;
        }
    }

    /**
     * Asks for a session's store.
     *
     * @param directory of all stores; may be missing
     * @param name      of the session
     * @return true when there is one
     * @throws IOException when the directory cannot be read
     */
    public static boolean exists(final Path directory, final String name) throws IOException {
        return Files.isDirectory(directory) && newestGeneration(directory, name) > 0;
    }

    /**
     * Bound of a store in the place of one that is gone: no report of the journal so far is missing in it.
     *
     * @param lastRecord last record of the journal
     * @return above every report of that record
     */
    public static RecordSeq inPlaceOf(final long lastRecord) {
        return new RecordSeq(lastRecord, Integer.MAX_VALUE);
    }

    /**
     * Stands in the place of a store that is gone, and the desk has had neither a report nor a reset since.
     *
     * @return true while the desk is to be told
     */
    public synchronized boolean isInPlaceOfLost() {
        return boundIndex == Integer.MAX_VALUE && generation == 1;
    }

    /**
     * Reads the highest report a session's store holds, without keeping it open.
     *
     * @param directory of all stores
     * @param name      of the session
     * @return {@link RecordSeq#NONE} when there is no store
     * @throws IOException when the file cannot be read
     */
    public static RecordSeq lastBound(final Path directory, final String name) throws IOException {
        if (!exists(directory, name)) {
            return RecordSeq.NONE;
        }
        try (SessionStore store = new SessionStore(directory, name, SystemTime.currentTimeMillis())) {
            return store.lastBound();
        }
    }

    /**
     * Sets what is expected from the desk from what the journal holds. Where the store knows of fewer messages than the
     * journal (a reset the journal has not seen, or a torn tail), the store wins: the desk is asked again for messages
     * it then sends with PossDupFlag(43)=Y.
     *
     * @param lastJournaled MsgSeqNum(34) of the session's last journaled message
     * @throws IOException when the file cannot be written
     */
    public synchronized void recoverTarget(final int lastJournaled) throws IOException {
        final int expected = fresh ? lastJournaled + 1 : Math.min(nextTarget.get(), lastJournaled + 1);
        if (!resetUnreported && expected != nextTarget.get()) {
            setNextTargetMsgSeqNum(expected);
        }
    }

    @Override
    public synchronized boolean set(final int sequence, final String message) throws IOException {
        final RecordSeq found = recordSeqOf(message);
        final RecordSeq seq = found == null ? RecordSeq.NONE : found;
        final byte[] raw = StoreRecord.encode(message);
        encoded.wrap(raw);
        store(sequence, seq.recordSequence(), seq.outputIndex(), encoded, 0, raw.length);
        return true;
    }

    /**
     * Stores a message that carries a report, and counts its number: {@link #set} and {@link #incrNextSenderMsgSeqNum}
     * in one, without an object.
     *
     * @param sequence       its MsgSeqNum(34), the next outbound number
     * @param recordSequence of the report
     * @param outputIndex    of the report
     * @param source         of the raw message
     * @param offset         of the raw message
     * @param length         of the raw message
     * @throws IOException when it cannot be written; nothing is stored then
     */
    public synchronized void append(final int sequence, final long recordSequence, final int outputIndex,
        final DirectBuffer source, final int offset, final int length) throws IOException {
        store(sequence, recordSequence, outputIndex, source, offset, length);
        nextSender = sequence + 1;
    }

    private void store(final int sequence, final long recordSequence, final int outputIndex,
        final DirectBuffer source, final int offset, final int length) throws IOException {
        if (sequence != nextSender) {
            throw new IOException("MsgSeqNum " + sequence + " is not " + nextSender + ": numbers were reset meanwhile");
        }
        onMessage(sequence, recordSequence, outputIndex,
            file.append(sequence, recordSequence, outputIndex, source, offset, length));
    }

    @Override
    public synchronized void get(final int startSequence, final int endSequence, final Collection<String> target)
        throws IOException {
        final int last = endSequence == 0 ? nextSender - 1 : Math.min(endSequence, nextSender - 1);
        target.addAll(messages(Math.max(1, startSequence), last, false).values());
    }

    @Override
    public synchronized int getNextSenderMsgSeqNum() {
        return nextSender;
    }

    @Override
    public int getNextTargetMsgSeqNum() {
        return nextTarget.get();
    }

    @Override
    public synchronized void setNextSenderMsgSeqNum(final int next) throws IOException {
        file.append(StoreRecord.NEXT_SENDER, next);
        onNextSender(next, file.end());
    }

    @Override
    public synchronized void setNextTargetMsgSeqNum(final int next) throws IOException {
        file.append(StoreRecord.NEXT_TARGET, next);
        nextTarget.setRelease(next);
    }

    /** Takes effect only after {@link #set} of that number: a reset in between has already started a new count. */
    @Override
    public synchronized void incrNextSenderMsgSeqNum() {
        if (lastSet == nextSender) {
            nextSender++;
        }
    }

    @Override
    public synchronized void incrNextTargetMsgSeqNum() throws IOException {
        setNextTargetMsgSeqNum(nextTarget.get() + 1);
    }

    @Override
    public synchronized Date getCreationTime() {
        return new Date(createdMs);
    }

    @Override
    public synchronized Calendar getCreationTimeCalendar() {
        final Calendar calendar = Calendar.getInstance(TimeZone.getTimeZone("UTC"));
        calendar.setTimeInMillis(createdMs);
        return calendar;
    }

    /** Starts a new generation that carries over every report whose delivery is not proven. */
    @Override
    public synchronized void reset() throws IOException {
        // What was sent came before what still waits.
        final List<Map.Entry<RecordSeq, String>> kept = new ArrayList<>();
        for (final String raw : messages(proven + 1, nextSender - 1, true).values()) {
            kept.add(Map.entry(recordSeqOf(raw), raw));
        }
        for (final Entry entry : carried.values()) {
            kept.add(Map.entry(entry.recordSeq(), read(entry)));
        }
        messages.clear();
        reusedUntil = 0;
        readSequence = 0;
        carried.clear();
        refused.clear();
        nextSender = 1;
        nextTarget.setRelease(1);
        lastSet = 0;
        lastReportSeq = 0;
        proven = 0;
        resetUnreported = true;
        createdMs = SystemTime.currentTimeMillis();
        final StoreFile before = file;
        final Path old = path(generation);
        begin(generation + 1, kept);
        before.close();
        Files.deleteIfExists(old);
    }

    @Override
    public void refresh() {
        // Nobody else writes this file: what is in memory is what is stored.
    }

    /**
     * Highest report that was given an outbound number.
     *
     * @return report, {@link RecordSeq#NONE} before the first
     */
    public synchronized RecordSeq lastBound() {
        return new RecordSeq(boundRecord, boundIndex);
    }

    /**
     * Asks for one report.
     *
     * @param recordSequence of the report
     * @param outputIndex    of the report
     * @return true when it is at or below {@link #lastBound()}
     */
    public synchronized boolean isBound(final long recordSequence, final int outputIndex) {
        return recordSequence < boundRecord || recordSequence == boundRecord && outputIndex <= boundIndex;
    }

    /**
     * Number that a report gets.
     *
     * @param recordSequence of the report
     * @param outputIndex    of the report
     * @return MsgSeqNum(34), {@link #BOUND} or {@link #AFTER_CARRIED}
     */
    public synchronized int numberFor(final long recordSequence, final int outputIndex) {
        if (isBound(recordSequence, outputIndex)) {
            return BOUND;
        }
        return carried.isEmpty() ? nextSender : AFTER_CARRIED;
    }

    /**
     * Asks whether a report waits to be sent again.
     *
     * @return true after a reset, until all were
     */
    public synchronized boolean hasCarried() {
        return !carried.isEmpty();
    }

    /**
     * Asks for one report that waits to be sent again.
     *
     * @param seq of the report
     * @return true while it waits
     */
    public synchronized boolean isCarried(final RecordSeq seq) {
        return carried.containsKey(seq);
    }

    /**
     * Messages of earlier generations that were not proven delivered and were not sent again yet, and those added by
     * {@link #carry}.
     *
     * @param most how many at once
     * @return raw FIX, oldest first
     * @throws IOException when the file cannot be read
     */
    public synchronized List<String> carried(final int most) throws IOException {
        final List<String> result = new ArrayList<>(Math.min(most, carried.size()));
        for (final Entry entry : carried.values()) {
            if (result.size() == most) {
                break;
            }
            result.add(read(entry));
        }
        return result;
    }

    /**
     * Adds a report behind those that wait to be sent again: it is bound, and gets its number when its turn comes.
     *
     * @param recordSequence of the report
     * @param outputIndex    of the report
     * @param source         of the raw message; its number and times do not count
     * @param offset         of the raw message
     * @param length         of the raw message
     * @throws IOException when it cannot be written; nothing is stored then
     */
    public synchronized void carry(final long recordSequence, final int outputIndex, final DirectBuffer source,
        final int offset, final int length) throws IOException {
        final byte[] raw = new byte[length];
        source.getBytes(offset, raw);
        keep(new RecordSeq(recordSequence, outputIndex), raw);
    }

    /**
     * Notes that the desk has everything up to a number.
     *
     * @param sequence outbound MsgSeqNum(34); beyond what was sent it is cut
     * @throws IOException when the file cannot be written
     */
    public synchronized void proveDelivered(final int sequence) throws IOException {
        final int upTo = Math.min(sequence, nextSender - 1);
        if (upTo > proven) {
            file.append(StoreRecord.PROVEN, upTo);
            proven = upTo;
        }
    }

    /**
     * Highest outbound number that the desk has for certain.
     *
     * @return MsgSeqNum(34), 0 = none
     */
    public synchronized int provenDelivered() {
        return proven;
    }

    /**
     * Highest outbound number that carries a report.
     *
     * @return MsgSeqNum(34), 0 = none in this generation
     */
    public synchronized int lastReportSeq() {
        return lastReportSeq;
    }

    /**
     * Asks whether the numbers were reset and the engine has not been told.
     *
     * @return true from a reset until {@link #onResetReported()}
     */
    public synchronized boolean isResetUnreported() {
        return resetUnreported;
    }

    /**
     * The engine was told of the reset.
     *
     * @throws IOException when the file cannot be written
     */
    public synchronized void onResetReported() throws IOException {
        if (resetUnreported) {
            file.append(StoreRecord.seal(StoreRecord.allocate(StoreRecord.RESET_REPORTED, 0)));
            resetUnreported = false;
        }
    }

    /**
     * Notes an inbound message that was answered busy: should it come again as a possible duplicate, it must not act.
     *
     * @param sequence inbound MsgSeqNum(34)
     * @throws IOException when the file cannot be written
     */
    public synchronized void onRefused(final int sequence) throws IOException {
        if (refused.add(sequence)) {
            file.append(StoreRecord.REFUSED, sequence);
        }
    }

    /**
     * Asks for a message that was answered busy.
     *
     * @param sequence inbound MsgSeqNum(34)
     * @return true when it was
     */
    public synchronized boolean wasRefused(final int sequence) {
        return refused.contains(sequence);
    }

    /**
     * What a torn tail cost at open.
     *
     * @return bytes cut off
     */
    public synchronized long tornBytes() {
        return file.tornBytes();
    }

    /**
     * Counts generations.
     *
     * @return 1 until the first reset
     */
    public synchronized long generation() {
        return generation;
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }

    /**
     * Report that a raw message carries.
     *
     * @param message raw FIX
     * @return value of RecordSeq(20001), or null
     */
    public static RecordSeq recordSeqOf(final String message) {
        final int at = message.indexOf(RECORD_SEQ_TAG);
        if (at < 0) {
            return null;
        }
        final int start = at + RECORD_SEQ_TAG.length();
        final int stop = message.indexOf('\u0001', start);
        return stop < 0 ? null : RecordSeq.parse(message.substring(start, stop));
    }

    private void onMessage(final int sequence, final long recordSequence, final int outputIndex, final long position) {
        messages.add(sequence, position);
        lastSet = sequence;
        if (recordSequence > RecordSeq.NONE.recordSequence()) {
            lastReportSeq = sequence;
            if (!carried.isEmpty()) {
                carried.remove(new RecordSeq(recordSequence, outputIndex));
            }
            bind(recordSequence, outputIndex);
        }
    }

    private void bind(final long recordSequence, final int outputIndex) {
        if (!isBound(recordSequence, outputIndex)) {
            boundRecord = recordSequence;
            boundIndex = outputIndex;
        }
    }

    private void onCarried(final RecordSeq seq, final long position) {
        carried.put(seq, new Entry(seq, position));
        bind(seq.recordSequence(), seq.outputIndex());
    }

    private void onNextSender(final int next, final long position) {
        if (next <= lastSet) {
            reusedUntil = position;
            readSequence = 0;
        }
        messages.cut(next);
        nextSender = next;
    }

    /** Raw messages by number; where a number was used again, the later one. */
    private Map<Integer, String> messages(final int first, final int last, final boolean reportsOnly)
        throws IOException {
        final Map<Integer, String> found = new TreeMap<>();
        final long from = first == readSequence ? readPosition : messages.positionBefore(first);
        if (first > last || from < 0) {
            return found;
        }
        final boolean[] isStopped = new boolean[1];
        final boolean[] isReused = new boolean[1];
        final long to = file.scan(from, (payload, position) -> {
            if (payload.get() == StoreRecord.MESSAGE) {
                final int sequence = payload.getInt();
                isStopped[0] = sequence > last && position >= reusedUntil;
                isReused[0] |= sequence > last && position < reusedUntil;
                if (sequence >= first && sequence <= last) {
                    final boolean isReport = payload.getLong() > RecordSeq.NONE.recordSequence();
                    payload.getInt();
                    if (isReport || !reportsOnly) {
                        found.put(sequence, StoreRecord.decode(payload));
                    } else {
                        found.remove(sequence);
                    }
                }
            }
            return !isStopped[0];
        });
        if (isStopped[0] && !isReused[0]) {
            readSequence = last + 1;
            readPosition = to;
        }
        return found;
    }

    private void begin(final long number, final List<Map.Entry<RecordSeq, String>> kept) throws IOException {
        final Path target = path(number);
        final Path draft = target.resolveSibling(target.getFileName() + ".tmp");
        file = StoreFile.create(draft, behind);
        generation = number;
        file.append(StoreRecord.seal(
            StoreRecord.allocate(StoreRecord.GENERATION, 29).putLong(createdMs).putInt(nextSender)
            .putInt(nextTarget.get()).putLong(boundRecord).putInt(boundIndex)
            .put((byte)(resetUnreported ? 1 : 0))));
        for (final Map.Entry<RecordSeq, String> entry : kept) {
            keep(entry.getKey(), StoreRecord.encode(entry.getValue()));
        }
        Files.deleteIfExists(AppendTail.beside(target)); // of a store that was taken away without it
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        file.stage(target);
    }

    private void keep(final RecordSeq seq, final byte[] raw) throws IOException {
        onCarried(seq, file.append(StoreRecord.seal(
            StoreRecord.allocate(StoreRecord.CARRIED, StoreRecord.CARRIED_PREFIX - 1 + raw.length)
                .putLong(seq.recordSequence()).putInt(seq.outputIndex()).put(raw))));
    }

    private boolean apply(final ByteBuffer payload, final long position) {
        switch (payload.get()) {
            case StoreRecord.GENERATION -> {
                createdMs = payload.getLong();
                nextSender = payload.getInt();
                nextTarget.setRelease(payload.getInt());
                boundRecord = payload.getLong();
                boundIndex = payload.getInt();
                resetUnreported = payload.get() != 0;
            }
            case StoreRecord.MESSAGE -> {
                final int sequence = payload.getInt();
                onMessage(sequence, payload.getLong(), payload.getInt(), position);
                nextSender = sequence + 1;
            }
            case StoreRecord.CARRIED -> onCarried(new RecordSeq(payload.getLong(), payload.getInt()), position);
            case StoreRecord.NEXT_SENDER -> onNextSender(payload.getInt(), position);
            case StoreRecord.NEXT_TARGET -> nextTarget.setRelease(payload.getInt());
            case StoreRecord.PROVEN -> proven = payload.getInt();
            case StoreRecord.RESET_REPORTED -> resetUnreported = false;
            case StoreRecord.REFUSED -> refused.add(payload.getInt());
            default -> throw new UncheckedIOException(
                new IOException("session store " + path(generation) + " was written by a later version"));
        }
        return true;
    }

    private String read(final Entry entry) throws IOException {
        return StoreRecord.decode(file.readRecord(entry.position()).position(StoreRecord.CARRIED_PREFIX));
    }

    private Path path(final long number) {
        return directory.resolve(name + "-" + number + ".store");
    }

    private static long newestGeneration(final Path directory, final String name) throws IOException {
        long newest = 0;
        try (var files = Files.newDirectoryStream(directory, name + "-*.store")) {
            for (final Path file : files) {
                final String text = file.getFileName().toString();
                final String number = text.substring(name.length() + 1, text.length() - ".store".length());
                if (number.matches("\\d{1,18}")) {
                    newest = Math.max(newest, Long.parseLong(number));
                }
            }
        }
        return newest;
    }
}
