package weir.venue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.protocol.Streams;
import weir.protocol.sbe.LimitScope;
import weir.venue.Lesson.Sets;
import weir.venue.Lesson.Source;
import weir.venue.Lesson.Unit;

/** What answers teach, as the engine hears it over Aeron: headers, values of bodies, statuses, words, bars. */
final class AnswerLessonsTest {
    private static final long EPOCH_NS = 1_780_000_000_000_000_000L;
    private static final long SECOND = 1_000_000_000L;
    private static final int ACCOUNT = 7;
    private static EngineSide engine;
    private static VenueEventOutbox outbox;

    private AnswerLessons lessons;
    private long nowNs = Long.MAX_VALUE - 3 * SECOND; // the monotonic clock may overflow

    @BeforeAll
    static void open(@TempDir final Path directory) {
        engine = new EngineSide(directory, 9);
        outbox = new VenueEventOutbox(engine.aeron()
            .addExclusivePublication(EngineSide.INGRESS, Streams.VENUE_INGRESS), 100);
    }

    @AfterAll
    static void close() {
        outbox.close();
        engine.close();
    }

    @BeforeEach
    void forget() {
        engine.forget();
    }

    private void teach(final Lesson... all) {
        lessons = new AnswerLessons(List.of(all), new VenueEventProxy(9, outbox));
    }

    private static Lesson reads(final Source source, final String name, final Sets sets, final int limit) {
        return new Lesson(source, name, List.of(), List.of(), sets, Unit.COUNT, limit, LimitScope.ACCOUNT, 1_000, 50);
    }

    private AnswerLessons.Bar answer(final int status, final Map<String, String> headers, final String body,
        final String error) throws Exception {
        final JsonNode root = body.isEmpty() ? null : new ObjectMapper().readTree(body);
        final AnswerLessons.Bar bar = lessons.onAnswer(ACCOUNT, status, headers::get, root, error, EPOCH_NS);
        outbox.drain();
        return bar;
    }

    private List<String> heard(final int count) {
        final long deadlineNs = System.nanoTime() + 10 * SECOND;
        while (engine.size() < count && System.nanoTime() - deadlineNs < 0) {
            outbox.drain();
            engine.pollFor(1);
        }
        return engine.events().stream().map(e -> e.type() + ' ' + e.accountId() + ' ' + e.reason() + ' ' + e.lastQty()
            + ("TIER".equals(e.type()) ? " " + e.lastPx() : "BAR".equals(e.type()) ? " " + e.status() : "")).toList();
    }

    @Test
    void shouldTellUseOfHeaderAndBodyAndWhatIsLeftOfTheContractsCapacity() throws Exception {
        teach(reads(Source.HEADER, "X-Used", Sets.USED, 301), reads(Source.BODY, "rate.left", Sets.REMAINING, 302));
        assertNull(answer(200, Map.of("X-Used", "123"), "{\"rate\":{\"left\":\"400\"}}", ""));
        assertEquals(List.of("READING 7 301 123", "READING 7 302 600"), heard(2));
    }

    @Test
    void shouldTeachNothingByWhatIsNoNumber() throws Exception {
        teach(reads(Source.HEADER, "X-Used", Sets.USED, 301), reads(Source.BODY, "a.b", Sets.USED, 302));
        for (final String value : new String[] {"", "x", "-1", "1e99", "NaN"}) {
            answer(200, Map.of("X-Used", value), "{\"a\":[1]}", "");
            answer(200, Map.of(), "{\"a\":{\"b\":{\"c\":1}}}", "");
        }
        answer(200, Map.of("X-Used", "5"), "", "");
        assertEquals(List.of("READING 7 301 5"), heard(1));
    }

    @Test
    void shouldTellSizeAndRateTogetherAndOnlyWhenTheyChange() throws Exception {
        teach(reads(Source.BODY, "burst", Sets.CAPACITY, 401), reads(Source.BODY, "rate", Sets.REFILL, 401));
        answer(200, Map.of(), "{\"burst\":100}", "");
        answer(200, Map.of(), "{\"burst\":100,\"rate\":30.9}", "");
        answer(200, Map.of(), "{\"burst\":100,\"rate\":30}", "");
        answer(200, Map.of(), "{\"burst\":0,\"rate\":5}", "");
        assertEquals(List.of("TIER 7 401 100 50", "TIER 7 401 100 30", "TIER 7 401 100 5"), heard(3));
    }

    @Test
    void shouldReadTheLengthOfABarInEachForm() throws Exception {
        teach(Lesson.barByRetryAfter(List.of(429), LimitScope.ACCOUNT));
        assertNull(answer(200, Map.of("Retry-After", "5"), "", ""));
        assertEquals(5 * SECOND, answer(429, Map.of("Retry-After", "5"), "", "").lengthNs());
        assertEquals(9 * SECOND,
            answer(429, Map.of("Retry-After", "Thu, 28 May 2026 20:26:49 GMT"), "", "").lengthNs());
        assertEquals(0, answer(429, Map.of("Retry-After", "Thu, 28 May 2026 20:26:39 GMT"), "", "").lengthNs());
        assertEquals(0, answer(429, Map.of("Retry-After", "soon"), "", "").lengthNs(), "barred, for a time not said");
        assertEquals(7 * 86_400 * SECOND, answer(429, Map.of("Retry-After", "999999999999"), "", "").lengthNs());
        assertNull(answer(429, Map.of(), "", ""));
        teach(new Lesson(Source.BODY, "error.data.retryAfter", List.of(), List.of(), Sets.BAR, Unit.EPOCH_MS, 0,
            LimitScope.IP, 0, 0));
        assertEquals(2 * SECOND, answer(418, Map.of(),
            "{\"error\":{\"data\":{\"retryAfter\":" + (EPOCH_NS / 1_000_000 + 2_000) + "}}}", "").lengthNs());
    }

    @Test
    void shouldTakeTheWidestAndLongestOfSeveralBars() throws Exception {
        teach(Lesson.barByStatus(418, LimitScope.IP), Lesson.barByRetryAfter(List.of(418), LimitScope.ACCOUNT),
            Lesson.barByWord("limit", LimitScope.CONNECTION));
        assertEquals(new AnswerLessons.Bar(LimitScope.IP, 3 * SECOND, 418),
            answer(418, Map.of("Retry-After", "3"), "", "apiLimitExceeded"));
        assertEquals(LimitScope.CONNECTION, answer(200, Map.of(), "", "apiLIMITExceeded").scope());
        assertNull(answer(200, Map.of(), "", "insufficient funds"));
    }

    @Test
    void shouldTellABarOnceThoughManyAnswersNameItAndAgainAfterAProbe() throws Exception {
        teach(Lesson.barByStatus(429, LimitScope.ACCOUNT));
        final AnswerLessons.Bar bar = answer(429, Map.of(), "", "");
        for (int i = 0; i < 20; i++) {
            lessons.tellBar(ACCOUNT, bar, SECOND, EPOCH_NS, nowNs + i);
        }
        lessons.tellBar(ACCOUNT, bar, 3 * SECOND, EPOCH_NS, nowNs + 100);
        lessons.tellBar(ACCOUNT, bar, SECOND, EPOCH_NS, nowNs + 4 * SECOND);
        assertEquals(List.of("BAR 7 429 1000 ACCOUNT", "BAR 7 429 3000 ACCOUNT", "BAR 7 429 1000 ACCOUNT"), heard(3));
    }

    @Test
    void shouldHoldTheAddressAndLeaveAConnectionToTheAdapter() throws Exception {
        teach(Lesson.barByStatus(418, LimitScope.IP), Lesson.barByStatus(429, LimitScope.CONNECTION));
        lessons.tellBar(ACCOUNT, answer(429, Map.of(), "", ""), SECOND, EPOCH_NS, nowNs);
        assertFalse(lessons.isAddressHeld(nowNs));
        lessons.tellBar(ACCOUNT, answer(418, Map.of(), "", ""), 2 * SECOND, EPOCH_NS, nowNs);
        lessons.tellBar(ACCOUNT + 1, answer(418, Map.of(), "", ""), SECOND, EPOCH_NS, nowNs);
        assertTrue(lessons.isAddressHeld(nowNs + 2 * SECOND - 1), "never shorter");
        assertFalse(lessons.isAddressHeld(nowNs + 2 * SECOND));
        assertEquals(List.of("BAR 7 418 2000 IP", "BAR 8 418 1000 IP"), heard(2));
    }
}
