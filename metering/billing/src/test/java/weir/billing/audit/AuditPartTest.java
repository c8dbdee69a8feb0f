package weir.billing.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import weir.billing.world.AuditRun;
import weir.billing.world.LongWorld;
import weir.billing.world.World;

/** What the part stores and publishes, cut anywhere, and how keys follow each other. */
@Timeout(60)
class AuditPartTest {
    private static final int DAYS = 4;

    @TempDir
    private Path dir;
    private final long seed = System.nanoTime();
    private final List<byte[]> frames = LongWorld.frames(LongWorld.of(DAYS, seed, 60));
    private final List<String> told = new ArrayList<>();

    private AuditSettings settings(final Path directory, final SigningKey... keys) {
        return new AuditSettings(true, directory, true, List.of(keys),
            (summary, keyId, signature, nowMs) -> told.add(summary.sha256() + keyId));
    }

    private static SigningKey key(final String digits, final LocalDate from, final LocalDate to) {
        return SigningKey.parse(RecordDigestTest.pem(digits.repeat(32)), from, to);
    }

    private static SigningKey key(final String digits) {
        return key(digits, SigningKey.ALWAYS_FROM, SigningKey.ALWAYS_TO);
    }

    private static List<SignedSummary> summaries(final Path directory) {
        final List<Finding> findings = new ArrayList<>();
        final List<SignedSummary> all = SignedSummary.readAll(directory, findings);
        assertEquals(List.of(), findings);
        return all;
    }

    @Test
    void shouldMakeTheSameSummariesHoweverRecordsAreCutIntoTransactions() throws IOException {
        final Path one = dir.resolve("one");
        try (AuditRun run = new AuditRun(dir.resolve("one.db"), settings(one, key("11")))) {
            run.take(frames, 1, frames.size());
        }
        final Path many = dir.resolve("many");
        final Random random = new Random(seed);
        long next = 1;
        while (next <= frames.size()) {
            // another process each time, which finds what the last one committed
            try (AuditRun run = new AuditRun(dir.resolve("many.db"), settings(many, key("11")))) {
                final long to = Math.min(frames.size(), next + random.nextInt(frames.size() / 4));
                run.take(frames, next, to);
                next = to + 1;
            }
        }
        final List<SignedSummary> expected = summaries(one);
        final List<SignedSummary> found = summaries(many);
        assertEquals(DAYS, expected.size());
        for (int i = 0; i < DAYS; i++) {
            assertEquals(expected.get(i).summary(), found.get(i).summary(), "seed " + seed);
            assertEquals(HexFormat.of().formatHex(expected.get(i).signature()),
                HexFormat.of().formatHex(found.get(i).signature()));
            assertEquals(-1, Files.mismatch(SummaryFiles.leaves(one, expected.get(i).name()),
                SummaryFiles.leaves(many, found.get(i).name())), "seed " + seed);
        }
        assertEquals(told.subList(0, DAYS), told.subList(DAYS, told.size()), "each summary is told of once");
        assertEquals(LocalDate.parse(expected.get(0).name()), expected.get(0).summary().date());
    }

    @Test
    void shouldDigestEveryFrameInOrder() {
        final Path directory = dir.resolve("audit");
        try (AuditRun run = new AuditRun(dir.resolve("a.db"), settings(directory))) {
            run.take(frames, 1, frames.size());
        }
        final RecordDigest digest = new RecordDigest();
        String previous = DaySummary.ZEROS;
        long next = 1;
        for (final SignedSummary one : summaries(directory)) {
            digest.beginDay();
            assertEquals(next, one.summary().firstSequence());
            for (; next <= one.summary().lastSequence(); next++) {
                final byte[] frame = frames.get((int)next - 1);
                digest.add(new UnsafeBuffer(frame), 0, frame.length);
            }
            digest.endDay();
            assertEquals(RecordDigest.BATCH, one.summary().chainBatch());
            assertEquals(HexFormat.of().formatHex(digest.chain().head()), one.summary().chainHead());
            assertEquals(HexFormat.of().formatHex(digest.tree().root()), one.summary().merkleRoot());
            assertEquals(previous, one.summary().previousSha256());
            previous = one.sha256();
        }
    }

    @Test
    void shouldEndADayAsItBeganWhenBatchesComeInItsMiddle() throws IOException, SQLException {
        final Path journal = dir.resolve("journal");
        LongWorld.write(journal, frames);
        final Path directory = dir.resolve("audit");
        final SigningKey key = key("11");
        final RecordDigest before = new RecordDigest(1);
        try (AuditRun run = new AuditRun(dir.resolve("a.db"), settings(directory, key))) {
            run.take(frames, 1, 20);
        }
        for (final byte[] frame : frames.subList(0, 20)) {
            before.add(new UnsafeBuffer(frame), 0, frame.length);
        }
        // what a program of before leaves: the same tree, and a link for each record
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("a.db"));
            Statement statement = connection.createStatement()) {
            statement.execute("UPDATE audit_state SET chain_batch = 1, chain_head = '"
                + HexFormat.of().formatHex(before.chain().head()) + '\'');
        }
        try (AuditRun run = new AuditRun(dir.resolve("a.db"), settings(directory, key))) {
            run.take(frames, 21, frames.size());
        }
        final List<DaySummary> days = summaries(directory).stream().map(SignedSummary::summary).toList();
        for (final byte[] frame : frames.subList(20, (int)days.get(0).lastSequence())) {
            before.add(new UnsafeBuffer(frame), 0, frame.length);
        }
        assertEquals(1, days.get(0).chainBatch());
        assertEquals(HexFormat.of().formatHex(before.chain().head()), days.get(0).chainHead());
        days.subList(1, DAYS).forEach(day -> assertEquals(RecordDigest.BATCH, day.chainBatch()));
        assertEquals(List.of(), new AuditVerifier(journal, null, directory, List.of(key.key())).verify().findings());
    }

    @Test
    void shouldTrustANewKeyThroughTheOldOne() throws IOException {
        final Path journal = dir.resolve("journal");
        LongWorld.write(journal, frames);
        final Path directory = dir.resolve("audit");
        final SigningKey old = key("11");
        final LocalDate second = LocalDate.ofEpochDay(Math.floorDiv(
            World.START_NS, LongWorld.DAY_NS)).minusDays(DAYS - 1L);
        final SigningKey next = key("22", second, SigningKey.ALWAYS_TO);
        try (AuditRun run = new AuditRun(dir.resolve("a.db"), settings(directory, old, next))) {
            run.take(frames, 1, frames.size());
        }
        final List<SignedSummary> all = summaries(directory);
        assertEquals(old.key().keyId(), all.get(0).keyId());
        assertEquals(List.of(next.key()), all.get(0).summary().nextKeys());
        for (final SignedSummary later : all.subList(1, DAYS)) {
            assertEquals(next.key().keyId(), later.keyId());
            assertEquals(List.of(), later.summary().nextKeys());
        }
        assertEquals(List.of(), new AuditVerifier(journal, null, directory, List.of(old.key())).verify().findings());
        assertEquals(Finding.Kind.UNKNOWN_KEY,
            new AuditVerifier(journal, null, directory, List.of(next.key())).verify().findings().get(0).kind());
        assertTrue(Files.readString(directory.resolve("keys.json")).contains(next.key().base64()));
    }

    @Test
    void shouldNotLetAKeySignThatNobodyAnnouncedWhileTheOldOneCan() {
        final Path directory = dir.resolve("audit");
        final SigningKey old = key("11");
        final SigningKey next = key("22", LocalDate.of(2020, 1, 1), SigningKey.ALWAYS_TO);
        final long half = frames.size() / 2;
        try (AuditRun run = new AuditRun(dir.resolve("a.db"), settings(directory, old))) {
            run.take(frames, 1, half);
        }
        final int before = summaries(directory).size();
        try (AuditRun run = new AuditRun(dir.resolve("a.db"), settings(directory, old, next))) {
            run.take(frames, half + 1, frames.size());
        }
        final List<SignedSummary> all = summaries(directory);
        assertEquals(old.key().keyId(), all.get(before).keyId());
        assertEquals(List.of(next.key()), all.get(before).summary().nextKeys());
        assertEquals(next.key().keyId(), all.get(before + 1).keyId());
    }

    @Test
    void shouldSignLaterWhatHadNoKeyAndShowWhatPassedWithoutAudit() throws IOException {
        final Path journal = dir.resolve("journal");
        LongWorld.write(journal, frames);
        final Path directory = dir.resolve("audit");
        final long third = frames.size() / 3;
        try (AuditRun run = new AuditRun(dir.resolve("a.db"), settings(directory))) {
            run.take(frames, 1, third);
        }
        final AuditSettings off = new AuditSettings(false, directory, true, List.of(), SummaryListener.NONE);
        try (AuditRun run = new AuditRun(dir.resolve("a.db"), off)) {
            run.take(frames, third + 1, third + 5);
        }
        final SigningKey key = key("11");
        try (AuditRun run = new AuditRun(dir.resolve("a.db"), settings(directory, key))) {
            run.take(frames, third + 6, frames.size());
        }
        final List<Finding> findings =
            new AuditVerifier(journal, null, directory, List.of(key.key())).verify().findings();
        assertEquals(Finding.Kind.SUMMARY_CHAIN, findings.get(0).kind(), findings.toString());
        assertEquals(third + 1, findings.get(0).firstSequence());
        assertEquals(third + 5, findings.get(0).lastSequence());
        assertTrue(findings.stream().noneMatch(one -> one.kind() == Finding.Kind.UNSIGNED), findings.toString());
    }
}
