package weir.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.wire.DocumentContext;
import weir.protocol.CrashPoint;

/**
 * Where files go that leave a journal. An archive is itself laid out as a journal directory, so that whatever reads a
 * journal reads it: {@code journal.id}, {@code queue/} with the files under their names and, beside each, {@code
 * <name>.sha256} in the form of sha256sum, and {@code retained} with the first sequence it was ever given. The checksum
 * file is the last thing written for a file: a file without one is a copy that was not finished. One thread, of the
 * process that owns the journal directory.
 */
final class JournalArchive {
    static final String SUM = ".sha256";

    private static final String UNFINISHED = ".new";
    private static final int BLOCK_BYTES = 1024 * 1024;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final Path directory;
    private final Path queuePath;
    private final long bytesPerSecond;

    private JournalArchive(final Path directory, final long bytesPerSecond) {
        this.directory = directory;
        this.queuePath = directory.resolve(JournalDirectory.QUEUE);
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Makes the directories where absent, refuses those of another journal, removes what a kill left unfinished. */
    static JournalArchive open(final Path directory, final JournalId id, final long bytesPerSecond) {
        final JournalArchive archive = new JournalArchive(directory, bytesPerSecond);
        try {
            Files.createDirectories(archive.queuePath);
            if (Files.exists(directory.resolve(JournalId.FILE))) {
                verifyId(directory, id);
            } else {
                DurableFiles.write(directory.resolve(JournalId.FILE), id + "\n");
            }
            try (Stream<Path> files = Files.list(archive.queuePath)) {
                for (final Path file : files.filter(path -> path.toString().endsWith(UNFINISHED)).toList()) {
                    Files.delete(file);
                }
            }
        } catch (final IOException ex) {
            throw io(directory, ex);
        }
        return archive;
    }

    /** Refuses the archive of another journal. */
    static void verifyId(final Path directory, final JournalId id) {
        final JournalId found = JournalId.read(directory);
        if (!found.equals(id)) {
            throw new JournalException(JournalError.ARCHIVE_FOREIGN,
                directory + " is the archive of journal " + found + ", this is " + id);
        }
    }

    /**
     * Copies one file, puts the copy on the device, reads it back, compares it, verifies every record in it, and only
     * then writes its checksum. Does nothing when all of that was done before.
     *
     * @return lower-case hex SHA-256 of the file
     */
    String add(final RolledFile file) throws IOException {
        final String name = file.path().getFileName().toString();
        final Path copy = queuePath.resolve(name);
        final Path sumFile = queuePath.resolve(name + SUM);
        if (Files.exists(sumFile) && Files.exists(copy)) {
            return verifyDone(file, copy, sumFile);
        }
        final Path fresh = queuePath.resolve(name + UNFINISHED);
        final String sum = copy(file.path(), fresh);
        if (!sum.equals(sha256(fresh))) {
            throw new JournalException(JournalError.JOURNAL_IO, fresh + " is not a true copy of " + file.path());
        }
        CrashPoint.hit(CrashPoint.ARCHIVE_COPIED);
        Files.move(fresh, copy, StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.syncDirectory(queuePath);
        CrashPoint.hit(CrashPoint.ARCHIVE_NAMED);
        if (!Files.exists(directory.resolve(Retained.FILE))) {
            new Retained(Math.max(1, file.firstSequence())).write(directory);
        }
        ChronicleQueues.refreshListing(queuePath);
        verifyRecords(file);
        DurableFiles.write(sumFile, sum + "  " + name + "\n");
        CrashPoint.hit(CrashPoint.ARCHIVE_VERIFIED);
        return sum;
    }

    /** A file that was archived and not yet removed: both must still be what the checksum says. */
    private static String verifyDone(final RolledFile file, final Path copy, final Path sumFile) throws IOException {
        final String said = sum(sumFile);
        final String source = sha256(file.path());
        final String archived = sha256(copy);
        if (!said.equals(source) || !said.equals(archived)) {
            throw new JournalException(JournalError.ARCHIVE_CORRUPT, sumFile + " says " + said + ", " + file.path()
                + " has " + source + " and its copy " + archived + "; nothing was removed");
        }
        return said;
    }

    /** Blocks of zeros become holes again: a journal file is mostly reserved space. */
    private String copy(final Path source, final Path target) throws IOException {
        final MessageDigest digest = sha256();
        final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        final ByteBuffer zeros = ByteBuffer.allocate(BLOCK_BYTES);
        final long startNs = System.nanoTime();
        try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ);
            FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            long position = 0;
            long written = 0;
            while (in.read(block, position) > 0) {
                block.flip();
                digest.update(block.duplicate());
                final int length = block.remaining();
                if (block.mismatch(zeros.limit(length).position(0)) >= 0) {
                    long at = position;
                    while (block.hasRemaining()) {
                        at += out.write(block, at);
                    }
                    written += length;
                    pace(startNs, written);
                }
                position += length;
                block.clear();
            }
            if (out.size() < position) {
                out.write(ByteBuffer.allocate(1), position - 1);
            }
            out.force(true);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Leaves the device to the journal: a copy has time. */
    private void pace(final long startNs, final long written) {
        if (bytesPerSecond > 0) {
            final long dueNs = startNs + (long) ((double) written / bytesPerSecond * NS_PER_SECOND);
            final long aheadNs = dueNs - System.nanoTime();
            if (aheadNs > 0) {
                LockSupport.parkNanos(aheadNs);
            }
        }
    }

    private void verifyRecords(final RolledFile file) {
        if (file.firstSequence() == 0) {
            return;
        }
        final ExcerptBuffer excerpt = new ExcerptBuffer();
        long expected = file.firstSequence();
        try (SingleChronicleQueue queue = ChronicleQueues.openReader(queuePath);
            ExcerptTailer tailer = queue.createTailer()) {
            final int cycle = queue.rollCycle().toCycle(indexOf(queue, file));
            boolean there = tailer.moveToIndex(queue.rollCycle().toIndex(cycle, 0));
            while (there && expected < file.nextSequence()) {
                try (DocumentContext document = tailer.readingDocument()) {
                    there = document.isPresent() && queue.rollCycle().toCycle(document.index()) == cycle
                        && excerpt.load(document);
                }
                for (int offset = 0; there && offset < excerpt.length(); offset += excerpt.frameLength(offset)) {
                    if (excerpt.check(offset) != RecordFrame.VALID || excerpt.sequence(offset) != expected) {
                        there = false;
                        break;
                    }
                    expected++;
                }
            }
        }
        if (expected != file.nextSequence()) {
            throw new JournalException(JournalError.ARCHIVE_CORRUPT, "the copy of " + file.path()
                + " holds records only up to " + (expected - 1) + " of " + (file.nextSequence() - 1)
                + "; nothing was removed");
        }
    }

    private static long indexOf(final SingleChronicleQueue queue, final RolledFile file) {
        final String name = file.path().getFileName().toString();
        for (final int cycle : ChronicleQueues.cycles(queue)) {
            if (ChronicleQueues.fileName(queue, cycle).equals(name)) {
                return queue.rollCycle().toIndex(cycle, 0);
            }
        }
        throw new JournalException(JournalError.ARCHIVE_CORRUPT, "the archive does not show " + name);
    }

    /** Compares every file with its checksum; the codes and sentences of those that differ. */
    static List<JournalException> verifySums(final Path directory) {
        final List<JournalException> wrong = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory.resolve(JournalDirectory.QUEUE))) {
            for (final Path file : files.filter(path -> path.toString().endsWith(SingleChronicleQueue.SUFFIX))
                .sorted().toList()) {
                final Path sumFile = file.resolveSibling(file.getFileName() + SUM);
                if (!Files.exists(sumFile)) {
                    wrong.add(new JournalException(JournalError.ARCHIVE_CORRUPT, file + " has no checksum file"));
                } else if (!sum(sumFile).equals(sha256(file))) {
                    wrong.add(new JournalException(JournalError.ARCHIVE_CORRUPT, file + " is not what " + sumFile
                        + " says"));
                }
            }
        } catch (final IOException ex) {
            throw io(directory, ex);
        }
        return wrong;
    }

    private static String sum(final Path sumFile) throws IOException {
        final String text = Files.readString(sumFile);
        final int end = text.indexOf(' ');
        return end < 0 ? text.strip() : text.substring(0, end);
    }

    private static String sha256(final Path file) throws IOException {
        final MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            final byte[] block = new byte[BLOCK_BYTES];
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                digest.update(block, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private static JournalException io(final Path path, final IOException ex) {
        return new JournalException(JournalError.JOURNAL_IO, path + ": " + ex, ex);
    }
}
