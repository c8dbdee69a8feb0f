package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import weir.protocol.Venues;

/** What the venue wrote down: each message and each order that reached it, held against the journal's intents. */
final class VenueEvidence {
    private static final String REFUSED_BY_FAULT = "logon refused";

    /** Unsure, a clock, no funds, an order that is over or not there yet, half a replace, nothing to change. */
    private static final Set<Integer> ANSWERS = Set.of(-1007, -1021, -2010, -2011, -2013, -2021, -2022, -2038);
    private static final Set<Integer> LIMITS = Set.of(-1003, -1015);
    private static final Set<String> LIMITING = Set.of("limitStorm", "weightJump", "ban");

    private static final int SENDING_TIME = 52;
    private static final long SENDING_TIME_TOLERANCE_MS = 1_000;

    private static final int LONG_CHARS = 11;
    private static final int UUID_CHARS = 36;
    private static final long SEQUENCE_MASK = 0xFFFF_FFFF_FFFFL;
    /** Of the id of an order that REST placed in the place of another: the rest is the id of the replace. */
    private static final long IN_PLACE_OF_ANOTHER = 1L << 47;
    private static final long CLOCK_TOLERANCE_NS = 100_000_000L;

    final Map<Integer, Long> ordersAtVenue = new TreeMap<>();
    final Map<Integer, Long> fillsAtVenue = new TreeMap<>();
    /**
     * Orders per tenant whose bytes were written to a line that was lost, that never arrived, and of which the desk was
     * told so: they were sent, as the bill defines it.
     */
    final Map<Integer, Long> lostOnTheWay = new TreeMap<>();

    /** Orders per tenant that the venue's door refused: they were sent, and are none of the venue's. */
    final Map<Integer, Long> turnedAway = new TreeMap<>();

    private final Map<String, String> profileOfSession = new HashMap<>();
    private final Set<String> replacements = new HashSet<>();
    /** Our orders by the venue's own ids of them, what the venue filled of each, and the id that each had last. */
    private final Map<String, Long> orderByVenueId = new HashMap<>();
    private final Map<Long, BigDecimal> filled = new HashMap<>();
    private final Map<Long, String> lastVenueId = new HashMap<>();
    private final Set<String> cancelled = new HashSet<>();
    private final Set<String> refused = new HashSet<>();
    private final Set<Long> acknowledged = new HashSet<>();
    private final JournalPicture journal;
    private final Breaches breaches;
    /** Whether limits of Binance were met because a test played it. */
    private boolean limiting;

    VenueEvidence(final JournalPicture journal, final Breaches breaches) {
        this.journal = journal;
        this.breaches = breaches;
    }

    /** J2, J3, and the venue's limits. */
    void check(final TestCluster cluster, final DeskEvidence desks, final Map<String, Object> compared)
        throws IOException {
        final Map<Long, String> venueIdByOrder = new HashMap<>();
        final Map<String, Integer> received = new HashMap<>();
        final Set<String> trades = new HashSet<>();
        final JsonNode struck = cluster.struck().get(Venues.BINANCE);
        limiting = struck != null && LIMITING.stream().anyMatch(struck::has);
        for (final Path log : cluster.simulators().venueLogs()) {
            breaches.read(log, line -> line(line, venueIdByOrder, received, trades));
        }
        desks.toldAbsent.forEach(orderId -> breaches.expect(!acknowledged.contains(orderId),
            () -> "J6 told to be absent, and the venue has taken it: order " + orderId));
        for (final long orderId : desks.toldAbsent) {
            if (journal.written.contains(orderId)) {
                final int sessionId = journal.orders.get(orderId).sessionId();
                lostOnTheWay.merge(TestCluster.TENANT_OF_SESSION.get(sessionId), 1L, Long::sum);
            }
        }
        compared.put("venue orders", ordersAtVenue);
        compared.put("lost on the way", lostOnTheWay);
        compared.put("turned away", turnedAway);
        compared.put("venue fills", fillsAtVenue);
    }

    private void line(final JsonNode line, final Map<Long, String> venueIdByOrder, final Map<String, Integer> received,
        final Set<String> trades) {
        final String id = line.path("clOrdId").asText("");
        switch (line.path("kind").asText()) {
            case "recv" -> {
                final String type = line.path("msgType").asText();
                if (Set.of("D", "F", "G").contains(type)) {
                    intent(line, id, type);
                    breaches.expect(received.merge(type + id, 1, Integer::sum) == 1,
                        () -> "J3 received twice: " + line);
                }
            }
            case "order" -> {
                if (id.startsWith("r")) {
                    replacement(line, id);
                    return;
                }
                final String replace = replaceOf(id);
                if (replace != null) {
                    inPlaceOfAnother(line, replace);
                    return;
                }
                final JournalPicture.Intent intent = intent(line, id, "D");
                if (intent != null) {
                    atVenue(line, id, intent, venueIdByOrder);
                    stands(line, intent.orderId());
                }
            }
            case "reject" -> {
                final JournalPicture.Intent intent = journal.intents.get(id);
                if (Set.of("", "0", "null").contains(line.path("orderId").asText()) && intent != null
                    && intent.kind() == 'D' && refused.add(id)) {
                    turnedAway.merge(tenant(line), 1L, Long::sum);
                }
            }
            case "ack" -> {
                final JournalPicture.Intent intent = journal.intents.get(id);
                if (intent != null && intent.kind() == 'D') {
                    acknowledged.add(intent.orderId());
                }
            }
            case "exec" -> {
                breaches.expect(trades.add(line.path("orderId").asText() + '/' + line.path("tradeId").asText()),
                    () -> "the venue logged a trade twice: " + line);
                fillsAtVenue.merge(tenant(line), 1L, Long::sum);
                final Long orderId = orderByVenueId.get(line.path("orderId").asText());
                if (orderId != null) {
                    filled.merge(orderId, new BigDecimal(line.path("qty").asText("0")), BigDecimal::add);
                }
            }
            case "cancel" -> cancelled.add(line.path("orderId").asText());
            // a storm is a fault that a test asked for, whatever the budget
            case "rest" -> breaches.expect(!"apiLimitExceeded".equals(line.path("error").asText())
                || line.path("detail").asText().endsWith("storm"), () -> "the venue's limit: " + line);
            case "error" -> breaches.expect(isAnswer(line, limiting), () -> "the venue objects: " + line);
            case "limit" -> breaches.add("the venue objects: " + line);
            case "sessionReject" -> breaches.expect(isByClock(line), () -> "the venue objects: " + line);
            // A venue that has not noticed yet that a line is dead refuses the next logon; the link tries again.
            case "logon" -> breaches.expect(line.path("accepted").asBoolean() || isByClock(line)
                || Set.of("already logged on", REFUSED_BY_FAULT).contains(line.path("reason").asText()),
                () -> "logon at the venue: " + line);
            default -> { }
        }
    }

    /** Whether FIX at INTX, which takes a SendingTime(52) 1 s off, refused one while its clock was set off by more. */
    private static boolean isByClock(final JsonNode line) {
        return line.path("refTag").asInt() == SENDING_TIME
            && Math.abs(line.path("clockOffsetMs").asLong()) >= SENDING_TIME_TOLERANCE_MS;
    }

    /**
     * Whether an error of Binance is an answer to what crossed on the way, to a fault or to a clock: no form that it
     * does not take, no signature, no key, no failure of its own; and no limit, but where a test played one.
     */
    static boolean isAnswer(final JsonNode line, final boolean limiting) {
        final int code = line.path("code").asInt();
        return line.hasNonNull("code") && (ANSWERS.contains(code) || limiting && LIMITS.contains(code));
    }

    private void atVenue(final JsonNode line, final String id, final JournalPicture.Intent intent,
        final Map<Long, String> venueIdByOrder) {
        final String earlier = venueIdByOrder.putIfAbsent(intent.orderId(), id);
        breaches.expect(earlier == null,
            () -> "J3 order " + intent.orderId() + ' ' + journal.orders.get(intent.orderId())
            + " at the venue twice: " + earlier + " and " + id);
        breaches.expect(journal.orders.containsKey(intent.orderId()), () -> "J2 no admitted order behind " + intent);
        breaches.expect(line.path("side").asText().equalsIgnoreCase(intent.side())
            && Breaches.equal(line.path("qty").asText("0"), intent.qty())
            && (intent.price() == null || Breaches.equal(line.path("price").asText("0"), intent.price())),
            () -> "J2 the journal says " + intent + ", the venue got " + line);
        ordersAtVenue.merge(tenant(line), 1L, Long::sum);
    }

    /** Binance has no replace: an order with the id of ours and of our request takes the place of the one before. */
    private void replacement(final JsonNode line, final String id) {
        final long orderId = number(id, 1);
        final long request = number(id, 1 + 2 * LONG_CHARS);
        final JournalPicture.Intent intent = journal.intents.entrySet().stream()
            .filter(each -> UUID.fromString(each.getKey()).getLeastSignificantBits() == request)
            .map(Map.Entry::getValue).findFirst().orElse(null);
        breaches.expect(intent != null && intent.kind() == 'G' && intent.orderId() == orderId,
            () -> "J2 replaced at the venue without a journaled intent: " + line + " found " + intent);
        breaches.expect(replacements.add(id), () -> "J3 replaced twice: " + line);
    }

    private void stands(final JsonNode line, final long orderId) {
        final String venueId = line.path("orderId").asText();
        orderByVenueId.put(venueId, orderId);
        lastVenueId.put(orderId, venueId);
    }

    /** Null for an id of another form. */
    private static String replaceOf(final String id) {
        if (id.length() != UUID_CHARS) {
            return null;
        }
        final UUID uuid = UUID.fromString(id);
        final long low = uuid.getLeastSignificantBits();
        return (low & IN_PLACE_OF_ANOTHER) == 0 ? null
            : new UUID(uuid.getMostSignificantBits(), low & ~IN_PLACE_OF_ANOTHER).toString();
    }

    /** By REST Coinbase has no replace: what is left is placed once the order is cancelled, no more than asked for. */
    private void inPlaceOfAnother(final JsonNode line, final String replace) {
        final JournalPicture.Intent intent = intent(line, replace, "G");
        if (intent == null) {
            return;
        }
        breaches.expect(replacements.add(replace), () -> "J3 replaced twice: " + line);
        breaches.expect(cancelled.contains(lastVenueId.get(intent.orderId())),
            () -> "J3 what is replaced is not over: " + lastVenueId.get(intent.orderId()) + " by " + line);
        final BigDecimal left = intent.qty().subtract(filled.getOrDefault(intent.orderId(), BigDecimal.ZERO));
        breaches.expect(line.path("side").asText().equalsIgnoreCase(intent.side())
            && Breaches.equal(line.path("qty").asText("0"), left)
            && Breaches.equal(line.path("price").asText("0"), intent.price()),
            () -> "J2 the journal says " + intent + " of which is left " + left + ", the venue got " + line);
        stands(line, intent.orderId());
    }

    private static long number(final String id, final int from) {
        return ByteBuffer.wrap(Base64.getUrlDecoder().decode(id.substring(from, from + LONG_CHARS))).getLong();
    }

    private int tenant(final JsonNode line) {
        final String profile = line.path("profile").asText("");
        final String session = line.path("session").asText();
        if (!profile.isEmpty()) {
            profileOfSession.put(session, profile);
        }
        return TestCluster.TENANT_OF_PROFILE.get(profileOfSession.get(session));
    }

    private JournalPicture.Intent intent(final JsonNode line, final String id, final String type) {
        final JournalPicture.Intent intent = journal.intents.get(id);
        if (intent == null || intent.kind() != type.charAt(0)) {
            breaches.add("J2 at the venue without a journaled intent: " + line + " found " + intent);
            return null;
        }
        final long sequence = UUID.fromString(id).getLeastSignificantBits() & SEQUENCE_MASK;
        final JournalPicture.Entry entry = journal.entry(sequence);
        breaches.expect(entry != null && intent.sequence() == sequence
            && entry.epochNs() <= line.path("ts").asLong() + CLOCK_TOLERANCE_NS,
            () -> "J2 intent " + intent + " of record " + entry + " is not before " + line);
        return intent;
    }
}
