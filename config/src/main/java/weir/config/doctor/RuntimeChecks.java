package weir.config.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import weir.config.model.WeirConfig;
import weir.config.recovery.CoreSpace;

/** The JDK, the module flags in force, and what the router's options come to when a JVM reads them. */
final class RuntimeChecks {
    private static final int OLDEST = 17;
    private static final int LATE = 24;
    private static final Pattern MODULE_FLAG = Pattern.compile("--add-(opens|exports)[ =](\\S+?)/(\\S+?)=ALL-UNNAMED");
    private static final long HOST_SPARE_BYTES = 256L << 20;
    private static final long HEAP_SPARE_BYTES = 256L << 20;

    private RuntimeChecks() {
    }

    static void check(final WeirConfig config, final Host host, final Findings findings) {
        final int feature = Runtime.version().feature();
        findings.atLeast("jdk.version", feature, OLDEST, OLDEST, System.getProperty("java.vm.name") + ' '
            + Runtime.version(), OLDEST + " or newer", "set JAVA_HOME");
        modules(host, findings);
        if (feature >= LATE) {
            late(findings);
        }
        router(config, host, feature, findings);
    }

    private static void modules(final Host host, final Findings findings) {
        final String expected = "the exports and opens of jvm/common.options: Agrona, Aeron and Chronicle need them";
        final Path file = host.jvm().resolve("common.options");
        final Optional<String> options = Host.text(file);
        if (options.isEmpty()) {
            findings.fail("jdk.modules", "no " + file, expected, "start Weir by its script; unpack the archive whole");
            return;
        }
        final List<String> missing = new ArrayList<>();
        int count = 0;
        final Matcher flag = MODULE_FLAG.matcher(options.get());
        while (flag.find()) {
            count++;
            final Optional<Module> module = ModuleLayer.boot().findModule(flag.group(2));
            final Module ours = RuntimeChecks.class.getModule();
            final boolean there = module.isPresent() && (flag.group(1).equals("opens")
                ? module.get().isOpen(flag.group(3), ours) : module.get().isExported(flag.group(3), ours));
            if (!there) {
                missing.add("--add-" + flag.group(1) + ' ' + flag.group(2) + '/' + flag.group(3));
            }
        }
        if (missing.isEmpty() && count > 0) {
            findings.ok("jdk.modules", "all " + count + " in force", expected);
        } else {
            findings.fail("jdk.modules", count == 0 ? "none named in " + file
                : "missing: " + String.join(", ", missing), expected,
                "start Weir by its script; WEIR_JAVA_OPTS only adds to it");
        }
    }

    private static void late(final Findings findings) {
        final String expected = "--enable-native-access and --sun-misc-unsafe-memory-access (jvm/late.options)";
        final boolean there =
            Host.jvmArguments().stream().anyMatch(argument -> argument.startsWith("--enable-native-access"));
        if (there) {
            findings.ok("jdk.late", "in force", expected);
        } else {
            findings.warn("jdk.late", "missing", expected, "start Weir by its script");
        }
    }

    /** What a JVM makes of the router's options: another JVM is asked, as they are not this command's. */
    private static void router(final WeirConfig config, final Host host, final int feature, final Findings findings) {
        final String expected = "options that the JVM takes, compressed oops, a heap that fits this host";
        final Path options = host.jvm().resolve("router.options");
        if (!Files.isReadable(options)) {
            findings.fail("jdk.options", "no " + options, expected, "unpack the archive whole");
            return;
        }
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add('@' + host.jvm().resolve("common.options").toString());
        if (feature >= LATE) {
            command.add('@' + host.jvm().resolve("late.options").toString());
        }
        command.add('@' + options.toString());
        command.addAll(List.of("-XX:-AlwaysPreTouch", "-Xms8m", "-XX:+PrintFlagsFinal", "-version"));
        final Optional<String> flags = host.command().apply(command);
        if (flags.isEmpty()) {
            findings.fail("jdk.options", "java refuses " + options, expected,
                "java @" + options + " -version says why");
            return;
        }
        final String collector = flag(flags.get(), "UseParallelGC").equals("true") ? "Parallel"
            : flag(flags.get(), "UseSerialGC").equals("true") ? "Serial"
            : flag(flags.get(), "UseZGC").equals("true") ? "ZGC" : "G1";
        final long heap = Long.parseLong(flag(flags.get(), "MaxHeapSize"));
        final boolean compressed = flag(flags.get(), "UseCompressedOops").equals("true");
        final String found = "heap " + Host.bytes(heap) + ", " + collector + " collector, compressed oops "
            + (compressed ? "on" : "off") + ", safepoint interval " + flag(flags.get(), "GuaranteedSafepointInterval");
        if (compressed) {
            findings.ok("jdk.options", found, expected);
        } else {
            findings.warn("jdk.options", found, expected, "keep -Xmx below 32g in " + options);
        }
        cores(config, heap, options, findings);
        memory(config, host, heap, options, findings);
    }

    /** Two thirds of the heap are the old generation, which holds the tables. */
    private static void cores(final WeirConfig config, final long heap, final Path options, final Findings findings) {
        final int count = CoreSpace.cores(config.router());
        final long tables = count * CoreSpace.coreBytes(config.router().engine());
        findings.atLeast("memory.cores", heap, tables + HEAP_SPARE_BYTES,
            tables + tables / 2 + HEAP_SPARE_BYTES, "heap " + Host.bytes(heap),
            Host.bytes(tables + tables / 2 + HEAP_SPARE_BYTES) + ": " + count + " core" + (count == 1 ? "" : "s")
                + " of " + Host.bytes(tables / count) + " by the sizes under engine"
                + (count == 1 ? "" : " (the second one makes the snapshots)"),
            "larger -Xms and -Xmx in " + options + ", or smaller tables");
    }

    private static void memory(final WeirConfig config, final Host host, final long heap, final Path options,
        final Findings findings) {
        final Matcher available = Pattern.compile("MemAvailable:\\s+(\\d+) kB")
            .matcher(Host.text(host.proc().resolve("meminfo")).orElse(""));
        final long bytes = available.find() ? Long.parseLong(available.group(1)) << 10 : Long.MAX_VALUE;
        final long needed = heap + config.router().journal().ringCapacityBytes() + HOST_SPARE_BYTES;
        findings.atLeast("memory.heap", bytes, heap, needed,
            bytes == Long.MAX_VALUE ? "not readable" : Host.bytes(bytes) + " available",
            Host.bytes(needed) + ": the router's heap is touched at start, the ring and tables come on top",
            "more memory, or a smaller -Xms and -Xmx in " + options);
    }

    private static String flag(final String flags, final String name) {
        final Matcher matcher = Pattern.compile("\\b" + name + "\\s+:?=\\s+(\\S+)").matcher(flags);
        return matcher.find() ? matcher.group(1) : "0";
    }
}
