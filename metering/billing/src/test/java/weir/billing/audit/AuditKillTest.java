package weir.billing.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import weir.billing.BillingMain;
import weir.billing.world.AuditRun;
import weir.billing.world.Fixture;
import weir.billing.world.LongWorld;
import weir.protocol.CrashPoint;

/** kill -9 of a real billing process between its records and their commit: the digest is that of a run without. */
@Timeout(120)
class AuditKillTest {
    private static final int SIGKILL_EXIT = 137;
    private static final int DAYS = 3;

    private final Fixture fixture = new Fixture();
    private final Path audit = fixture.dir.resolve("audit");

    @AfterEach
    void close() {
        fixture.close();
    }

    private int run(final String crashPoint) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--add-") || flag.startsWith("--enable") || flag.startsWith("--sun")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Dchronicle.analytics.disable=true", "-Xmx256m", "-XX:TieredStopAtLevel=1"));
        if (crashPoint != null) {
            command.add("-D" + CrashPoint.PROPERTY + "=" + crashPoint);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BillingMain.class.getName(),
            "--journal", fixture.dir.resolve("journal").toString(), "--jdbc", fixture.jdbcUrl(), "--stripe-base",
            fixture.stripe.baseUrl(), "--tenant", "1=alpha", "--tenant", "2=beta", "--window-records", "1000",
            "--window-ms", "3600000", "--calls-per-second", "500", "--records-per-transaction", "40", "--audit-dir",
            audit.toString(), "--audit-key", fixture.dir.resolve("key.pem").toString(), "--drain"));
        final Path log = fixture.dir.resolve("billing.log");
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put(BillingMain.KEY_VARIABLE, Fixture.API_KEY);
        final Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("billing still runs: " + Files.readString(log));
        }
        return process.exitValue();
    }

    @Test
    void shouldHaveTheSameDigestWhenKilled() throws IOException, InterruptedException {
        final long seed = System.nanoTime();
        final List<byte[]> frames = LongWorld.frames(LongWorld.of(DAYS, seed, 100));
        LongWorld.write(fixture.dir.resolve("journal"), frames);
        final String pem = RecordDigestTest.pem("11".repeat(32));
        Files.writeString(fixture.dir.resolve("key.pem"), pem);
        assertEquals(SIGKILL_EXIT, run("before-sqlite-commit:8"), "seed " + seed);
        assertEquals(0, run(null), () -> "seed " + seed);
        final SigningKey key = SigningKey.parse(pem, SigningKey.ALWAYS_FROM, SigningKey.ALWAYS_TO);
        final Path expected = fixture.dir.resolve("expected");
        try (AuditRun without = new AuditRun(fixture.dir.resolve("expected.db"),
            new AuditSettings(true, expected, true, List.of(key), SummaryListener.NONE))) {
            without.take(frames, 1, frames.size());
        }
        final List<Finding> findings = new ArrayList<>();
        final List<SignedSummary> is = SignedSummary.readAll(audit, findings);
        final List<SignedSummary> shouldBe = SignedSummary.readAll(expected, findings);
        assertEquals(List.of(), findings);
        assertEquals(DAYS, is.size());
        for (int i = 0; i < DAYS; i++) {
            assertEquals(shouldBe.get(i).summary(), is.get(i).summary(), "seed " + seed);
            assertEquals(HexFormat.of().formatHex(shouldBe.get(i).signature()),
                HexFormat.of().formatHex(is.get(i).signature()));
            assertEquals(-1, Files.mismatch(SummaryFiles.leaves(audit, is.get(i).name()),
                SummaryFiles.leaves(expected, is.get(i).name())));
        }
        assertEquals(List.of(), new AuditVerifier(fixture.dir.resolve("journal"), null, audit,
            PublicKeys.read(audit.resolve("keys.json"))).verify().findings());
    }
}
