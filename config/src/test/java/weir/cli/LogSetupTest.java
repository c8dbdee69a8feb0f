package weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogSetupTest {
    private static final Logger OURS = LoggerFactory.getLogger("weir.engine.Agent");
    private static final Logger CHRONICLE = LoggerFactory.getLogger("net.openhft.chronicle.Queue");
    private static final Logger FIX = LoggerFactory.getLogger("quickfixj.event");

    @AfterEach
    void quiet() {
        LogSetup.configure(Level.WARNING);
    }

    @Test
    void shouldBeQuietByDefault() {
        LogSetup.configure(LogSetup.level("warn").orElseThrow());
        assertFalse(OURS.isInfoEnabled() || CHRONICLE.isInfoEnabled() || FIX.isInfoEnabled());
        assertTrue(OURS.isWarnEnabled() && CHRONICLE.isWarnEnabled() && FIX.isWarnEnabled());
    }

    @Test
    void shouldShowOurDetailsWithoutThoseOfLibrariesWhenDebugging() {
        LogSetup.configure(LogSetup.level("debug").orElseThrow());
        assertTrue(OURS.isDebugEnabled());
        assertFalse(CHRONICLE.isInfoEnabled() || FIX.isInfoEnabled());
    }

    @Test
    void shouldShowLibrariesWhenTracing() {
        LogSetup.configure(LogSetup.level("trace").orElseThrow());
        assertTrue(CHRONICLE.isDebugEnabled() && FIX.isDebugEnabled());
    }

    @Test
    void shouldWriteOneLinePerEvent() {
        final LogRecord record = new LogRecord(Level.WARNING, "first\nsecond");
        record.setLoggerName("weir.journal.JournalAgent");
        record.setInstant(Instant.ofEpochMilli(1_767_225_600_000L));
        assertEquals("2026-01-01T00:00:00.000Z WARN  [JournalAgent] first second\n",
            new LogSetup.OneLine().format(record));
    }
}
