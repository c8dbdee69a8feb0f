package weir.config.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker finds what is planted, and nothing in a tree that keeps the rules. */
class ModuleRulesCheckerTest {
    private static final String POM = "<project><dependencies>%s</dependencies></project>";

    @TempDir
    private Path root;
    private final Map<String, Map<String, String>> sources = new LinkedHashMap<>();
    private final Map<String, String> poms = new LinkedHashMap<>();

    @BeforeEach
    void tree() {
        for (final ModuleRules.Module module : ModuleRules.MODULES) {
            final String name = module.name().replace("-", "");
            sources.put(module.name(), new LinkedHashMap<>(Map.of("weir." + name + ".Thing", "")));
            poms.put(module.name(), "");
        }
        plant("engine", "weir.engine.Core", "Object used = new weir.protocol.Thing();");
        plant("journal", "weir.journal.Queue", "Object used = new net.openhft.Chronicle();");
        sources.put("foreign", new LinkedHashMap<>(Map.of("net.openhft.Chronicle", "", "quickfix.Session", "")));
    }

    private void plant(final String module, final String type, final String body) {
        sources.get(module).put(type, body);
    }

    /** Compiles all modules together, so that planted uses resolve, then moves each module's classes to its place. */
    private List<String> check() throws IOException {
        final Path in = Files.createDirectories(root.resolve("in"));
        final Path out = Files.createDirectories(root.resolve("out"));
        final List<String> arguments = new ArrayList<>(List.of("-d", out.toString(), "-proc:none"));
        for (final Map<String, String> types : sources.values()) {
            for (final Map.Entry<String, String> type : types.entrySet()) {
                final int dot = type.getKey().lastIndexOf('.');
                final Path file = in.resolve(type.getKey() + ".d").resolve(type.getKey().substring(dot + 1) + ".java");
                Files.createDirectories(file.getParent());
                Files.writeString(file, "package " + type.getKey().substring(0, dot) + "; public class "
                    + type.getKey().substring(dot + 1) + " { " + type.getValue() + " }");
                arguments.add(file.toString());
            }
        }
        assertEquals(0,
            ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0])));
        for (final ModuleRules.Module module : ModuleRules.MODULES) {
            final Path directory = root.resolve(module.directory());
            for (final String type : sources.get(module.name()).keySet()) {
                final String file = type.replace('.', '/') + ".class";
                final Path target = directory.resolve("target/classes").resolve(file);
                Files.createDirectories(target.getParent());
                Files.move(out.resolve(file), target);
            }
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("pom.xml"), String.format(POM, poms.get(module.name())));
        }
        return new ModuleRules(root).check(ModuleRules.MODULES);
    }

    private static String dependency(final String group, final String artifact, final String scope) {
        return "<dependency><groupId>" + group + "</groupId><artifactId>" + artifact + "</artifactId>"
            + (scope.isEmpty() ? "" : "<scope>" + scope + "</scope>") + "</dependency>";
    }

    @Test
    void shouldFindNothingInATreeThatKeepsTheRules() throws IOException {
        assertEquals(List.of(), check());
    }

    @Test
    void shouldFindEngineThatUsesJournal() throws IOException {
        plant("engine", "weir.engine.Bad", "weir.journal.Thing used;");
        assertEquals(List.of("engine: weir.engine.Bad uses weir.journal.Thing of journal"), check());
    }

    @Test
    void shouldFindEngineThatUsesALibraryOfTheEdge() throws IOException {
        plant("engine", "weir.engine.Bad", "Object used = new quickfix.Session();");
        assertEquals(List.of("engine: weir.engine.Bad uses quickfix.Session, which is not on its class path"), check());
    }

    @Test
    void shouldFindChronicleOutsideTheJournal() throws IOException {
        plant("billing", "weir.billing.Bad", "net.openhft.Chronicle used(net.openhft.Chronicle c) { return c; }");
        assertEquals(List.of("billing: weir.billing.Bad uses net.openhft.Chronicle; only journal sees Chronicle"),
            check());
    }

    @Test
    void shouldFindSimulatorThatUsesTheProtocol() throws IOException {
        plant("simulator", "weir.simulator.Bad", "static void use(weir.protocol.Thing t) { }");
        assertEquals(List.of("simulator: weir.simulator.Bad uses weir.protocol.Thing of protocol"), check());
    }

    @Test
    void shouldFindSimulatorThatReadsAVenueContract() throws IOException {
        plant("simulator", "weir.simulator.Bad", "String file() { return \"config/venues/coinbase.yaml\"; }");
        assertEquals(List.of("simulator: weir/simulator/Bad.class names a venue contract file"), check());
    }

    @Test
    void shouldFindUseOfBenchmarks() throws IOException {
        plant("config", "weir.config.Bad", "Object used = new weir.benchmarks.Thing();");
        poms.put("config", dependency("weir", "weir-benchmarks", ""));
        assertEquals(List.of("config: weir.config.Bad uses weir.benchmarks.Thing of benchmarks",
            "config: pom depends on weir-benchmarks"), check());
    }

    @Test
    void shouldFindPackageCycle() throws IOException {
        plant("protocol", "weir.protocol.a.A", "weir.protocol.b.B used;");
        plant("protocol", "weir.protocol.b.B", "weir.protocol.c.C used;");
        plant("protocol", "weir.protocol.c.C", "weir.protocol.a.A used;");
        assertEquals(List.of("protocol: package cycle weir.protocol.a > weir.protocol.b > weir.protocol.c"), check());
    }

    @Test
    void shouldFindForbiddenDependencyInAPom() throws IOException {
        poms.put("engine", dependency("org.quickfixj", "quickfixj-core", ""));
        poms.put("simulator", dependency("weir", "weir-protocol", "test"));
        poms.put("venue-adapters",
            dependency("weir", "weir-simulator", "test") + dependency("weir", "weir-engine", ""));
        assertEquals(List.of("engine: pom depends on org.quickfixj:quickfixj-core",
            "venue-adapters: pom depends on weir-engine", "simulator: pom depends on weir-protocol"), check());
    }

    @Test
    void shouldFailWhenAModuleIsNotCompiled() throws IOException {
        sources.get("journal").clear();
        final List<String> broken = check();
        assertTrue(broken.size() == 1 && broken.get(0).startsWith("journal: no classes in "), broken::toString);
    }
}
