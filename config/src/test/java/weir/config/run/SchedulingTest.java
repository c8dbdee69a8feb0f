package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The system itself is asked where a thread runs, and when. */
class SchedulingTest {
    private static final Path SELF = Path.of("/proc/thread-self");
    /** SCHED_IDLE of sched(7). */
    private static final String IDLE = "5";

    @Test
    void shouldLeaveTheProcessorsToOthers() throws Exception {
        assertEquals(IDLE, seenBy(Scheduling.idle("proofs"), SchedulingTest::policy));
        assertEquals("0", policy(), "only the thread that asked for it");
    }

    @Test
    void shouldRunOnTheProcessorOfItsOwn() throws Exception {
        assertEquals("0", seenBy(Scheduling.pinned("orders", 0), SchedulingTest::processors));
    }

    @Test
    void shouldRunAsAnyOtherWhereItCannotBeBound() {
        assertFalse(Scheduling.pin(Scheduling.ANY));
        assertFalse(Scheduling.pin(1_000), "there is no such processor");
    }

    private interface Question {
        String ask() throws Exception;
    }

    private static String seenBy(final ThreadFactory threads, final Question question) throws Exception {
        final CompletableFuture<String> answer = new CompletableFuture<>();
        final Thread thread = threads.newThread(() -> {
            try {
                answer.complete(question.ask());
            } catch (final Exception ex) {
                answer.completeExceptionally(ex);
            }
        });
        assertTrue(thread.isDaemon());
        thread.start();
        return answer.get(20, TimeUnit.SECONDS);
    }

    /** Field 41 of proc(5)'s stat; the name, field 2, may hold blanks. */
    private static String policy() throws Exception {
        final String stat = Files.readString(SELF.resolve("stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[38];
    }

    private static String processors() throws Exception {
        return Files.readAllLines(SELF.resolve("status")).stream().filter(line -> line.startsWith("Cpus_allowed_list"))
            .findFirst().orElseThrow().split("\\s+")[1];
    }
}
