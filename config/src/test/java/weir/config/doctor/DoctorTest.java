package weir.config.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.doctor.Finding.Status;
import weir.config.load.ConfigTree;
import weir.config.load.SecretRefs;
import weir.config.model.SecretRef;
import weir.config.model.WeirConfig;

/** Each check passes on a host that is right and fails on one that is wrong in that one thing. */
class DoctorTest {
    private static final long DAY_MS = 86_400_000L;
    private static final String GOOD_FLAGS = "bool UseCompressedOops = true {x}\n bool UseParallelGC = true {x}\n"
        + "size_t MaxHeapSize = 1610612736 {x}\n intx GuaranteedSafepointInterval = 0 {x}\n";

    @TempDir
    private Path root;
    private ConfigTree tree;
    private final Map<String, String> environment = new HashMap<>();
    private Function<Path, Host.Space> space = path -> new Host.Space("tmpfs", 1L << 40, 1L << 39);
    private Function<List<String>, Optional<String>> command = words -> words.get(0).equals("timedatectl")
        ? Optional.of("yes\n") : words.get(0).endsWith("java") ? Optional.of(GOOD_FLAGS) : Optional.empty();
    private LongSupplier wallMs = System::currentTimeMillis;
    private int cores = 8;

    @BeforeEach
    void goodHost() throws IOException {
        tree = new ConfigTree(Files.createDirectory(root.resolve("config")));
        tree.replace("router.yaml", "/var/lib/weir", '"' + root.resolve("data").toString() + '"');
        tree.replace("router.yaml", "/dev/shm/weir-aeron", '"' + root.resolve("aeron").toString() + '"');
        tree.replace("router.yaml", "/dev/shm/weir-entry-aeron", '"' + root.resolve("entry").toString() + '"');
        tree.replace("fix/acceptor.yaml", "port: 9880", "port: 0");
        file("proc/self/limits", "Limit  Soft  Hard  Units\nMax processes  8192  8192  processes\n"
            + "Max open files            65536                65536                files\n"
            + "Max locked memory         unlimited            unlimited            bytes\n");
        file("proc/swaps", "Filename Type Size Used Priority\n");
        file("proc/meminfo", "MemTotal: 16000000 kB\nMemAvailable:   8000000 kB\n");
        file("proc/sys/vm/overcommit_memory", "0\n");
        file("proc/sys/vm/max_map_count", "262144\n");
        file("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n");
        file("sys/devices/system/cpu/isolated", "2-5\n");
        file("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
        file("jvm/common.options", "--add-exports java.base/java.lang=ALL-UNNAMED\n");
        file("jvm/router.options", "-Xmx1536m\n");
        final WeirConfig config = tree.load(environment).orThrow();
        for (final SecretRef ref : SecretRefs.all(config)) {
            if (ref.kind() == SecretRef.Kind.ENV) {
                environment.put(ref.target(), "secret-of-" + ref.target());
            } else if (ref.kind() == SecretRef.Kind.FILE) {
                secret(tree.directory().resolve(ref.target()), "secret");
            }
        }
    }

    private void file(final String name, final String text) throws IOException {
        final Path path = root.resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static void secret(final Path path, final String text) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    private List<Finding> examine() {
        final Host host = new Host(root.resolve("proc"), root.resolve("sys"), root.resolve("run"), root.resolve("jvm"),
            space, command, wallMs, System::nanoTime, cores);
        return Doctor.examine(tree.load(environment).orThrow(), tree.directory(), environment, false, host);
    }

    /** The finding of a check that is worst. */
    private Finding of(final String check) {
        return examine().stream().filter(f -> f.check().equals(check))
            .max((a, b) -> a.status().compareTo(b.status())).orElseThrow(() -> new AssertionError("no " + check));
    }

    private void is(final Status status, final String check, final String found) {
        final Finding finding = of(check);
        assertEquals(status, finding.status(), finding.toString());
        assertTrue(finding.found().contains(found), finding.toString());
        assertTrue(!finding.expected().isEmpty() && (status == Status.OK || !finding.advice().isEmpty()),
            finding.toString());
    }

    @Test
    void shouldFindNothingWrongWithAGoodHost() {
        final List<Finding> bad = examine().stream().filter(f -> f.status() != Status.OK
            && !f.check().equals("clock.zones") && !f.check().equals("jdk.late")).toList();
        assertEquals(List.of(), bad);
    }

    @Test
    void shouldFailForAClockThatNobodySynchronises() throws IOException {
        command = words -> words.get(0).equals("timedatectl") ? Optional.of("no\n") : Optional.of(GOOD_FLAGS);
        final Function<List<String>, Optional<String>> before = command;
        command = words -> words.get(0).equals("chronyc") ? Optional.empty() : before.apply(words);
        is(Status.FAIL, "clock.sync", "not synchronised");
        file("run/systemd/timesync/synchronized", "");
        is(Status.OK, "clock.sync", "systemd-timesyncd");
        Files.delete(root.resolve("run/systemd/timesync/synchronized"));
        command = words -> words.get(0).endsWith("java") ? Optional.of(GOOD_FLAGS) : Optional.empty();
        is(Status.WARN, "clock.sync", "unknown");
    }

    @Test
    void shouldFailForAClockThatStepsWhileItIsWatched() {
        final AtomicLong calls = new AtomicLong();
        wallMs = () -> System.currentTimeMillis() + calls.getAndIncrement() * 120_000;
        is(Status.FAIL, "clock.even", "ms apart");
    }

    @Test
    void shouldWarnOfZoneRulesThatAreOutdated() {
        wallMs = () -> System.currentTimeMillis() + 3_650 * DAY_MS;
        is(Status.WARN, "clock.zones", "tzdata");
    }

    @Test
    void shouldJudgeLimitsOfTheProcess() throws IOException {
        file("proc/self/limits", "Max open files 1024 4096 files\nMax locked memory 65536 65536 bytes\n"
            + "Max processes 100 100 processes\n");
        is(Status.FAIL, "limits.nofile", "1024");
        is(Status.WARN, "limits.memlock", "65536");
        is(Status.FAIL, "limits.nproc", "100");
    }

    @Test
    void shouldFailForTooLittleSharedMemoryAndWarnOfADisk() {
        space = path -> new Host.Space("tmpfs", 64L << 20, 64L << 20);
        is(Status.FAIL, "memory.room", "64.0 MiB");
        space = path -> new Host.Space("ext4", 1L << 40, 1L << 39);
        is(Status.WARN, "memory.ring", "ext4");
        is(Status.WARN, "memory.aeron", "ext4");
    }

    @Test
    void shouldFailBelowTheReserveAndWarnNearIt() {
        space = path -> new Host.Space("tmpfs", 1L << 40, 1L << 30);
        is(Status.FAIL, "disk.journal", "1.0 GiB");
        space = path -> new Host.Space("tmpfs", 1L << 40, 3L << 30);
        is(Status.WARN, "disk.journal", "3.0 GiB");
        space = path -> new Host.Space("tmpfs", 1L << 40, 10L << 20);
        is(Status.FAIL, "disk.billing", "10.0 MiB");
    }

    @Test
    void shouldFailForADirectoryThatCannotBeMade() throws IOException {
        file("data", "a file where a directory should be");
        is(Status.FAIL, "disk.rights", "router.dataDir");
    }

    @Test
    void shouldNameWhoHoldsTheAcceptorsPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            tree.replace("fix/acceptor.yaml", "port: 0", "port: " + taken.getLocalPort());
            is(Status.FAIL, "port.acceptor", String.valueOf(taken.getLocalPort()));
            final String owner = PortChecks.owner(Path.of("/proc"), taken.getLocalPort());
            assertTrue(owner.startsWith("process " + ProcessHandle.current().pid() + " ("), owner);
        }
        is(Status.OK, "port.acceptor", "is free");
    }

    @Test
    void shouldSayWhetherASimulatorListensWhereOneIsConfigured() throws IOException {
        try (ServerSocket venue = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            tree.replace("billing.yaml", "https://api.stripe.com", "http://127.0.0.1:" + venue.getLocalPort());
            is(Status.OK, "port.stripe", "taken by");
        }
        is(Status.WARN, "port.stripe", "nobody listens");
    }

    @Test
    void shouldFailForADatabaseServerThatDoesNotAnswerAndNeverPrintItsPassword() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            tree.replace("billing.yaml", "jdbc:sqlite:billing/billing.db", "jdbc:postgresql://127.0.0.1:"
                + free.getLocalPort() + "/weir?user=weir&password=file:"
                + Files.writeString(root.resolve("database-password"), "hunter2"));
        }
        is(Status.FAIL, "database.billing", "refused");
        assertTrue(examine().stream().noneMatch(f -> f.toString().contains("hunter2")), "a secret was printed");
    }

    @Test
    void shouldFailForSecretsThatAreMissingOrOpenAndNeverPrintThem() throws IOException {
        final String name = environment.keySet().iterator().next();
        environment.remove(name);
        is(Status.FAIL, "secrets", name);
        environment.values().forEach(value ->
            assertTrue(examine().stream().noneMatch(f -> f.toString().contains(value)), "a secret was printed"));
    }

    @Test
    void shouldFailForConfigurationThatEverybodyMayWrite() throws IOException {
        Files.setPosixFilePermissions(tree.directory().resolve("tenants/alpha.yaml"),
            PosixFilePermissions.fromString("rw-rw-rw-"));
        is(Status.FAIL, "config.rights", "tenants/alpha.yaml");
    }

    private Path keyStore(final String name, final String... validity) throws Exception {
        final Path store = root.resolve(name);
        final List<String> words = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "weir",
            "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=weir", "-storetype", "PKCS12", "-keystore",
            store.toString(), "-storepass", "changeit"));
        words.addAll(List.of(validity));
        final Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0, output);
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rw-------"));
        return store;
    }

    private void tls(final Path store) throws IOException {
        final Path password = root.resolve("pass");
        secret(password, "changeit");
        tree.replace("fix/acceptor.yaml", "  enabled: false", "  enabled: true\n  keyStore: \"" + store
            + "\"\n  keyStorePassword: file:" + password);
    }

    @Test
    void shouldFailForACertificateThatExpired() throws Exception {
        tls(keyStore("old.p12", "-startdate", "-10d", "-validity", "3"));
        is(Status.FAIL, "tls.keyStore", "expired");
    }

    @Test
    void shouldWarnOfACertificateThatExpiresSoonAndFailForItsMode() throws Exception {
        final Path store = keyStore("soon.p12", "-validity", "9");
        tls(store);
        is(Status.WARN, "tls.keyStore", "expires in 8 days");
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rw-r--r--"));
        is(Status.FAIL, "tls.keyStore", "mode rw-r--r--");
    }

    @Test
    void shouldFailForAStoreThatIsNotThereOrHasAnotherPassword() throws Exception {
        tls(root.resolve("none.p12"));
        is(Status.FAIL, "tls.keyStore", "NoSuchFileException");
        tls2(keyStore("good.p12", "-validity", "400"));
        is(Status.OK, "tls.keyStore", "expires in 399 days");
        secret(root.resolve("pass"), "another");
        is(Status.FAIL, "tls.keyStore", "password");
    }

    private void tls2(final Path store) throws IOException {
        tree.replace("fix/acceptor.yaml", root.resolve("none.p12").toString(), store.toString());
    }

    @Test
    void shouldFailWhereModuleFlagsOrOptionsAreMissing() throws IOException {
        file("jvm/common.options", "--add-opens java.base/java.util.zip=ALL-UNNAMED\n");
        is(Status.FAIL, "jdk.modules", "java.util.zip");
        Files.delete(root.resolve("jvm/common.options"));
        is(Status.FAIL, "jdk.modules", "no ");
        command = words -> Optional.empty();
        is(Status.FAIL, "jdk.options", "refuses");
        Files.delete(root.resolve("jvm/router.options"));
        is(Status.FAIL, "jdk.options", "no ");
    }

    @Test
    void shouldReadWhatARealJvmMakesOfTheOptions() {
        command = Host.real().command();
        is(Status.OK, "jdk.options", "heap 1.5 GiB");
    }

    @Test
    void shouldWarnOfLargeHeapsAndFailForThoseThatDoNotFit() throws IOException {
        command = words -> words.get(0).endsWith("java") ? Optional.of(GOOD_FLAGS.replace("Oops = true", "Oops = false")
            .replace("1610612736", "68719476736")) : Optional.empty();
        is(Status.WARN, "jdk.options", "oops off");
        is(Status.FAIL, "memory.heap", "available");
    }

    @Test
    void shouldWarnOfAHeapThatDoesNotHoldTheCores() throws IOException {
        is(Status.OK, "memory.cores", "heap 1.5 GiB");
        tree.replace("router.yaml", "clOrdIdsPerDay: 1048576", "clOrdIdsPerDay: 3145728");
        is(Status.WARN, "memory.cores", "heap 1.5 GiB");
        tree.replace("router.yaml", "clOrdIdsPerDay: 3145728", "clOrdIdsPerDay: 8388608");
        is(Status.FAIL, "memory.cores", "heap 1.5 GiB");
    }

    @Test
    void shouldWarnOfSpinningOnTooFewProcessors() throws IOException {
        tree.replace("router.yaml", "idle: backoff", "idle: busy-spin");
        is(Status.OK, "cpu.cores", "8");
        cores = 2;
        is(Status.WARN, "cpu.cores", "2 with engine.idle BUSY_SPIN");
        file("sys/devices/system/cpu/isolated", "\n");
        is(Status.WARN, "cpu.isolated", "none");
    }

    @Test
    void shouldWarnOfGovernorHugePagesSwapAndKernelSettings() throws IOException {
        file("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
        file("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n");
        file("proc/swaps", "Filename Type Size Used Priority\n/dev/sda2 partition 1 0 -2\n");
        file("proc/sys/vm/overcommit_memory", "2\n");
        file("proc/sys/vm/max_map_count", "1024\n");
        is(Status.WARN, "cpu.governor", "powersave");
        is(Status.WARN, "kernel.hugepages", "always");
        is(Status.WARN, "kernel.swap", "1 in use");
        is(Status.WARN, "kernel.overcommit", "2");
        is(Status.FAIL, "kernel.maps", "1024");
    }

    @Test
    void shouldTellALiveDriverFromOneThatIsGone() throws Exception {
        final Path dir = root.resolve("aeron");
        try (MediaDriver driver = MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(dir.toString())
            .threadingMode(ThreadingMode.SHARED).sharedIdleStrategy(new SleepingMillisIdleStrategy(1)))) {
            is(Status.FAIL, "aeron.driver", "live driver in " + driver.aeronDirectoryName());
            tree.replace("router.yaml", "embeddedDriver: true", "embeddedDriver: false");
            is(Status.OK, "aeron.driver", "live");
        }
        is(Status.FAIL, "aeron.driver", "driver in");
    }

    @Test
    void shouldNameTheOwnerOfTheJournalFromAnotherProcess() throws Exception {
        final Path journal = root.resolve("data/journal");
        Files.createDirectories(journal);
        Files.writeString(journal.resolve("lock"), "pid=77\nstart=2026-01-01T00:00:00Z\n");
        is(Status.OK, "journal.owner", "free; last was pid=77");
        final Path source = root.resolve("Lock.java");
        Files.writeString(source, "public class Lock { public static void main(String[] a) throws Exception {"
            + "var c = java.nio.channels.FileChannel.open(java.nio.file.Path.of(a[0]),"
            + "java.nio.file.StandardOpenOption.WRITE); c.lock(); System.out.println(\"locked\");"
            + "System.in.read(); } }");
        final Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            source.toString(), journal.resolve("lock").toString()).start();
        try {
            assertEquals('l', process.getInputStream().read());
            is(Status.WARN, "journal.owner", "owned: pid=77");
        } finally {
            process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
    }
}
