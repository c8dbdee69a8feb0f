package weir.venue.coinbase;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.Venues;
import weir.venue.EngineSide;

/** Reports read as bytes against the same reports read as text: the same events, byte for byte, and the same state. */
final class FastReportReaderTest {
    private static final int ORDERS = 200;
    private static final int REPORTS = 20_000;

    @TempDir
    private Path directory;
    private EngineSide engine;
    private ReportRig fast;
    private ReportRig text;
    private final List<UUID> ids = new ArrayList<>();
    private final List<String> venueIds = new ArrayList<>();

    @BeforeEach
    void start() {
        engine = new EngineSide(directory, Venues.COINBASE);
        fast = new ReportRig(engine.aeron(), 901);
        text = new ReportRig(engine.aeron(), 902);
        final long deadlineNs = System.nanoTime() + 5_000_000_000L;
        while (!fast.isConnected() || !text.isConnected()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "the streams do not connect");
            LockSupport.parkNanos(1_000_000L);
        }
    }

    @AfterEach
    void stop() {
        fast.close();
        text.close();
        engine.close();
    }

    private void orders(final Random random) {
        for (int i = 0; i < ORDERS; i++) {
            final UUID[] own = {id(random), id(random), id(random)};
            Collections.addAll(ids, own);
            venueIds.add(id(random).toString());
            fast.order(1_000 + i, own[0], own[1], own[2]);
            text.order(1_000 + i, own[0], own[1], own[2]);
        }
    }

    private static UUID id(final Random random) {
        return new UUID(random.nextLong(), random.nextLong());
    }

    @Test
    void shouldGiveTheEventsOfTheTextPathWhateverTheReport() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        orders(random);
        int taken = 0;
        for (int i = 0; i < REPORTS; i++) {
            final boolean cancelReject = random.nextInt(6) == 0;
            final String type = cancelReject ? "9" : "8";
            final String report = (cancelReject ? cancelReject(random) : executionReport(random));
            taken += isTaken(type, report, i, seed) ? 1 : 0;
        }
        assertSameState();
        assertTrue(taken > REPORTS / 5, "bytes sufficed " + taken + " times");
    }

    /** Reports one like the other, whose values change where they lie. */
    @Test
    void shouldGiveTheEventsOfTheTextPathOfWhatAReportHasChanged() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        orders(random);
        int taken = 0;
        for (int i = 0; i < REPORTS; i++) {
            final String first = random.nextInt(8) == 0 ? cancelReject(random) : executionReport(random);
            for (int n = random.nextInt(60); n > 0; n--, i++) {
                taken += isTaken(random.nextInt(10) == 0 ? "9" : "8", changed(first, random), i, seed) ? 1 : 0;
            }
        }
        assertSameState();
        assertTrue(taken > REPORTS / 10, "bytes sufficed " + taken + " times");
        assertTrue(fast.known() > REPORTS / 100, "what was read before was used " + fast.known() + " times");
    }

    /** The same fields with values as long as before. */
    private String changed(final String report, final Random random) {
        final StringBuilder result = new StringBuilder();
        for (final String field : report.split("\\|")) {
            final StringBuilder text = new StringBuilder(field);
            final int from = field.indexOf('=') + 1;
            if (random.nextInt(3) == 0 && field.length() - from == 36 && field.startsWith("11=")) {
                text.replace(from, text.length(), ids.get(random.nextInt(ids.size())).toString());
            } else if (random.nextInt(3) == 0 && field.startsWith("150=")) {
                text.setCharAt(from, pick(random, "0", "4", "8", "F", "F", "I").charAt(0));
            } else if (random.nextInt(3) == 0 && text.length() > from) {
                final int at = from + random.nextInt(text.length() - from);
                final boolean digit = Character.isDigit(text.charAt(at));
                text.setCharAt(at, digit ? (char)('0' + random.nextInt(10)) : random.nextInt(8) == 0 ? 'x'
                    : text.charAt(at));
            }
            result.append(text).append('|');
        }
        return result.toString();
    }

    /** Did the bytes suffice? In any case the events are those of the text path. */
    private boolean isTaken(final String type, final String report, final int i, final long seed) {
        final byte[] message = ("8=FIXT.1.1|9=1|35=" + type + "|34=5|49=Coinbase|56=key|" + report + "10=000|")
            .replace('|', '\u0001').getBytes(StandardCharsets.ISO_8859_1);
        final boolean taken = fast.onReport(message, type, true, i);
        text.onReport(message, type, false, i);
        final List<byte[]> expected = text.events();
        final List<byte[]> actual = fast.events();
        final String context = "seed " + seed + " report " + i + ": " + report;
        assertEquals(expected.size(), actual.size(), context);
        for (int j = 0; j < expected.size(); j++) {
            assertArrayEquals(expected.get(j), actual.get(j), context);
        }
        fast.registry.evict(i);
        text.registry.evict(i);
        assertEquals(text.registry.size(), fast.registry.size(), context);
        return taken;
    }

    private void assertSameState() {
        for (final CoinbaseCounter counter : CoinbaseCounter.values()) {
            assertEquals(text.counters.get(counter), fast.counters.get(counter), counter.name());
        }
        for (final String venueId : venueIds) {
            final LiveOrder order = text.registry.byVenueOrderId(venueId);
            assertEquals(order == null ? 0 : order.orderId,
                fast.registry.byVenueOrderId(venueId) == null ? 0 : fast.registry.byVenueOrderId(venueId).orderId);
        }
    }

    /** An ordinary report: nothing that would need the text path. */
    @Test
    void shouldTakeEveryOrdinaryReportFromItsBytes() {
        orders(new Random(1));
        final String[] reports = {
            "11=ID|14=0|17=5f3d2a10-6a56-4a9d-9b1d-2f6f8c7a1b01|18=A|37=V|38=0.001|39=0|40=2|44=60000.10|54=1|"
                + "55=BTC-USD|59=1|60=20260304-14:36:17.002512|150=0|151=0.001|7928=D|",
            "6=60000.1000000000|11=ID|14=0.0004|17=x|31=60000.10|32=0.0004|37=V|38=0.001|39=1|40=2|44=60000.10|"
                + "54=1|60=20260304-14:36:18.113900|136=1|137=0.249900039985|138=USD|139=4|891=0|150=F|151=0.0006|"
                + "1003=78098253|1057=N|",
            "11=ID|14=0|37=V|39=8|58=Insufficient funds|60=20260304-14:36:18|103=0|150=8|",
            "11=ID|14=0.0004|37=V|39=4|60=20260304-14:36:18.1|150=4|151=0|58=cancelled by the user|"};
        for (final String report : reports) {
            final byte[] message = ("8=FIXT.1.1|9=1|35=8|34=5|49=Coinbase|56=key|" + report + "10=000|")
                .replace("ID", ids.get(0).toString()).replace("V", venueIds.get(0))
                .replace('|', '\u0001').getBytes(StandardCharsets.ISO_8859_1);
            assertTrue(fast.onReport(message, "8", true, 1), report);
        }
    }

    private String cancelReject(final Random random) {
        final List<String> fields = new ArrayList<>();
        identify(fields, random);
        fields.add("39=8");
        maybe(fields, random, "434", "1", "2", "12", "x");
        maybe(fields, random, "102", "0", "1", "2", "3", "99", "x", "1234567890123");
        maybe(fields, random, "58", "Unknown order", "caf\u00e9", "");
        return join(fields, random);
    }

    private String executionReport(final Random random) {
        final List<String> fields = new ArrayList<>();
        identify(fields, random);
        fields.add("150=" + pick(random, "0", "4", "5", "6", "8", "A", "C", "D", "E", "F", "F", "F", "I", "Z", "FF"));
        fields.add("39=" + pick(random, "0", "1", "2", "4", "5", "6", "8", "A", "C", "E", "12"));
        for (final String tag : new String[] {"6", "14", "31", "32", "38", "44", "151"}) {
            maybe(fields, random, tag, decimal(random), decimal(random), decimal(random),
                pick(random, "", "-", ".", "1e5", "1.2.3", "+1", "99999999999", "12345678901234567890.1"));
        }
        maybe(fields, random, "17", id(random).toString(), "short", "x".repeat(40), "", foreign(random));
        maybe(fields, random, "60", "20260304-14:36:17.002512", "20260304-14:36:17", "20260304-14:36:60.5",
            "20261304-14:36:17", "2026", "20260304-14:36:17.123456789");
        maybe(fields, random, "1003", Long.toString(random.nextLong() >>> 8), Long.toString(random.nextLong()), "t-5",
            "0012");
        maybe(fields, random, "1057", "Y", "N", "YN");
        maybe(fields, random, "103", "0", "1", "5");
        maybe(fields, random, "58", "Unknown order", "all right", "x".repeat(300), "z\u00fcrich");
        maybe(fields, random, pick(random, "369", "5001", "8152", "1430"), "8", "E");
        String report = join(fields, random);
        if (random.nextInt(2) == 0) {
            report += fees(random);
        }
        return random.nextInt(30) == 0 ? report + "11=" + id(random) + "|" : report;
    }

    /** As long as an identifier, with a letter that is no ASCII anywhere in it. */
    private static String foreign(final Random random) {
        final int at = random.nextInt(36);
        return "x".repeat(at) + '\u00fc' + "x".repeat(35 - at);
    }

    private static String fees(final Random random) {
        final StringBuilder text = new StringBuilder("136=" + pick(random, "1", "1", "1", "2", "0") + "|");
        final int count = random.nextInt(8) == 0 ? random.nextInt(3) : 1;
        for (int i = 0; i < count; i++) {
            text.append("137=").append(pick(random, decimal(random), "0.249900039985", "-0.1", "x")).append('|');
            final List<String> rest = new ArrayList<>(List.of("138=" + pick(random, "USD", "EUR", "LONGCURRENCY"),
                "139=4", "891=" + pick(random, "0", "0", "0", "2")));
            if (random.nextInt(4) == 0) {
                rest.remove(random.nextInt(3));
            }
            if (random.nextInt(4) == 0) {
                Collections.shuffle(rest, random);
            }
            rest.forEach(field -> text.append(field).append('|'));
        }
        return text.toString();
    }

    private void identify(final List<String> fields, final Random random) {
        maybe(fields, random, "11", ids.get(random.nextInt(ids.size())).toString(),
            ids.get(random.nextInt(ids.size())).toString(), ids.get(random.nextInt(ids.size())).toString(),
            pick(random, id(random).toString(), "none", ids.get(0).toString().toUpperCase(java.util.Locale.ROOT)));
        if (random.nextInt(3) == 0) {
            maybe(fields, random, "41", ids.get(random.nextInt(ids.size())).toString(), "none");
        }
        maybe(fields, random, "37", venueIds.get(random.nextInt(venueIds.size())),
            venueIds.get(random.nextInt(venueIds.size())), "V" + random.nextInt(20), "y".repeat(45));
    }

    /** Mostly there; the last values are the rare ones. */
    private static void maybe(final List<String> fields, final Random random, final String tag,
        final String... values) {
        if (random.nextInt(8) != 0) {
            final int index = random.nextInt(6) == 0 ? random.nextInt(values.length) : 0;
            fields.add(tag + "=" + values[index]);
        }
    }

    private static String decimal(final Random random) {
        switch (random.nextInt(12)) {
            case 0:
                return "0";
            case 1:
                return random.nextInt(100_000) + "." + String.format("%012d", random.nextLong() >>> 26);
            case 2:
                return random.nextInt(1_000) + ".00000000000000";
            case 3:
                return "-" + random.nextInt(100) + ".5";
            case 4:
                return random.nextInt(1_000) + ".";
            default:
                return random.nextInt(100_000) + "." + random.nextInt(100_000_000);
        }
    }

    private static String pick(final Random random, final String... values) {
        return values[random.nextInt(values.length)];
    }

    private static String join(final List<String> fields, final Random random) {
        Collections.shuffle(fields, random);
        return String.join("|", fields) + "|";
    }
}
