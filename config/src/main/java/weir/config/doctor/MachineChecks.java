package weir.config.doctor;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import weir.config.model.RouterSettings;
import weir.config.model.WeirConfig;

/** Limits of this process and user, processors, and kernel settings. */
final class MachineChecks {
    private static final long NOFILE_SERVICE = 65_536;
    private static final long NOFILE_SPARE = 512;
    private static final long NPROC_MIN = 256;
    private static final long NPROC_SERVICE = 4_096;
    private static final long MAP_COUNT_DEFAULT = 65_530;
    /** Engine, FIX egress and one venue adapter. */
    private static final int SPINNING = 3;

    private MachineChecks() {
    }

    static void check(final WeirConfig config, final Host host, final Findings findings) {
        limits(config, host, findings);
        processors(config.router().engine().idle(), host, findings);
        kernel(host, findings);
    }

    private static void limits(final WeirConfig config, final Host host, final Findings findings) {
        final String limits = Host.text(host.proc().resolve("self/limits")).orElse("");
        final long files = soft(limits, "Max open files");
        findings.atLeast("limits.nofile", files, config.router().engine().maxSessions() + NOFILE_SPARE,
            NOFILE_SERVICE, shown(files), "65536: each session, journal file and log takes one",
            "LimitNOFILE=65536 in the unit, or ulimit -n");
        final long ring = config.router().journal().ringCapacityBytes();
        findings.atLeast("limits.memlock", soft(limits, "Max locked memory"), 0, ring,
            shown(soft(limits, "Max locked memory")), "at least the ring (" + Host.bytes(ring)
                + "): pages that cannot be locked may be swapped out", "LimitMEMLOCK=infinity in the unit");
        final long processes = soft(limits, "Max processes");
        findings.atLeast("limits.nproc", processes, NPROC_MIN, NPROC_SERVICE, shown(processes),
            "4096: threads count, and those of other processes of this user too", "LimitNPROC=4096 in the unit");
    }

    /** Soft limit; Long.MAX_VALUE = unlimited, -1 = not found. */
    private static long soft(final String limits, final String name) {
        final Matcher row = Pattern.compile(Pattern.quote(name) + "\\s+(\\S+)").matcher(limits);
        if (!row.find()) {
            return -1;
        }
        return "unlimited".equals(row.group(1)) ? Long.MAX_VALUE : Long.parseLong(row.group(1));
    }

    private static String shown(final long limit) {
        return limit == Long.MAX_VALUE ? "unlimited" : limit < 0 ? "not readable" : Long.toString(limit);
    }

    private static void processors(final RouterSettings.Idle idle, final Host host, final Findings findings) {
        final int needed = idle == RouterSettings.Idle.BACKOFF ? 2 : SPINNING + 1;
        findings.atLeast("cpu.cores", host.cores(), 1, needed, host.cores() + " with engine.idle " + idle,
            needed + " or more" + (idle == RouterSettings.Idle.BACKOFF ? ""
                : ": " + SPINNING + " threads never give their processor back"),
            "set engine.idle: backoff, or add cores");
        final Optional<String> governor =
            Host.text(host.sys().resolve("devices/system/cpu/cpu0/cpufreq/scaling_governor"));
        final String even = "performance: a processor that clocks up again costs microseconds at each wake";
        if (governor.isEmpty()) {
            findings.ok("cpu.governor", "none to set here", even);
        } else if (governor.get().equals("performance")) {
            findings.ok("cpu.governor", governor.get(), even);
        } else {
            findings.warn("cpu.governor", governor.get(), even, "cpupower frequency-set -g performance");
        }
        final String isolated = Host.text(host.sys().resolve("devices/system/cpu/isolated")).orElse("");
        final String alone = "processors of their own for threads that spin (isolcpus)";
        if (idle == RouterSettings.Idle.BACKOFF || !isolated.isEmpty()) {
            findings.ok("cpu.isolated", isolated.isEmpty() ? "none, and nothing spins" : isolated, alone);
        } else {
            findings.warn("cpu.isolated", "none with engine.idle " + idle, alone,
                "boot with isolcpus= and pin the router, or set engine.idle: backoff");
        }
    }

    private static void kernel(final Host host, final Findings findings) {
        final String huge = Host.text(host.sys().resolve("kernel/mm/transparent_hugepage/enabled")).orElse("");
        final String notAlways = "madvise or never: 'always' stalls threads while it compacts memory";
        if (huge.contains("[always]")) {
            findings.warn("kernel.hugepages", "always", notAlways,
                "echo madvise >/sys/kernel/mm/transparent_hugepage/enabled");
        } else {
            findings.ok("kernel.hugepages", huge.isEmpty() ? "none" : huge, notAlways);
        }
        final long swaps = Host.text(host.proc().resolve("swaps")).map(text -> text.lines().count() - 1).orElse(0L);
        final String noSwap = "no swap: a page that must come back from disk stalls its thread for milliseconds";
        if (swaps > 0) {
            findings.warn("kernel.swap", swaps + " in use", noSwap, "swapoff -a, or LimitMEMLOCK and vm.swappiness=1");
        } else {
            findings.ok("kernel.swap", "none", noSwap);
        }
        final String overcommit = Host.text(host.proc().resolve("sys/vm/overcommit_memory")).orElse("?");
        final String heuristic = "0 or 1: with 2 the JVM's reservations may be refused";
        if (overcommit.equals("2")) {
            findings.warn("kernel.overcommit", overcommit, heuristic, "sysctl vm.overcommit_memory=0");
        } else {
            findings.ok("kernel.overcommit", overcommit, heuristic);
        }
        final long maps = Host.text(host.proc().resolve("sys/vm/max_map_count")).map(Long::parseLong).orElse(-1L);
        findings.atLeast("kernel.maps", maps, 4_096, MAP_COUNT_DEFAULT, Long.toString(maps),
            MAP_COUNT_DEFAULT + ": each journal file and Aeron log is mapped in pieces",
            "sysctl vm.max_map_count=262144");
    }
}
