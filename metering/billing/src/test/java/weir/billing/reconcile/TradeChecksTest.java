package weir.billing.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.billing.rating.OrderMemory;

/** A replace that the journal says the venue took, against what the venue's log says of it. */
class TradeChecksTest {
    private static final String JOURNAL_ID = "0123456789ab4def8123456789abcdef";
    private static final long ORDER = 1;
    private static final long REPLACE = 2;
    private static final String FIRST = "01234567-89ab-4def-8000-000000000001";
    private static final String SECOND = replacement(REPLACE);

    @TempDir
    private Path dir;

    private static String replacement(final long requestLow) {
        final StringBuilder id = new StringBuilder("r");
        for (final long part : new long[] {ORDER, 0, requestLow}) {
            id.append(Base64.getUrlEncoder().withoutPadding()
                .encodeToString(ByteBuffer.allocate(Long.BYTES).putLong(part).array()));
        }
        return id.toString();
    }

    /** Each line of the venue's log: a kind and an id. */
    private List<String> differences(final String... lines) throws IOException {
        final JournalFacts journal = new JournalFacts();
        journal.journalId = JOURNAL_ID;
        journal.lastSequence = REPLACE + 1;
        journal.epochNs.addAll(List.of(0L, 1L, 2L, 3L));
        journal.orders.put(ORDER, new JournalFacts.Order(ORDER, 1, "BTCUSDT", "buy"));
        journal.firstReplace.put(ORDER, REPLACE);
        journal.replaced.add(new JournalFacts.Replaced(REPLACE + 1, ORDER, REPLACE));
        journal.charges.open(ORDER, 1);
        journal.charges.mark(ORDER, OrderMemory.SENT);
        final StringBuilder log = new StringBuilder();
        for (final String line : lines) {
            log.append("{\"ts\":9,\"kind\":\"").append(line.replace(" ", "\",\"clOrdId\":\""))
                .append("\",\"product\":\"BTCUSDT\",\"side\":\"BUY\"}\n");
        }
        final VenueFacts venue = new VenueFacts();
        venue.read(Files.writeString(dir.resolve("venue.jsonl"), log));
        final List<String> found = new ArrayList<>();
        new TradeChecks(new FixFacts(), journal, venue, 0, each -> found.add(each.kind() + " " + each.where()))
            .orders();
        return found;
    }

    @Test
    void shouldFindReplaceThatTheVenueOnlyRefused() throws IOException {
        assertEquals(List.of("REPLACE_NOT_AT_VENUE order 1"), differences("order " + FIRST));
        assertEquals(List.of("REPLACE_NOT_AT_VENUE order 1"), differences("order " + FIRST, "reject " + SECOND));
    }

    @Test
    void shouldTakeReplaceThatTheVenueTookAtOnceOrLater() throws IOException {
        assertEquals(List.of(), differences("order " + FIRST, "order " + SECOND));
        assertEquals(List.of(), differences("order " + FIRST, "reject " + SECOND, "order " + SECOND));
        assertEquals(List.of(), differences("order " + FIRST, "order " + SECOND, "reject " + SECOND));
        assertEquals(List.of(), differences("order " + FIRST, "replace " + FIRST));
    }

    @Test
    void shouldFindReplaceThatCameTwice() throws IOException {
        assertEquals(List.of("VENUE_ORDER_TWICE venue order " + SECOND),
            differences("order " + FIRST, "order " + SECOND, "order " + SECOND));
    }
}
