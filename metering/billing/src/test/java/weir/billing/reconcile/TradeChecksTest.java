package weir.billing.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.billing.rating.OrderMemory;

/** Replaces in the journal, against what the venue's log says of them. */
class TradeChecksTest {
    private static final String JOURNAL_ID = "0123456789ab4def8123456789abcdef";
    private static final long ORDER = 1;
    private static final long REPLACE = 2;
    private static final String FIRST = "01234567-89ab-4def-8000-000000000001";
    private static final String SECOND = replacement(REPLACE);
    private static final String IN_ITS_PLACE = "01234567-89ab-4def-8000-800000000002";
    private static final String LATER_IN_ITS_PLACE = "01234567-89ab-4def-8000-800000000003";

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

    private final JournalFacts journal = new JournalFacts();

    @BeforeEach
    void journal() {
        journal.journalId = JOURNAL_ID;
        journal.lastSequence = REPLACE + 1;
        journal.epochNs.addAll(List.of(0L, 1L, 2L, 3L));
        journal.orders.put(ORDER, new JournalFacts.Order(ORDER, 1, "BTCUSDT", "buy"));
        journal.firstReplace.put(ORDER, REPLACE);
        journal.charges.open(ORDER, 1);
        journal.charges.mark(ORDER, OrderMemory.SENT);
    }

    private VenueFacts venue(final String... lines) throws IOException {
        final StringBuilder log = new StringBuilder();
        for (final String line : lines) {
            final String[] parts = line.split(" ");
            log.append("{\"ts\":9,\"kind\":\"").append(parts[0]).append("\",\"clOrdId\":\"").append(parts[1])
                .append("\",\"orderId\":\"v").append(parts[1]).append("\",\"product\":\"BTCUSDT\",\"side\":\"BUY\"");
            if (parts.length > 2) {
                log.append(",\"tradeId\":").append(parts[2]).append(",\"qty\":\"1\",\"price\":\"5\"");
            }
            log.append("}\n");
        }
        final VenueFacts venue = new VenueFacts();
        venue.read(Files.writeString(dir.resolve("venue.jsonl"), log));
        return venue;
    }

    /** Each line of the venue's log: a kind and an id, and the number of a trade. */
    private List<String> found(final String... lines) throws IOException {
        final List<String> found = new ArrayList<>();
        final TradeChecks checks = new TradeChecks(new FixFacts(), journal, venue(lines), 0,
            each -> found.add(each.kind() + " " + each.where()));
        checks.orders();
        checks.fills();
        return found;
    }

    /** The same where the journal says that the venue took the replace. */
    private List<String> differences(final String... lines) throws IOException {
        journal.replaced.clear();
        journal.replaced.add(new JournalFacts.Replaced(REPLACE + 1, ORDER, REPLACE));
        return found(lines);
    }

    private void fills(final long... trades) {
        for (final long trade : trades) {
            journal.fills.add(new JournalFacts.Fill(REPLACE + 1, ORDER, trade, 100_000_000L, 500_000_000L));
        }
    }

    @Test
    void shouldLinkWhatStandsInThePlaceOfAnOrderWithItsFillsBeforeAndAfter() throws IOException {
        fills(7, 8);
        journal.orderByRecord.put(REPLACE, ORDER);
        assertEquals(List.of(),
            found("order " + FIRST, "exec " + FIRST + " 7", "order " + IN_ITS_PLACE, "exec " + IN_ITS_PLACE + " 8"));
        assertEquals(List.of("FILL_NOT_IN_JOURNAL order 1 trade 9"), found("order " + FIRST, "exec " + FIRST + " 7",
            "order " + IN_ITS_PLACE, "exec " + IN_ITS_PLACE + " 8", "exec " + IN_ITS_PLACE + " 9"));
        assertEquals(List.of("FILL_NOT_AT_VENUE order 1 trade 8"),
            found("order " + FIRST, "exec " + FIRST + " 7", "order " + IN_ITS_PLACE));
    }

    @Test
    void shouldLinkWhatLeftByALaterRecordByAnAnswerOrByTheVenuesOwnId() throws IOException {
        final String[] lines = {"order " + FIRST, "order " + LATER_IN_ITS_PLACE};
        assertEquals(List.of("VENUE_ORDER_WITHOUT_INTENT venue order " + LATER_IN_ITS_PLACE), found(lines));
        journal.orderByVenueId.put(VenueOrderId.replaceOf(LATER_IN_ITS_PLACE), ORDER);
        assertEquals(List.of(), found(lines));
        journal.orderByVenueId.clear();
        journal.orderByVenueId.put("v" + LATER_IN_ITS_PLACE, ORDER);
        assertEquals(List.of(), found(lines));
    }

    @Test
    void shouldFindWhatStandsInThePlaceOfAnOrderThatWasNotReplaced() throws IOException {
        final List<String> without = List.of("VENUE_ORDER_WITHOUT_INTENT venue order " + IN_ITS_PLACE);
        journal.orderByRecord.put(REPLACE, ORDER);
        journal.orderByVenueId.put("v" + IN_ITS_PLACE, ORDER);
        journal.firstReplace.clear();
        assertEquals(without, found("order " + FIRST, "order " + IN_ITS_PLACE), "never replaced");
        journal.firstReplace.put(ORDER, REPLACE + 1);
        assertEquals(without, found("order " + FIRST, "order " + IN_ITS_PLACE), "replaced later");
        journal.firstReplace.put(ORDER, REPLACE);
        journal.lastSequence = REPLACE - 1;
        assertEquals(without, found("order " + FIRST, "order " + IN_ITS_PLACE), "no such record");
        final String foreign = "11234567-89ab-4def-8000-800000000002";
        assertEquals(List.of("VENUE_ORDER_WITHOUT_INTENT venue order " + foreign),
            found("order " + FIRST, "order " + foreign), "of another journal");
    }

    @Test
    void shouldFindWhatCameTwiceInThePlaceOfAnOrder() throws IOException {
        journal.orderByRecord.put(REPLACE, ORDER);
        assertEquals(List.of("VENUE_ORDER_TWICE venue order " + IN_ITS_PLACE),
            found("order " + FIRST, "order " + IN_ITS_PLACE, "order " + IN_ITS_PLACE));
        assertEquals(List.of(), found("order " + FIRST, "reject " + IN_ITS_PLACE, "order " + IN_ITS_PLACE),
            "the door had no room at first");
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
