package weir.sim.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

/** The venue as a process: ready line, kill -9, restart in the same directory, bad arguments. */
class KrakenProcessTest {
    private static final Pattern READY = Pattern.compile("READY http=(\\d+) control=(\\d+)");
    @TempDir
    private Path dir;
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void kill() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void shouldLoseNothingTheClientWasToldByKillAndAppendAfterRestart() throws Exception {
        final String first = tradeThenKill("p-1");
        final String second = tradeThenKill("p-2");
        final List<String> fillIds = new ArrayList<>();
        for (final String line : Files.readAllLines(dir.resolve("log").resolve("venue.jsonl"))) {
            final JsonNode node = KrakenFixture.parse(line);
            if ("exec".equals(node.path("kind").asText())) {
                fillIds.add(node.path("fillId").asText());
            }
        }
        assertTrue(fillIds.contains(first) && fillIds.contains(second), fillIds.toString());
        assertTrue(fillIds.indexOf(first) < fillIds.indexOf(second));
    }

    @Test
    void shouldExitWithTwoOnBadArguments() throws Exception {
        for (final String[] args : List.of(new String[] {"--log-dir", dir.toString()},
            new String[] {"--log-dir", dir.toString(), "--accounts", accounts(), "--window", "ROUND"},
            new String[] {"--log-dir", dir.toString(), "--accounts", accounts(), "--market-maker", "PF_NO=1"})) {
            final Process process = start(args);
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
            assertEquals(2, process.exitValue(), String.join(" ", args));
        }
    }

    /** Trades once and kills the venue as soon as the answer is there. @return the fill id that was answered. */
    private String tradeThenKill(final String cliOrdId) throws Exception {
        final Process process = start("--log-dir", dir.resolve("log").toString(), "--accounts", accounts(), "--port",
            "0", "--control-port", "0", "--market-maker", "PF_XBTUSD=60000", "--window", "BUCKET", "--faults",
            "slowAnswerMs=10,slowAnswer=100%");
        final BufferedReader reader =
            new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        final String line = reader.readLine();
        final Matcher matcher = READY.matcher(String.valueOf(line));
        assertTrue(matcher.matches(), line);
        final String form = "orderType=mkt&symbol=PF_XBTUSD&side=buy&size=0.001&cliOrdId=" + cliOrdId;
        final HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + matcher.group(1) + "/derivatives/api/v3/sendorder"))
            .header("APIKey", "key-a")
            .header("Authent", KrakenFixture.authent(KrakenFixture.S1, form, "", "/api/v3/sendorder"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form)).build(), HttpResponse.BodyHandlers.ofString());
        process.destroyForcibly();
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        return KrakenFixture.json(answer).path("sendStatus").path("orderEvents").get(0).path("executionId").asText();
    }

    private String accounts() throws Exception {
        final Path file = dir.resolve("accounts.json");
        Files.writeString(file, "[{\"apiKey\":\"key-a\",\"secret\":\"" + KrakenFixture.S1 + "\",\"name\":\"alpha\"},"
            + "{\"apiKey\":\"key-s\",\"secret\":\"c3Vi\",\"name\":\"sub\",\"parent\":\"alpha\",\"balanceUsd\":\"1\"}]");
        return file.toString();
    }

    private Process start(final String... args) throws Exception {
        final List<String> command = new ArrayList<>(List.of(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java", "-Xmx128m", "-cp",
            System.getProperty("java.class.path"), KrakenSimulatorMain.class.getName()));
        command.addAll(List.of(args));
        final Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        processes.add(process);
        return process;
    }
}
