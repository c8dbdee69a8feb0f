package weir.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs after {@code package}: unpacks {@code target/weir-VERSION.tar.gz} where a name has a space, makes it
 * read-only, and runs it as nobody where this is root.
 */
class PackageIT {
    private static final Path LATE_JDK = Path.of("/usr/lib/jvm/temurin-25-jdk-amd64");
    private static final long COMMAND_S = 60;
    private static final long DEMO_S = 150;
    /** Words of NOTICE that cover a jar, by the beginning of its name; nothing else may be shipped. */
    private static final Map<String, String> NOTICE_WORDS = new TreeMap<>(Map.ofEntries(
        Map.entry("HdrHistogram", "HdrHistogram"), Map.entry("HikariCP", "HikariCP"), Map.entry("aeron-", "Aeron"),
        Map.entry("affinity", "Affinity"), Map.entry("agrona", "Agrona"), Map.entry("asm", "ASM"),
        Map.entry("bcprov-", "Bouncy Castle"), Map.entry("checker-qual", "Checker Framework"),
        Map.entry("duckdb_jdbc", "DuckDB JDBC"), Map.entry("postgresql", "PostgreSQL JDBC"),
        Map.entry("chronicle-bytes", "Bytes"), Map.entry("chronicle-core", "Core"),
        Map.entry("chronicle-queue", "Chronicle Queue"), Map.entry("chronicle-threads", "Threads"),
        Map.entry("chronicle-wire", "Wire"), Map.entry("commons-cli", "Apache Commons CLI"),
        Map.entry("compiler", "Compiler"), Map.entry("gson", "Gson"), Map.entry("jackson-", "Jackson"),
        Map.entry("httpclient5", "Apache HttpComponents"), Map.entry("httpcore5", "Apache HttpComponents"),
        Map.entry("jffi", "jffi"), Map.entry("jna", "JNA"), Map.entry("jnr-a64asm", "jnr-a64asm"),
        Map.entry("jnr-constants", "jnr-constants"), Map.entry("jnr-ffi", "jnr-ffi"),
        Map.entry("jnr-x86asm", "jnr-x86asm"), Map.entry("mina-core", "Apache MINA"), Map.entry("picocli", "picocli"),
        Map.entry("posix", "Posix"), Map.entry("quickfixj-", "QuickFIX/J"), Map.entry("annotations", "JetBrains"),
        Map.entry("sbe-", "Simple Binary Encoding"), Map.entry("slf4j-", "SLF4J"),
        Map.entry("snakeyaml-engine", "SnakeYAML Engine"), Map.entry("sqlite-jdbc", "SQLite JDBC"),
        Map.entry("stripe-java", "stripe-java"), Map.entry("weir-", "Weir"), Map.entry("undertow-core", "Undertow"),
        Map.entry("xnio-", "XNIO"), Map.entry("jboss-", "JBoss"), Map.entry("wildfly-", "WildFly"),
        Map.entry("smallrye-common-", "SmallRye")));

    private static Path root;
    private static Path installed;
    private static Path work;
    private static boolean unprivileged;
    private static String output;

    @BeforeAll
    static void install() throws Exception {
        final Path archive = Path.of(System.getProperty("weir.package", "target/no-package"));
        assertTrue(Files.isRegularFile(archive), archive + " is missing; run mvn package");
        root = Files.createTempDirectory("weir package ");
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertEquals(0, run(root, COMMAND_S, Map.of(), List.of("tar", "-xzf", archive.toAbsolutePath().toString())),
            output);
        try (Stream<Path> list = Files.list(root)) {
            installed = list.findFirst().orElseThrow();
        }
        work = Files.createDirectory(root.resolve("work"));
        unprivileged = "root".equals(System.getProperty("user.name"))
            && Files.isExecutable(Path.of("/usr/bin/setpriv"));
        run(root, COMMAND_S, Map.of(), List.of("chmod", "-R", "a-w", installed.toString()));
        if (unprivileged) {
            run(root, COMMAND_S, Map.of(), List.of("chown", "nobody", work.toString()));
        }
    }

    @AfterAll
    static void remove() throws Exception {
        run(root, COMMAND_S, Map.of(), List.of("chmod", "-R", "u+w", root.toString()));
        run(Path.of("/"), COMMAND_S, Map.of(), List.of("rm", "-rf", root.toString()));
    }

    private static int run(final Path directory, final long timeoutS, final Map<String, String> environment,
        final List<String> command) throws IOException, InterruptedException {
        final Path out = Files.createTempFile("weir-package", ".out");
        try {
            final ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
                .redirectErrorStream(true).redirectOutput(out.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_") || name.equals("JAVA_HOME"));
            builder.environment().putAll(environment);
            final Process process = builder.start();
            process.getOutputStream().close();
            final boolean ended = process.waitFor(timeoutS, TimeUnit.SECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            output = Files.readString(out, StandardCharsets.UTF_8);
            assertTrue(ended, command + " did not end within " + timeoutS + " s:\n" + output);
            return process.exitValue();
        } finally {
            Files.deleteIfExists(out);
        }
    }

    /** Runs the installed script, from the work directory, as nobody where this is root. */
    private static int weir(final String jdk, final long timeoutS, final String... arguments) throws Exception {
        return weir(installed.resolve("bin/weir"), jdk, timeoutS, Map.of(), arguments);
    }

    private static int weir(final Path script, final String jdk, final long timeoutS,
        final Map<String, String> environment, final String... arguments) throws Exception {
        final List<String> command = new ArrayList<>();
        if (unprivileged) {
            command.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--no-new-privs"));
        }
        command.add(script.toString());
        command.addAll(List.of(arguments));
        final Map<String, String> all = new TreeMap<>(environment);
        all.put("JAVA_HOME", jdk);
        all.put("HOME", work.toString());
        return run(work, timeoutS, all, command);
    }

    private static String thisJdk() {
        return System.getProperty("java.home");
    }

    private static Set<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(installed)) {
            return files.map(file -> installed.relativize(file).toString())
                .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void shouldHoldWhatAnOperatorNeedsAndNothingOfTests() throws IOException {
        final Set<String> files = files();
        for (final String needed : List.of("bin/weir", "config/router.yaml", "config/billing.yaml",
            "config/fix/acceptor.yaml", "config/venues/coinbase.yaml", "config/tenants/alpha.yaml",
            "jvm/common.options", "jvm/late.options", "jvm/router.options", "systemd/weir-router.service",
            "systemd/weir-billing.service", "systemd/weir-driver.service", "completion/weir.bash",
            "completion/weir.zsh", "LICENSE", "NOTICE", "README.md", "CHANGELOG.md", "docs/architecture.md",
            "docs/reject-codes.md")) {
            assertTrue(files.contains(needed), "no " + needed + " in " + files);
        }
        assertTrue(files.stream().noneMatch(file -> file.matches(".*(junit|opentest4j|apiguardian|jmh|benchmarks|tests?"
            + "\\.jar).*")), files.toString());
        assertFalse(Files.readString(installed.resolve("jvm/common.options")).contains("${"), "unfilled options");
    }

    @Test
    void shouldNameEachLibraryInNotice() throws IOException {
        final String notice = Files.readString(installed.resolve("NOTICE"));
        final String runTime = notice.substring(notice.indexOf("Run time"), notice.indexOf("Build and test only"));
        try (Stream<Path> jars = Files.list(installed.resolve("lib"))) {
            for (final Path jar : jars.toList()) {
                final String name = jar.getFileName().toString();
                final String word = NOTICE_WORDS.entrySet().stream().filter(entry -> name.startsWith(entry.getKey()))
                    .map(Map.Entry::getValue).findFirst().orElse(null);
                assertTrue(word != null, name + " is shipped: add it to NOTICE and to this test");
                assertTrue(word.equals("Weir") || runTime.contains(word), name + ": NOTICE has no " + word);
            }
        }
    }

    @Test
    void shouldBeTheSameBytesWhereverItIsMade() throws Exception {
        assertEquals(0, run(root, COMMAND_S, Map.of("TZ", "UTC"), List.of("tar", "--full-time", "--numeric-owner",
            "-tvzf", System.getProperty("weir.package"))), output);
        final List<String> names = new ArrayList<>();
        for (final String line : output.lines().toList()) {
            assertTrue(line.contains(" 0/0 ") && line.contains("2026-01-01 00:00:00"), line);
            final String name = line.substring(line.indexOf("weir-"));
            if (!name.endsWith("/")) {
                names.add(name);
            }
            assertTrue(line.startsWith(name.endsWith("/bin/weir") || name.endsWith("/") ? line.substring(0, 1)
                + "rwxr-xr-x" : "-rw-r--r--"), line);
        }
        assertEquals(names.size(), new TreeSet<>(names).size(), "each file once");
    }

    @Test
    void shouldSayItsVersionFromAnyDirectoryAndThroughALink() throws Exception {
        assertEquals(0, weir(thisJdk(), COMMAND_S, "--version"), output);
        final String version = installed.getFileName().toString().substring("weir-".length());
        assertTrue(output.startsWith("weir " + version), output);
        final Path link = Files.createSymbolicLink(root.resolve("linked weir"), installed.resolve("bin/weir"));
        assertEquals(0, weir(link, thisJdk(), COMMAND_S, Map.of(), "--version"), output);
        assertTrue(output.startsWith("weir " + version), output);
    }

    @Test
    void shouldRefuseTheBenchmarkWithACode() throws Exception {
        assertEquals(1, weir(thisJdk(), COMMAND_S, "bench"), output);
        assertTrue(output.contains("BENCH_NOT_INSTALLED"), output);
    }

    @Test
    void shouldCheckItsOwnConfigurationAndShowWhereEachValueWasSet() throws Exception {
        assertEquals(0, weir(installed.resolve("bin/weir"), thisJdk(), COMMAND_S,
            Map.of("WEIR_ROUTER_DATA_DIR", work.toString()), "check-config", installed.resolve("config").toString(),
            "--skip-secrets", "--output", "json"), output);
        assertTrue(output.contains("environment WEIR_ROUTER_DATA_DIR"), output);
        assertTrue(output.contains("\"setting\":\"journal.ringCapacity\""), output);
    }

    @Test
    void shouldExamineTheHostAndFailForSecretsThatAreNotThere() throws Exception {
        final Map<String, String> environment =
            Map.of("WEIR_ROUTER_DATA_DIR", work.resolve("data").toString(), "WEIR_ACCEPTOR_PORT", "0");
        assertEquals(1, weir(installed.resolve("bin/weir"), thisJdk(), COMMAND_S, environment, "doctor", "--config",
            installed.resolve("config").toString(), "--output", "json"), output);
        assertTrue(output.contains("\"check\":\"secrets\",\"status\":\"fail\""), output);
        for (final String good : List.of("jdk.version", "jdk.modules", "disk.rights", "port.acceptor")) {
            assertTrue(output.contains("\"check\":\"" + good + "\",\"status\":\"ok\""), good + " in " + output);
        }
        assertTrue(output.contains("\"check\":\"jdk.options\",\"status\":\"ok\""), output);
    }

    /** This JDK, and one of those that need further flags where it is installed. */
    static Stream<String> jdks() {
        return Stream.concat(Stream.of(thisJdk()),
            Stream.of(LATE_JDK).filter(jdk -> Files.isExecutable(jdk.resolve("bin/java"))).map(Path::toString))
            .distinct();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void shouldHaveTheFlagsThatItsJdkNeeds(final String jdk) throws Exception {
        assertEquals(0, weir(jdk, COMMAND_S, "--version"), output);
        final boolean late = output.contains("Java 25");
        final int code = weir(installed.resolve("bin/weir"), jdk, COMMAND_S,
            Map.of("WEIR_ROUTER_DATA_DIR", work.resolve("late").toString(), "WEIR_ACCEPTOR_PORT", "0"), "doctor",
            "--config", installed.resolve("config").toString(), "--output", "json");
        assertEquals(1, code, output);
        assertTrue(output.contains("\"check\":\"jdk.modules\",\"status\":\"ok\""), output);
        assertEquals(late, output.contains("\"check\":\"jdk.late\",\"status\":\"ok\""), output);
        assertFalse(output.contains("WARNING"), output);
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void shouldRunTheDemoAndWriteNothingIntoTheInstallation(final String jdk) throws Exception {
        final Set<String> before = files();
        assertEquals(0, weir(jdk, DEMO_S, "demo", "--seconds", "5", "--output", "table"), output);
        assertTrue(output.contains("all of it holds"), output);
        assertEquals(before, files());
    }

    @Test
    void shouldNotBeWritableByTheUserItRunsAs() throws Exception {
        assumeTrue(unprivileged, "needs root and setpriv, to become nobody");
        final int code = run(work, COMMAND_S, Map.of(), List.of("setpriv", "--reuid=nobody", "--regid=nogroup",
            "--clear-groups", "touch", installed.resolve("lib/x").toString()));
        assertFalse(code == 0, output);
        assertFalse(Files.getPosixFilePermissions(installed).contains(PosixFilePermission.OTHERS_WRITE));
    }

    @Test
    void shouldHaveUnitsThatSystemdTakes() throws Exception {
        final Path analyze = Path.of("/usr/bin/systemd-analyze");
        assumeTrue(Files.isExecutable(analyze), "needs systemd-analyze");
        final Path units = Files.createDirectory(root.resolve("units"));
        // A unit's path has no space: the archive is seen through a link, as /opt/weir is one.
        final Path opt = Files.createTempDirectory("weir-opt").resolve("weir");
        Files.createSymbolicLink(opt, installed);
        final List<String> command = new ArrayList<>(List.of(analyze.toString(), "verify", "--man=no"));
        for (final String name : List.of("weir-router.service", "weir-billing.service", "weir-driver.service")) {
            final String unit = Files.readString(installed.resolve("systemd").resolve(name));
            assertTrue(unit.contains("User=weir") && unit.contains("/opt/weir/bin/weir"), unit);
            command.add(Files.writeString(units.resolve(name),
                unit.replace("/opt/weir", opt.toString()).replace("User=weir", "User=daemon")
                    .replace("Group=weir", "Group=daemon")).toString());
        }
        assertEquals(0, run(work, COMMAND_S, Map.of(), command), output);
        assertFalse(output.contains("weir-"), output);
        Files.delete(opt);
        Files.delete(opt.getParent());
    }

    @Test
    void shouldCompleteInBash() throws Exception {
        final String script = "source '" + installed.resolve("completion/weir.bash") + "'; COMP_WORDS=(weir do); "
            + "COMP_CWORD=1; COMP_LINE='weir do'; COMP_POINT=7; _complete_weir 2>/dev/null; echo \"${COMPREPLY[@]}\"";
        assertEquals(0, run(work, COMMAND_S, Map.of(), List.of("bash", "-c", script)), output);
        assertEquals("doctor", output.strip());
    }
}
