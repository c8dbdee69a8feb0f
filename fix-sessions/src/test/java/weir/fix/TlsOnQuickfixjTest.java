package weir.fix;

import org.junit.jupiter.api.Test;

import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TlsOnQuickfixjTest extends TlsTest {
    @Override
    DeskTransport transport() {
        return DeskTransport.QUICKFIXJ;
    }

    @Test
    void shouldCutADeskThatLeavesMoreUnreadThanMayWait() throws Exception {
        try (RawDesk desk = notReading(100)) {
            int read = 0;
            Map<Integer, String> report;
            while ((report = desk.read()) != null) {
                assertEquals("R" + ++read, report.get(11));
            }
            assertTrue(read >= 100 && read < MANY, read + " arrived");
        }
    }
}
