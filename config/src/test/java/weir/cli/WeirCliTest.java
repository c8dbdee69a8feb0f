package weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.failure.CommandFailure;
import weir.config.load.ConfigTree;

class WeirCliTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private CommandActions actions = new CommandActions() {
    };
    private boolean terminal;

    private int run(final String... args) {
        return new WeirCli(actions, new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8), terminal, Map.of()).run(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static ConfigTree broken(final Path directory) throws IOException {
        final ConfigTree tree = new ConfigTree(directory);
        tree.replace("router.yaml", "  ringDir:", "  ringDirectory:");
        tree.replace("fix/acceptor.yaml", "port: 9880", "port: 98800");
        tree.replace("venues/coinbase.yaml", "visibilityDelay: 2s", "visibilityDelay: 2000");
        tree.replace("tenants/alpha.yaml", "plan: standard", "plan: standart");
        tree.replace("tenants/beta.yaml", "compId: BETA1", "compId: ALPHA1");
        return tree;
    }

    @Test
    void shouldPrintAllFiveErrorsAsJsonLinesWhenPiped(@TempDir final Path directory) throws IOException {
        broken(directory);
        assertEquals(2, run("check-config", directory.toString()));
        final List<String> lines = out().lines().toList();
        assertEquals(5, lines.size(), out());
        for (final String line : lines) {
            assertTrue(line.startsWith("{\"kind\":\"problem\",\"code\":\"CONFIG_") && line.endsWith("}"), line);
            assertTrue(line.matches(".*\"file\":\"[^\"]+\\.yaml\",\"line\":[1-9]\\d*,.*"), line);
        }
        assertTrue(out().contains("did you mean 'standard'?"), out());
        assertEquals("weir: CONFIG_INVALID 5 errors in " + directory, err().strip());
    }

    @Test
    void shouldPrintAllFiveErrorsAsTableOnATerminal(@TempDir final Path directory) throws IOException {
        broken(directory);
        terminal = true;
        assertEquals(2, run("check-config", directory.toString()));
        assertEquals(6, out().lines().count(), out());
        assertTrue(out().lines().findFirst().orElseThrow().matches("code +file +line +key +expected.*"), out());
    }

    @Test
    void shouldPrintEffectiveLimitsWhenConfigurationIsGood(@TempDir final Path directory) throws IOException {
        new ConfigTree(directory);
        terminal = true;
        assertEquals(0, run("check-config", "--skip-secrets", directory.toString()), err());
        assertTrue(out().lines().anyMatch(l -> l.matches(
            "coinbase +fix-requests +dispatch +key +sliding-window 100 per 1s +90 +80 .*")), out());
        assertEquals("", err());
    }

    @Test
    void shouldListMissingSecretsUnlessToldOtherwise(@TempDir final Path directory) throws IOException {
        new ConfigTree(directory);
        assertEquals(2, run("check-config", directory.toString()));
        assertTrue(out().contains("env:ALPHA_COINBASE_SECRET"), out());
    }

    @Test
    void shouldTellWhatActsAcrossTenantsWhenAccountIsShared(@TempDir final Path directory) throws IOException {
        final ConfigTree tree = new ConfigTree(directory);
        tree.replace("tenants/alpha.yaml", "name: alpha-coinbase", "name: alpha-coinbase\n    shared: true");
        tree.replace("tenants/beta.yaml", "id: 2\n", "id: 2\ndefaultAccount: alpha-coinbase\n");
        assertEquals(0, run("check-config", "--skip-secrets", directory.toString()), err());
        assertTrue(out().contains("alpha-coinbase is shared by alpha, beta"), out());
    }

    @Test
    void shouldCheckEmbeddedDemo() {
        assertEquals(0, run("check-config", "--demo"), err());
        assertTrue(out().contains("\"kind\":\"tenant\",\"tenant\":\"beta\""), out());
    }

    @Test
    void shouldEndWithTwoAndACodeWhenDirectoryIsMissing(@TempDir final Path directory) {
        assertEquals(2, run("check-config", directory.resolve("none").toString()));
        assertTrue(err().startsWith("weir: CONFIG_FILE no directory"), err());
    }

    @Test
    void shouldEndWithTwoAndASuggestionOnUnknownCommandOrOption() {
        assertEquals(2, run("chek-config"));
        assertTrue(err().startsWith("weir: USAGE ") && err().contains("check-config"), err());
        assertEquals(2, run("check-config", "--demmo"));
        assertEquals(2, run());
        assertEquals("", out());
    }

    @Test
    void shouldRefuseUnknownLogLevel() {
        assertEquals(2, run("--log", "loud", "check-config", "--demo"));
        assertTrue(err().contains("'loud'"), err());
    }

    @Test
    void shouldOfferOnlyCommandsThatHaveAnAction() {
        assertEquals(0, run("--help"));
        assertFalse(out().contains("demo"), out());
        assertEquals(2, run("router"));
        actions = new CommandActions() {
            @Override
            public Optional<Action<RouterOptions>> router() {
                return Optional.of((options, output) -> 0);
            }
        };
        assertEquals(0, run("router"), err());
    }

    @Test
    void shouldHandOptionsToTheActionAndReturnItsExitCode() {
        final CommandActions.DemoOptions[] seen = new CommandActions.DemoOptions[1];
        actions = new CommandActions() {
            @Override
            public Optional<Action<DemoOptions>> demo() {
                return Optional.of((options, output) -> {
                    seen[0] = options;
                    return ExitCodes.FAILED;
                });
            }
        };
        assertEquals(1, run("demo", "--keep", "--seconds", "5", "--seed", "42"));
        assertEquals(new CommandActions.DemoOptions(true, 5, 40, OptionalLong.of(42), Optional.empty()), seen[0]);
        assertEquals(2, run("demo", "--seconds", "0"));
    }

    @Test
    void shouldNestJournalCommandsAndPassTheirOutputForm() {
        final StringBuilder seen = new StringBuilder();
        actions = new CommandActions() {
            @Override
            public Optional<Action<JournalOptions>> journalDump() {
                return Optional.of((options, output) -> {
                    seen.append(options.dir()).append(' ').append(options.from()).append(' ').append(output.mode());
                    return 0;
                });
            }
        };
        assertEquals(0, run("journal", "dump", "/j", "--from", "7", "--output", "table"), err());
        assertEquals("/j 7 TABLE", seen.toString());
        assertEquals(2, run("journal"));
        assertEquals(2, run("journal", "verify", "/j"));
        assertEquals(2, run("journal", "dump", "/j", "--from", "7", "--to", "3"));
    }

    @Test
    void shouldPrintCodeOfAFailureAndNoStackTrace() {
        actions = new CommandActions() {
            @Override
            public Optional<Action<RouterOptions>> router() {
                return Optional.of((options, output) -> {
                    throw new CommandFailure("JOURNAL_LOCKED", "journal is held by process 7");
                });
            }

            @Override
            public Optional<Action<BillingOptions>> billing() {
                return Optional.of((options, output) -> {
                    throw new IllegalStateException("boom");
                });
            }
        };
        assertEquals(1, run("router"));
        assertEquals("weir: JOURNAL_LOCKED journal is held by process 7", err().strip());
        assertEquals(1, run("billing"));
        assertTrue(err().contains("weir: INTERNAL IllegalStateException: boom"), err());
        assertFalse(err().contains("\tat "), err());
    }

    @Test
    void shouldPrintProblemsToStandardErrorWhenAProcessCannotStart(@TempDir final Path directory) throws IOException {
        final ConfigTree tree = broken(directory);
        actions = new CommandActions() {
            @Override
            public Optional<Action<RouterOptions>> router() {
                return Optional.of((options, output) -> tree.load(Map.of()).orThrow().venues().size());
            }
        };
        assertEquals(2, run("router"));
        assertEquals("", out());
        assertEquals(6, err().lines().count(), err());
    }

    @Test
    void shouldGenerateCompletionFromTheModel() {
        assertEquals(0, run("generate-completion"));
        assertTrue(out().contains("check-config") && out().contains("--skip-secrets"), out());
    }

    @Test
    void shouldWriteJsonThatHoldsAnyText() {
        assertEquals("{\"a\":\"q\\\" b\\\\ n\\u000a\",\"b\":[1,true,null],\"c\":{}}", JsonLine.of(
            new TreeMap<>(Map.of("a", "q\" b\\ n\n", "b", Arrays.asList(1, true, null),
                "c", Map.of()))));
    }
}
