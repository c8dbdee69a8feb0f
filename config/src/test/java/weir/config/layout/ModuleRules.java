package weir.config.layout;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * The module rules, checked on compiled classes (jdeps) and on the poms. A rule that is broken is a sentence that names
 * the class or pom.
 */
final class ModuleRules {
    private static final Pattern EDGE = Pattern.compile("^\\s+(\\S+)\\s+->\\s+(\\S+).*$");
    private static final Pattern DEPENDENCY = Pattern.compile("<dependency>(.*?)</dependency>", Pattern.DOTALL);

    /**
     * A module.
     *
     * @param name      short name; its artefact is {@code weir-} and this
     * @param directory where its pom stands
     * @param sees      modules whose classes it may use
     * @param foreign   beginnings of classes of other projects it may use; empty = any but Chronicle
     */
    record Module(String name, String directory, Set<String> sees, List<String> foreign) {
    }

    /** All modules of the build, each with what it may see. */
    static final List<Module> MODULES = List.of(
        new Module("protocol", "router-engine/protocol", Set.of(), List.of("java.", "org.agrona.")),
        new Module("engine", "router-engine/engine", Set.of("protocol"),
            List.of("java.", "jdk.", "sun.misc.", "org.agrona.", "io.aeron.")),
        new Module("entry", "router-engine/entry", Set.of("protocol"),
            List.of("java.", "javax.crypto.", "org.agrona.", "io.aeron.")),
        new Module("client", "router-engine/client", Set.of("protocol"),
            List.of("java.", "javax.crypto.", "org.agrona.", "io.aeron.")),
        new Module("fix-sessions", "fix-sessions", Set.of("protocol"), List.of()),
        new Module("chain", "metering/chain", Set.of(), List.of("java.", "javax.crypto.", "com.fasterxml.jackson.",
            "org.bouncycastle.")),
        new Module("venue-adapters", "venue-adapters", Set.of("protocol", "fix-sessions", "chain"), List.of()),
        new Module("journal", "metering/journal", Set.of("protocol"), List.of()),
        new Module("billing", "metering/billing", Set.of("protocol", "journal"), List.of()),
        new Module("simulator", "simulator", Set.of(), List.of()),
        new Module("benchmarks", "benchmarks", Set.of("protocol", "engine", "entry", "client", "journal",
            "fix-sessions", "chain", "venue-adapters", "billing", "simulator", "config"), List.of()),
        new Module("config", "config", Set.of("protocol", "engine", "entry", "client", "fix-sessions", "chain",
            "venue-adapters", "journal", "billing", "simulator"), List.of()));

    private final Path root;

    ModuleRules(final Path root) {
        this.root = root;
    }

    /** Everything that breaks a rule, over these modules. */
    List<String> check(final List<Module> modules) throws IOException {
        final List<String> broken = new ArrayList<>();
        final Map<String, Map<String, Set<String>>> edges = new LinkedHashMap<>();
        final Map<String, String> owner = new TreeMap<>();
        for (final Module module : modules) {
            final Path classes = root.resolve(module.directory()).resolve("target/classes");
            final Map<String, Set<String>> found = hasClasses(classes) ? jdeps(classes) : Map.of();
            // Nothing depends on benchmarks, so that a parallel build may not have compiled it yet.
            if (found.isEmpty() && !module.name().equals("benchmarks")) {
                broken.add(module.name() + ": no classes in " + classes);
            }
            edges.put(module.name(), found);
            found.keySet().forEach(name -> owner.put(name, module.name()));
        }
        for (final Module module : modules) {
            final Map<String, Set<String>> found = edges.get(module.name());
            found.forEach((from, targets) -> targets.forEach(to -> {
                if (!found.containsKey(to)) {
                    checkEdge(module, from, to, owner, broken);
                }
            }));
            for (final List<String> cycle : PackageCycles.of(found)) {
                broken.add(module.name() + ": package cycle " + String.join(" > ", cycle));
            }
            checkPom(module, broken);
            checkContractFiles(module, broken);
        }
        return broken;
    }

    private static void checkEdge(final Module module, final String from, final String to,
        final Map<String, String> owner, final List<String> broken) {
        if (to.startsWith("weir.")) {
            final String target = owner.get(to);
            if (target == null || !module.sees().contains(target)) {
                broken.add(module.name() + ": " + from + " uses " + to + " of "
                    + (target == null ? "no module" : target));
            }
        } else if (to.startsWith("net.openhft.") && !Set.of("journal", "benchmarks").contains(module.name())) {
            broken.add(module.name() + ": " + from + " uses " + to + "; only journal sees Chronicle");
        } else if (!module.foreign().isEmpty() && module.foreign().stream().noneMatch(to::startsWith)) {
            broken.add(module.name() + ": " + from + " uses " + to + ", which is not on its class path");
        }
    }

    private void checkPom(final Module module, final List<String> broken) throws IOException {
        final Path pom = root.resolve(module.directory()).resolve("pom.xml");
        final Matcher matcher = DEPENDENCY.matcher(Files.readString(pom));
        while (matcher.find()) {
            final String group = element(matcher.group(1), "groupId");
            final String artifact = element(matcher.group(1), "artifactId");
            final boolean test = element(matcher.group(1), "scope").equals("test");
            if (artifact.equals("weir-benchmarks")) {
                broken.add(module.name() + ": pom depends on weir-benchmarks");
            } else if (group.equals("weir") && !module.sees().contains(artifact.substring(5))
                && (!test || module.name().equals("simulator") || module.name().equals("engine"))) {
                broken.add(module.name() + ": pom depends on " + artifact);
            } else if (group.equals("net.openhft") && !module.name().equals("journal")) {
                broken.add(module.name() + ": pom depends on " + group + ':' + artifact);
            } else if (module.name().equals("engine") && !test
                && !Set.of("weir", "org.agrona", "io.aeron").contains(group)) {
                broken.add(module.name() + ": pom depends on " + group + ':' + artifact);
            }
        }
    }

    /** The simulator judges by the venue's documents and never by our contract files. */
    private void checkContractFiles(final Module module, final List<String> broken) throws IOException {
        final Path classes = root.resolve(module.directory()).resolve("target/classes");
        if (!module.name().equals("simulator") || !Files.isDirectory(classes)) {
            return;
        }
        try (Stream<Path> files = Files.walk(classes)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                final String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (bytes.contains("venues/") && bytes.contains(".yaml") || bytes.contains("weir/deploy")) {
                    broken.add("simulator: " + classes.relativize(file) + " names a venue contract file");
                }
            }
        }
    }

    private static String element(final String xml, final String name) {
        final Matcher matcher = Pattern.compile("<" + name + ">\\s*(.*?)\\s*</" + name + '>').matcher(xml);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static boolean hasClasses(final Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.anyMatch(f -> f.toString().endsWith(".class"));
        }
    }

    /** Class to the classes it uses. */
    private static Map<String, Set<String>> jdeps(final Path classes) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final ToolProvider jdeps = ToolProvider.findFirst("jdeps")
            .orElseThrow(() -> new IllegalStateException("this JDK has no jdeps"));
        final int exit = jdeps.run(new PrintWriter(out), new PrintWriter(err), "-verbose:class", "-filter:none",
            "--ignore-missing-deps", "--multi-release", "base", classes.toString());
        if (exit != 0) {
            throw new IllegalStateException("jdeps " + classes + ": " + err + out);
        }
        final Map<String, Set<String>> edges = new TreeMap<>();
        for (final String line : out.toString().split("\\R")) {
            final Matcher matcher = EDGE.matcher(line);
            if (matcher.matches()) {
                edges.computeIfAbsent(matcher.group(1), k -> new TreeSet<>()).add(matcher.group(2));
            }
        }
        return edges;
    }
}
