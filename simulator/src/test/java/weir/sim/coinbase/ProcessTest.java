package weir.sim.coinbase;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The simulator as an operating system process: ready line, kill -9, restart, SIGTERM, bad arguments. */
class ProcessTest {
    private static final Pattern READY = Pattern.compile("READY fix=(\\d+) rest=(\\d+) control=(\\d+) ws=(\\d+)");

    @TempDir
    private Path dir;
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void kill() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void shouldKeepEveryToldFactThroughKillAndGoOnWithTradeIds() throws Exception {
        final String killed = tradeThenKill();
        final String restarted = tradeThenKill();
        assertEquals(Long.parseLong(killed) + 1, Long.parseLong(restarted));
        int execs = 0;
        for (final String line : Files.readAllLines(dir.resolve("log/venue.jsonl"))) {
            execs += "exec".equals(new ObjectMapper().readTree(line).path("kind").asText()) ? 1 : 0;
        }
        assertEquals(2, execs);
    }

    @Test
    void shouldEndOnSigterm() throws Exception {
        final Process process = start("--log-dir", dir.resolve("log").toString(), "--accounts", accounts());
        readPort(process);
        process.destroy();
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    }

    @Test
    void shouldExitWithTwoOnBadArguments() throws Exception {
        final Process process = start("--log-dir", dir.resolve("log").toString(), "--fix-porrt", "1");
        assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(2, process.exitValue());
    }

    /** Trades once with the market maker, kills the venue with SIGKILL, returns the trade id the client was told. */
    private String tradeThenKill() throws Exception {
        final Process process = start("--log-dir", dir.resolve("log").toString(), "--accounts", accounts(),
            "--market-maker", "BTC-USD=65000.00", "--seed", "5");
        try (RawFixClient client = new RawFixClient(readPort(process), VenueFixture.A)) {
            client.logon("8013=S");
            client.send("D", "11=" + RawFixClient.id() + "|38=0.0001|40=2|44=66000.00|54=1|55=BTC-USD|59=3");
            final String fill = client.await("150=F", "39=2");
            process.destroyForcibly();
            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
            return RawFixClient.field(fill, 1003);
        }
    }

    private String accounts() throws Exception {
        final Path file = dir.resolve("accounts.json");
        final VenueAccount a = VenueFixture.A;
        Files.writeString(file, "[{\"apiKey\":\"" + a.apiKey() + "\",\"secret\":\"" + a.secret()
            + "\",\"passphrase\":\"" + a.passphrase() + "\",\"profileId\":\"" + a.profileId() + "\"}]");
        return file.toString();
    }

    private Process start(final String... args) throws Exception {
        final List<String> command = new ArrayList<>(List.of(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java", "-Xmx128m", "-cp",
            System.getProperty("java.class.path"), CoinbaseSimulatorMain.class.getName()));
        command.addAll(List.of(args));
        final Process process =
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        processes.add(process);
        return process;
    }

    private static int readPort(final Process process) throws Exception {
        final BufferedReader reader =
            new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        final String line = reader.readLine();
        final Matcher matcher = READY.matcher(String.valueOf(line));
        assertTrue(matcher.matches(), line);
        return Integer.parseInt(matcher.group(1));
    }
}
