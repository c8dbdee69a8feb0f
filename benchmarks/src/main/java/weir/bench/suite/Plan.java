package weir.bench.suite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a run does: the long form by default. Read from options; each has one value. */
public final class Plan {
    private static final long SHORT_LIMIT_S = 225;

    private final Set<Budget> budgets = EnumSet.allOf(Budget.class);
    private final Map<String, String> settings = new TreeMap<>();
    private final List<String> flags = new ArrayList<>();
    private final List<String> given = new ArrayList<>();
    private boolean shortForm;
    private boolean tls = true;
    private boolean freshPages;
    private int rounds = 6;
    private int rate = 10_000;
    private long warmMs = 20_000;
    private long roundWarmMs = 500;
    private long latencyMs = 3_000;
    private long throughputMs = 2_000;
    private long throughputOrders = 1_000_000;
    private long sustainedMs = 60_000;
    private String store = "none";
    private String shape = "";
    private Path out = Path.of(System.getProperty("weir.home", "."), "benchmarks", "target", "bench");
    private Path data;

    /**
     * Reads options: {@code --short}, {@code --plain}, {@code --fresh-pages}, or pairs of a name and a value.
     *
     * @param args of the command
     * @return the plan
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static Plan of(final String... args) {
        final Plan plan = new Plan();
        final List<String> all = new ArrayList<>(List.of(args));
        if (all.remove("--short")) {
            plan.beShort();
        }
        plan.tls = !all.remove("--plain");
        plan.freshPages = all.remove("--fresh-pages");
        if (all.size() % 2 != 0) {
            throw new IllegalArgumentException("an option has no value: " + String.join(" ", args));
        }
        for (int i = 0; i < all.size(); i += 2) {
            plan.option(all.get(i), all.get(i + 1));
        }
        plan.given.addAll(List.of(args));
        return plan;
    }

    private void beShort() {
        shortForm = true;
        rounds = 3;
        warmMs = 2_500;
        roundWarmMs = 300;
        latencyMs = 1_000;
        throughputMs = 700;
        throughputOrders = 400_000;
        sustainedMs = 8_000;
    }

    private void option(final String name, final String value) {
        switch (name) {
            case "--only":
                budgets.clear();
                Arrays.stream(value.split(",")).map(String::strip).map(text -> text.toUpperCase(Locale.ROOT))
                    .map(Plan::budget).forEach(budgets::add);
                break;
            case "--rounds":
                rounds = positive(name, value);
                break;
            case "--rate":
                rate = positive(name, value);
                break;
            case "--latency-ms":
                latencyMs = positive(name, value);
                break;
            case "--throughput-ms":
                throughputMs = positive(name, value);
                break;
            case "--sustained-ms":
                sustainedMs = positive(name, value);
                break;
            case "--warmup-ms":
                warmMs = positive(name, value);
                break;
            case "--peer-store":
                if (!Set.of("none", "memory", "file").contains(value)) {
                    throw new IllegalArgumentException("--peer-store is none, memory or file");
                }
                store = value;
                break;
            case "--shape":
                shape = value;
                break;
            case "--set":
                final int at = value.indexOf('=');
                if (at < 1) {
                    throw new IllegalArgumentException("--set takes section.key=value, as engine.idle=busy-spin");
                }
                settings.put(variable(value.substring(0, at)), value.substring(at + 1));
                break;
            case "--jvm":
                flags.add(value);
                break;
            case "--out":
                out = Path.of(value);
                break;
            case "--data":
                data = Path.of(value);
                break;
            default:
                throw new IllegalArgumentException("no option " + name);
        }
    }

    /** {@code engine.clOrdIdsPerDay} as {@code WEIR_ENGINE_CL_ORD_IDS_PER_DAY}. */
    static String variable(final String key) {
        return "WEIR_" + key.replace('.', '_').replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
    }

    private static Budget budget(final String name) {
        try {
            return Budget.valueOf(name);
        } catch (final IllegalArgumentException ex) {
            throw new IllegalArgumentException("no budget " + name + "; they are P1 to P13", ex);
        }
    }

    private static int positive(final String name, final String value) {
        try {
            final int number = Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        } catch (final NumberFormatException ex) {
            throw new IllegalArgumentException(name + " takes a number, not " + value, ex);
        }
        throw new IllegalArgumentException(name + " must be above 0");
    }

    boolean wants(final Budget... any) {
        return Arrays.stream(any).anyMatch(budgets::contains);
    }

    /** When a short run must be through with measuring, ns from its start. */
    long limitNs() {
        return shortForm ? SHORT_LIMIT_S * 1_000_000_000L : Deadline.NONE;
    }

    boolean isShort() {
        return shortForm;
    }

    /** Whether TLS stands beside plain TCP. */
    boolean tls() {
        return tls;
    }

    /** Whether free pages are left to the machine's host. */
    boolean freshPages() {
        return freshPages;
    }

    int rounds() {
        return rounds;
    }

    int rate() {
        return rate;
    }

    long warmMs() {
        return warmMs;
    }

    long roundWarmMs() {
        return roundWarmMs;
    }

    long latencyMs() {
        return latencyMs;
    }

    long throughputMs() {
        return throughputMs;
    }

    long throughputOrders() {
        return throughputOrders;
    }

    long sustainedMs() {
        return sustainedMs;
    }

    String store() {
        return store;
    }

    String shape() {
        return shape;
    }

    Map<String, String> settings() {
        return Map.copyOf(settings);
    }

    List<String> flags() {
        return List.copyOf(flags);
    }

    Path out() {
        return out;
    }

    /** Where contestants keep their files: as told, else shared memory where there is any, else the temporary one. */
    Path data() {
        if (data != null) {
            return data;
        }
        final Path shared = Path.of("/dev/shm");
        return Files.isWritable(shared) ? shared : disk();
    }

    /** Where a sustained run keeps its journal: as told, else the temporary directory. */
    Path disk() {
        return data != null ? data : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** The command as it was given. */
    String command() {
        return ("weir bench " + given.stream().map(word -> word.contains(" ") ? '\'' + word + '\'' : word)
            .collect(Collectors.joining(" "))).strip();
    }
}
