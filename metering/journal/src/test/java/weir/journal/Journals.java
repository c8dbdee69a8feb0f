package weir.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import weir.protocol.sbe.JournalRecordDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;

/** What the tests of this module share: small journals, and bounded waits. */
final class Journals {
    static final long BLOCK_SIZE = 1024 * 1024;
    static final int RING_CAPACITY = 1024 * 1024;
    static final long TIMEOUT_NS = 20_000_000_000L;

    /** Held here, or the level is lost with the logger. */
    private static final Logger CHRONICLE = Logger.getLogger("net.openhft");

    static {
        CHRONICLE.setLevel(Level.SEVERE);
    }

    private Journals() {
    }

    static Journal.Context context(final Path directory) {
        return new Journal.Context()
            .directory(directory)
            .ringCapacity(RING_CAPACITY)
            .blockSize(BLOCK_SIZE)
            .spaceMarks(1024, 2048, 4096);
    }

    /** A directory in shared memory, where Chronicle is fast and mapped pages are real. */
    static Path newDirectory() {
        try {
            return Files.createTempDirectory(Path.of("/dev/shm"), "weir-journal-test-");
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    static void delete(final Path directory) {
        final Path id = directory.resolve(JournalId.FILE);
        try {
            if (Files.exists(id)) {
                Files.deleteIfExists(Path.of("/dev/shm/weir-ring-" + Files.readString(id).strip()));
            }
            try (Stream<Path> paths = Files.walk(directory)) {
                for (final Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Another boot id stands in the progress file than the machine's. */
    static void startMachineAgain(final Path directory) throws IOException {
        try (RandomAccessFile access =
            new RandomAccessFile(directory.resolve(JournalProgress.FILE).toFile(), "rw")) {
            access.seek(40);
            access.writeLong(1);
        }
    }

    /** Writes the records {@code from..to} through ring and agent, on this thread. */
    static void write(final Journal journal, final long from, final long to) {
        final Records records = new Records();
        final OneToOneRingBuffer ring = journal.ring().ringBuffer();
        for (long sequence = from; sequence <= to; sequence++) {
            while (!records.offer(ring, sequence)) {
                journal.agent().doWork();
            }
        }
        drain(journal);
    }

    static void drain(final Journal journal) {
        final long deadline = System.nanoTime() + TIMEOUT_NS;
        while (!journal.ring().isDrained()) {
            journal.agent().doWork();
            if (System.nanoTime() > deadline) {
                throw new AssertionError("ring still holds " + journal.ring().occupancy());
            }
        }
    }

    /** Makes a closed journal with the records {@code 1..count}, {@code perExcerpt} to an excerpt. */
    static void make(final Path directory, final long count, final int perExcerpt) {
        try (Journal journal = Journal.launch(context(directory))) {
            for (long from = 1; from <= count; from += perExcerpt) {
                write(journal, from, Math.min(count, from + perExcerpt - 1));
            }
            journal.agent().onClose();
        }
    }

    static JournalReader reader(final Path directory) {
        return JournalReader.open(new JournalReader.Context().directory(directory).waitMs(20_000).stallMs(100));
    }

    /** Reads until {@code last} was handed over, checking each record's content against its sequence. */
    static long readTo(final JournalReader reader, final long last) {
        final CheckingHandler handler = new CheckingHandler();
        final long deadline = System.nanoTime() + TIMEOUT_NS;
        while (handler.last < last) {
            if (reader.poll(handler, 1000) == 0) {
                LockSupport.parkNanos(100_000);
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("read to " + handler.last + " of " + last + ", appended "
                    + reader.appended() + ", file " + reader.currentFile());
            }
        }
        return handler.count;
    }

    static void await(final BooleanSupplier condition, final Supplier<String> state) {
        final long deadline = System.nanoTime() + TIMEOUT_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("timed out: " + state.get());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    static List<Path> cycleFiles(final Path directory) {
        try (Stream<Path> paths = Files.list(directory.resolve(JournalDirectory.QUEUE))) {
            return paths.filter(path -> path.toString().endsWith(".cq4")).sorted().toList();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Decodes each record and compares it with what {@link Records} makes of the sequence. */
    static final class CheckingHandler implements RecordHandler {
        private final MessageHeaderDecoder header = new MessageHeaderDecoder();
        private final JournalRecordDecoder record = new JournalRecordDecoder();
        private final Records records = new Records();
        long count;
        long last;

        @Override
        public void onRecord(final DirectBuffer buffer, final int offset, final int length,
            final long sequence) {
            record.wrapAndApplyHeader(buffer, offset + 8, header);
            final int expectedLength = records.encode(sequence);
            if (record.sequence() != sequence || length != expectedLength
                || !same(buffer, offset, length)) {
                throw new AssertionError("record " + sequence + " is not what was written");
            }
            count++;
            last = sequence;
        }

        private boolean same(final DirectBuffer buffer, final int offset, final int length) {
            for (int i = 0; i < length; i++) {
                if (buffer.getByte(offset + i) != records.frame().getByte(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
