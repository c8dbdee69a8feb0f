package weir.billing.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.billing.world.AuditRun;
import weir.billing.world.LongWorld;
import weir.protocol.JournalRecordDescriptor;

/** Forges a real journal of four days in every way, and asks the verifier for the first bad record. */
@Timeout(120)
class AuditVerifierTest {
    private static final int DAYS = 4;
    private static final SigningKey KEY = SigningKey.parse(RecordDigestTest.pem("11".repeat(32)),
        SigningKey.ALWAYS_FROM, SigningKey.ALWAYS_TO);
    private static final SigningKey OTHER = SigningKey.parse(RecordDigestTest.pem("22".repeat(32)),
        SigningKey.ALWAYS_FROM, SigningKey.ALWAYS_TO);

    private static Path made;
    private static List<byte[]> frames;
    private static List<DaySummary> days;
    private static long seed;

    private final Random random = new Random(seed);
    private Path dir;

    @BeforeAll
    static void makeJournal() throws IOException {
        seed = System.nanoTime();
        System.out.println("AuditVerifierTest seed " + seed);
        made = Files.createTempDirectory(shm(), "weir-audit-test-");
        frames = LongWorld.frames(LongWorld.of(DAYS, seed, 120));
        LongWorld.write(made.resolve("journal"), frames);
        try (AuditRun run = new AuditRun(made.resolve("billing.db"), settings(List.of(KEY), made.resolve("audit")))) {
            run.take(frames, 1, frames.size());
        }
        final List<Finding> findings = new ArrayList<>();
        days = SignedSummary.readAll(made.resolve("audit"), findings).stream().map(SignedSummary::summary).toList();
        assertEquals(List.of(), findings);
        assertEquals(DAYS, days.size());
    }

    private static Path shm() {
        final Path shm = Path.of("/dev/shm");
        return Files.isWritable(shm) ? shm : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static AuditSettings settings(final List<SigningKey> keys, final Path directory) {
        return new AuditSettings(true, directory, true, keys, SummaryListener.NONE);
    }

    @AfterAll
    static void deleteMade() throws IOException {
        delete(made);
    }

    @BeforeEach
    void copy() throws IOException {
        dir = Files.createTempDirectory(shm(), "weir-audit-test-");
        try (Stream<Path> files = Files.walk(made)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                final Path to = dir.resolve(made.relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
    }

    @AfterEach
    void deleteCopy() throws IOException {
        delete(dir);
    }

    private static void delete(final Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private AuditVerifier verifier() {
        return new AuditVerifier(dir.resolve("journal"), null, dir.resolve("audit"), List.of(KEY.key()));
    }

    private Finding first() {
        final AuditReport report = verifier().verify();
        assertFalse(report.ok(), "seed " + seed);
        return report.findings().get(0);
    }

    private void rewrite(final List<byte[]> forged) throws IOException {
        delete(dir.resolve("journal"));
        LongWorld.write(dir.resolve("journal"), forged);
    }

    private LocalDate dayOf(final long sequence) {
        return days.stream().filter(day -> sequence >= day.firstSequence() && sequence <= day.lastSequence())
            .findFirst().orElseThrow().date();
    }

    private long anySigned() {
        return 1 + random.nextInt((int)days.get(DAYS - 1).lastSequence());
    }

    private void assertChanged(final long sequence) {
        final Finding found = first();
        assertEquals(Finding.Kind.RECORD_CHANGED, found.kind(), () -> "seed " + seed + ": " + found);
        assertEquals(sequence, found.firstSequence(), () -> "seed " + seed + ": " + found);
        assertEquals(sequence, found.lastSequence());
        assertEquals(dayOf(sequence), found.day());
    }

    @Test
    void shouldFindNothingWrongWithWhatWasSigned() {
        final AuditReport report = verifier().complete(true).expect(days.get(DAYS - 1).sha256()).verify();
        assertEquals(List.of(), report.findings());
        assertEquals(DAYS, report.signed());
        assertEquals(DAYS, report.whole());
        assertEquals(frames.size(), report.records());
        assertEquals(frames.size() - days.get(DAYS - 1).lastSequence(), report.unsigned());
    }

    @Test
    void shouldNameTheRecordWhenOneBitIsFlippedAndItsChecksumMadeRight() throws IOException {
        final Path file = cycleFiles().get(0);
        final byte[] bytes = Files.readAllBytes(file);
        for (int round = 0; round < 25; round++) {
            final long sequence = anySigned();
            final byte[] frame = frames.get((int)sequence - 1).clone();
            final int at = JournalRecordDescriptor.HEADER_OFFSET + 8 + 16
                + random.nextInt(frame.length - JournalRecordDescriptor.HEADER_OFFSET - 24);
            frame[at] ^= (byte)(1 << random.nextInt(8));
            sign(frame);
            final int offset = find(bytes, frames.get((int)sequence - 1));
            overwrite(file, offset, frame);
            final Finding found = first();
            // a flip in a length or number is refused by the journal itself, at the same record
            assertTrue(found.kind() == Finding.Kind.RECORD_CHANGED || found.kind() == Finding.Kind.JOURNAL_DAMAGED,
                () -> "seed " + seed + ": " + found);
            assertEquals(sequence, found.firstSequence(), () -> "seed " + seed + " byte " + at + ": " + found);
            assertEquals(dayOf(sequence), found.day());
            overwrite(file, offset, frames.get((int)sequence - 1));
        }
        assertTrue(verifier().verify().ok());
    }

    @Test
    void shouldNameTheRecordWhenAnyByteIsFlipped() throws IOException {
        final Path file = cycleFiles().get(0);
        final byte[] bytes = Files.readAllBytes(file);
        for (int round = 0; round < 25; round++) {
            final long sequence = anySigned();
            final byte[] frame = frames.get((int)sequence - 1).clone();
            frame[random.nextInt(frame.length)] ^= (byte)(1 << random.nextInt(8));
            final int offset = find(bytes, frames.get((int)sequence - 1));
            overwrite(file, offset, frame);
            assertEquals(sequence, first().firstSequence(), "seed " + seed);
            overwrite(file, offset, frames.get((int)sequence - 1));
        }
    }

    @Test
    void shouldNameTheRecordWhenOneIsDropped() throws IOException {
        final long sequence = distinct(anySigned());
        final List<byte[]> forged = new ArrayList<>(frames);
        forged.remove((int)sequence - 1);
        rewrite(LongWorld.renumbered(forged));
        assertChanged(sequence);
    }

    @Test
    void shouldNameTheRecordWhenOneIsThereTwice() throws IOException {
        final long sequence = distinct(anySigned());
        final List<byte[]> forged = new ArrayList<>(frames);
        forged.add((int)sequence - 1, frames.get((int)sequence - 1));
        rewrite(LongWorld.renumbered(forged));
        assertChanged(sequence + 1);
    }

    @Test
    void shouldNameTheRecordWhenTwoAreSwapped() throws IOException {
        final long sequence = distinct(anySigned());
        final List<byte[]> forged = new ArrayList<>(frames);
        Collections.swap(forged, (int)sequence - 1, (int)sequence);
        rewrite(LongWorld.renumbered(forged));
        assertChanged(sequence);
    }

    @Test
    void shouldNameTheRecordWhenOneIsInserted() throws IOException {
        final long sequence = anySigned();
        final List<byte[]> forged = new ArrayList<>(frames);
        final byte[] made = frames.get((int)sequence - 1).clone();
        made[made.length - 1] ^= 1;
        forged.add((int)sequence - 1, made);
        rewrite(LongWorld.renumbered(forged));
        assertChanged(sequence);
    }

    /** A record whose successor is not of the same bytes: every record has a time of its own, so all are. */
    private long distinct(final long sequence) {
        return Math.min(sequence, days.get(DAYS - 1).lastSequence() - 1);
    }

    @Test
    void shouldNameTheFirstRecordThatATruncatedDayLacks() throws IOException {
        final DaySummary last = days.get(DAYS - 1);
        final long kept = last.firstSequence() + random.nextInt((int)last.count());
        rewrite(frames.subList(0, (int)kept));
        final Finding found = first();
        if (kept < last.lastSequence()) {
            assertEquals(new Finding(Finding.Kind.RECORDS_MISSING, kept + 1, last.lastSequence(), last.date(),
                found.detail()), found);
        }
    }

    @Test
    void shouldNameTheDayWhenASummaryIsMissing() throws IOException {
        final DaySummary gone = days.get(1);
        Files.delete(dir.resolve("audit").resolve(gone.date() + ".json"));
        final Finding found = first();
        assertEquals(new Finding(Finding.Kind.SUMMARY_MISSING, gone.firstSequence(), gone.lastSequence(), gone.date(),
            found.detail()), found);
    }

    @Test
    void shouldNameTheDayWhenTheNewestSummaryIsMissing() throws IOException {
        final DaySummary gone = days.get(DAYS - 1);
        Files.delete(dir.resolve("audit").resolve(gone.date() + ".json"));
        final Finding found = first();
        assertEquals(new Finding(Finding.Kind.SUMMARY_MISSING, gone.firstSequence(), gone.lastSequence(), gone.date(),
            found.detail()), found);
        assertTrue(verifier().expect(gone.sha256()).verify().findings().size() >= 2);
    }

    @Test
    void shouldRefuseAForgedSummaryAndForeignKeys() throws IOException {
        final DaySummary day = days.get(2);
        final Path file = dir.resolve("audit").resolve(day.date() + ".json");
        final Path signature = dir.resolve("audit").resolve(day.date() + ".sig");
        final String forged = day.json().replaceFirst("\"order_sent\":\\d+", "\"order_sent\":1");
        Files.writeString(file, forged);
        assertEquals(Finding.Kind.BAD_SIGNATURE, first().kind());
        assertEquals(day.date(), first().day());
        Files.writeString(signature, CanonicalJson.write(Map.of("key_id", OTHER.key().keyId(), "signature",
            Base64.getEncoder().encodeToString(OTHER.sign(forged.getBytes(StandardCharsets.UTF_8))))));
        assertEquals(Finding.Kind.UNKNOWN_KEY, first().kind());
        Files.writeString(file, forged.replace(":", ": "));
        assertEquals(Finding.Kind.SUMMARY_UNREADABLE, first().kind());
        Files.writeString(file, day.json());
        Files.delete(signature);
        assertEquals(Finding.Kind.UNSIGNED, first().kind());
    }

    /** A summary that is signed well and follows, but says another chain. */
    @Test
    void shouldNameTheDayWhoseChainDoesNotFollowFromTheOneBefore() throws IOException {
        final DaySummary last = days.get(DAYS - 1);
        final DaySummary forged = new DaySummary(last.date(), last.firstSequence(), last.lastSequence(), last.count(),
            days.get(0).chainHead(), last.chainBatch(), last.merkleRoot(), last.totals(), last.previousSha256(),
            last.nextKeys());
        Files.writeString(dir.resolve("audit").resolve(last.date() + ".json"), forged.json());
        Files.writeString(dir.resolve("audit").resolve(last.date() + ".sig"), CanonicalJson.write(Map.of("key_id",
            KEY.key().keyId(), "signature", Base64.getEncoder().encodeToString(KEY.sign(forged.bytes())))));
        final long kept = last.firstSequence() + last.count() / 2;
        for (int round = 0; round < 2; round++) {
            final Finding found = first();
            assertEquals(new Finding(Finding.Kind.SUMMARY_CHAIN, last.firstSequence(), last.lastSequence(),
                last.date(), found.detail()), found);
            // the leaves say the chain of what is no longer kept too
            Files.writeString(dir.resolve("journal/retained"), kept + "\n");
        }
    }

    @Test
    void shouldNameTheDayWhenThereAreNoLeavesOrForgedOnes() throws IOException {
        final long sequence = anySigned();
        final byte[] frame = frames.get((int)sequence - 1).clone();
        frame[frame.length - 1] ^= 1;
        final List<byte[]> forged = new ArrayList<>(frames);
        forged.set((int)sequence - 1, frame);
        rewrite(LongWorld.renumbered(forged));
        final Path leaves = SummaryFiles.leaves(dir.resolve("audit"), dayOf(sequence).toString());
        final byte[] bytes = Files.readAllBytes(leaves);
        bytes[random.nextInt(bytes.length)] ^= 1;
        Files.write(leaves, bytes);
        final DaySummary day = days.stream().filter(one -> one.date().equals(dayOf(sequence))).findFirst()
            .orElseThrow();
        for (int round = 0; round < 2; round++) {
            final Finding found = first();
            assertEquals(new Finding(Finding.Kind.RECORD_CHANGED, day.firstSequence(), day.lastSequence(), day.date(),
                found.detail()), found);
            Files.deleteIfExists(leaves);
        }
    }

    @Test
    void shouldProveWhatIsLeftOfADayWhoseBeginningIsNoLongerKept() throws IOException {
        final DaySummary cut = days.get(1);
        final long kept = cut.firstSequence() + cut.count() / 2;
        Files.writeString(dir.resolve("journal/retained"), kept + "\n");
        final AuditReport report = verifier().verify();
        assertEquals(List.of(), report.findings());
        assertEquals(frames.size() - kept + 1, report.records());
        assertEquals(DAYS - 1, report.whole());
        assertTrue(report.notes().get(1).startsWith("records " + cut.firstSequence() + " to " + (kept - 1)),
            report.notes().toString());
        final Finding missing = verifier().complete(true).verify().findings().get(0);
        assertEquals(Finding.Kind.RECORDS_MISSING, missing.kind());
        assertEquals(1, missing.firstSequence());
        final byte[] frame = frames.get((int)cut.lastSequence() - 1).clone();
        frame[frame.length - 1] ^= 1;
        sign(frame);
        final Path file = cycleFiles().get(0);
        overwrite(file, find(Files.readAllBytes(file), frames.get((int)cut.lastSequence() - 1)), frame);
        assertChanged(cut.lastSequence());
    }

    @Test
    void shouldVerifyAnArchiveAlone() throws IOException {
        Files.writeString(dir.resolve("journal/retained"), "1\n");
        final AuditReport report = new AuditVerifier(null, dir.resolve("journal"), dir.resolve("audit"),
            List.of(KEY.key())).complete(true).verify();
        assertEquals(List.of(), report.findings());
        assertEquals(frames.size(), report.records());
    }

    private List<Path> cycleFiles() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("journal/queue"))) {
            return files.filter(file -> file.toString().endsWith(".cq4")).sorted().toList();
        }
    }

    private static void sign(final byte[] frame) {
        final CRC32C crc = new CRC32C();
        crc.update(frame, JournalRecordDescriptor.LENGTH_OFFSET, frame.length - JournalRecordDescriptor.LENGTH_OFFSET);
        new UnsafeBuffer(frame).putInt(JournalRecordDescriptor.CRC_OFFSET, (int)crc.getValue());
    }

    private static int find(final byte[] bytes, final byte[] frame) {
        for (int at = 0; at <= bytes.length - frame.length; at++) {
            if (bytes[at] == frame[0] && Arrays.equals(bytes, at, at + frame.length, frame, 0,
                frame.length)) {
                return at;
            }
        }
        throw new AssertionError("the frame is not in the file");
    }

    private static void overwrite(final Path file, final int offset, final byte[] frame) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(offset);
            access.write(frame);
        }
    }
}
