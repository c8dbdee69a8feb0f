package weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script at the root, run in a tree of its own with a JDK and a Maven that only say how they were called. */
class LauncherScriptTest {
    private static final String MAVEN = "#!/bin/sh\necho built >>\"$PWD/builds\"\n[ -z \"${FAIL_BUILD:-}\" ] || "
        + "{ echo 'COMPILATION ERROR'; exit 1; }\nmkdir -p config/target/lib config/target/jvm\n"
        + "touch config/target/weir-config-9.9.jar config/target/jvm/common.options config/target/jvm/router.options\n";

    @TempDir
    private Path root;
    private Path script;
    private String output;

    @BeforeEach
    void tree() throws IOException {
        script = root.resolve("tree/weir");
        Files.createDirectories(root.resolve("tree/config/src/main"));
        Files.copy(Path.of("../weir"), script, StandardCopyOption.COPY_ATTRIBUTES);
        write("tree/pom.xml", "<project>\n  <version>9.9</version>\n</project>\n");
        executable("bin/mvn", MAVEN);
        jdk("jdk", "21.0.2");
    }

    private Path write(final String name, final String text) throws IOException {
        final Path path = root.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    private void executable(final String name, final String text) throws IOException {
        Files.setPosixFilePermissions(write(name, text), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void jdk(final String name, final String version) throws IOException {
        executable(name + "/bin/java", "#!/bin/sh\necho \"args: $*\"\nexit 7\n");
        executable(name + "/bin/javac", "#!/bin/sh\n");
        write(name + "/release", "JAVA_VERSION=\"" + version + "\"\n");
    }

    private int run(final List<String> environment, final String... arguments) throws Exception {
        final List<String> command = new ArrayList<>(List.of("env", "-i",
            "PATH=" + root.resolve("bin") + ":/usr/bin:/bin", "JAVA_HOME=" + root.resolve("jdk")));
        command.addAll(environment);
        command.add(script.toString());
        command.addAll(List.of(arguments));
        final Process process = new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), output);
        return process.exitValue();
    }

    private long builds() throws IOException {
        final Path log = root.resolve("tree/builds");
        return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    }

    @Test
    void shouldBuildOnceAndPassArgumentsAndExitCode() throws Exception {
        assertEquals(7, run(List.of(), "router", "--config", "a b"));
        assertEquals(1, builds());
        assertEquals(7, run(List.of(), "router", "--config", "a b"));
        assertEquals(1, builds(), output);
        assertTrue(output.contains("router.options") && output.contains("-Dweir.terminal=false"), output);
        assertTrue(output.strip().endsWith("weir-config-9.9.jar weir.cli.WeirMain router --config a b"), output);
        assertFalse(output.contains("late.options"), output);
        assertFalse(Files.exists(root.resolve("tree/.build-lock")));
    }

    @Test
    void shouldBuildAgainWhenASourceIsNewer() throws Exception {
        run(List.of(), "router");
        final Path source = write("tree/config/src/main/A.java", "class A { }");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        run(List.of(), "router");
        assertEquals(2, builds());
    }

    @Test
    void shouldNotBuildForTestSources() throws Exception {
        run(List.of(), "router");
        final Path source = write("tree/config/src/test/ATest.java", "class ATest { }");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        run(List.of(), "router");
        assertEquals(1, builds());
    }

    @Test
    void shouldWorkThroughASymbolicLink() throws Exception {
        final Path link = Files.createSymbolicLink(root.resolve("bin/w"), Path.of("../tree/weir"));
        script = link;
        assertEquals(7, run(List.of(), "router"));
        assertTrue(output.contains("-Dweir.home=" + root.resolve("tree").toRealPath()), output);
    }

    @Test
    void shouldAddFlagsOfLaterJdksOnlyThere() throws Exception {
        jdk("jdk", "25");
        run(List.of(), "router");
        assertTrue(output.contains("late.options"), output);
    }

    @Test
    void shouldTakeTheOptionsOfTheShapeWhereThereAreAny() throws Exception {
        run(List.of(), "router");
        write("tree/config/target/jvm/router-one-thread.options", "");
        run(List.of("WEIR_NO_BUILD=1", "WEIR_THREADS_SHAPE=one-thread"), "router");
        assertTrue(output.contains("/jvm/router-one-thread.options"), output);
        run(List.of("WEIR_NO_BUILD=1", "WEIR_THREADS_SHAPE=per-agent"), "router");
        assertTrue(output.contains("/jvm/router.options"), output);
        run(List.of("WEIR_NO_BUILD=1", "WEIR_THREADS_SHAPE=../x"), "router");
        assertTrue(output.contains("/jvm/router.options"), output);
    }

    @Test
    void shouldRefuseOldJavaWithItsVersion() throws Exception {
        jdk("jdk", "11.0.2");
        assertEquals(2, run(List.of(), "router"));
        assertTrue(output.contains("is version 11; 17 or newer is needed"), output);
    }

    @Test
    void shouldRefuseJavaHomeWithoutJava() throws Exception {
        assertEquals(2, run(List.of("JAVA_HOME=" + root), "router"));
        assertTrue(output.contains("has no bin/java"), output);
    }

    @Test
    void shouldShowTheBuildsOutputOnlyWhenItFails() throws Exception {
        assertEquals(1, run(List.of("FAIL_BUILD=1"), "router"));
        assertTrue(output.contains("COMPILATION ERROR") && output.contains("weir: the build failed"), output);
        assertFalse(Files.exists(root.resolve("tree/.build-lock")));
    }

    @Test
    void shouldTakeOverTheLockOfABuildThatDied() throws Exception {
        write("tree/.build-lock/pid", "999999999\n");
        assertEquals(7, run(List.of(), "router"));
    }

    @Test
    void shouldNotBuildWhenTold() throws Exception {
        assertEquals(2, run(List.of("WEIR_NO_BUILD=1"), "router"));
        assertEquals(0, builds());
    }

    /** The same script as bin/weir of an archive, in a directory with a space, without Maven. */
    private void installed() throws IOException {
        final Path home = root.resolve("opt/weir 9.9");
        Files.createDirectories(home.resolve("bin"));
        script = Files.copy(Path.of("../weir"), home.resolve("bin/weir"), StandardCopyOption.COPY_ATTRIBUTES);
        write("opt/weir 9.9/jvm/common.options", "");
        write("opt/weir 9.9/jvm/router.options", "");
        write("opt/weir 9.9/lib/weir-config-9.9.jar", "");
    }

    @Test
    void shouldRunInstalledWithoutBuilding() throws Exception {
        installed();
        assertEquals(7, run(List.of(), "router", "--config", "a b"));
        assertEquals(0, builds());
        final String home = root.resolve("opt/weir 9.9").toRealPath().toString();
        assertTrue(output.contains("@" + home + "/jvm/router.options"), output);
        assertTrue(output.contains("-Dweir.home=" + home + " -Dweir.installed=true"), output);
        assertTrue(output.strip().endsWith("-cp " + home + "/lib/* weir.cli.WeirMain router --config a b"), output);
    }

    @Test
    void shouldRunInstalledThroughALinkToItsDirectoryAndToItself() throws Exception {
        installed();
        final Path link = Files.createSymbolicLink(root.resolve("opt/weir"), Path.of("weir 9.9"));
        script = Files.createSymbolicLink(root.resolve("bin/w"), link.resolve("bin/weir"));
        assertEquals(7, run(List.of(), "doctor"));
        assertTrue(output.contains("-Dweir.installed=true"), output);
    }
}
