package weir.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import weir.protocol.RejectReason;
import weir.protocol.sbe.AdminKind;
import weir.protocol.sbe.PlanApplyDecoder;
import weir.protocol.sbe.TierStart;

/** Two who apply a plan version at once: one wins whole, the other is refused, and both are in the journal. */
class PlanApplyTest {
    private static final long E8 = CoreHarness.E8;
    private static final long PRICE = 100 * E8;
    private static final int PLAN = 3;
    private static final int TIMEOUT_MS = 5_000;
    private static final int ACTOR_BYTES = 2 + "actor 2".length();

    private final CoreHarness h = new CoreHarness(TrafficModel.context()).ready();

    /** A version as one of two people has it. */
    private final class Version {
        final UnsafeBuffer terms;
        final UnsafeBuffer prices;

        Version(final int burst, final long price) {
            terms = h.frames.copy(h.frames.planTerms(PLAN, 2, 0, TierStart.RESTART, burst, burst));
            prices = h.frames.copy(h.frames.plan(PLAN, 2, 1, 0, false, 0, 0, price));
        }

        RejectReason begin() {
            return given(h.frames.planApply(PLAN, 2, terms, terms.capacity() - ACTOR_BYTES, prices, TIMEOUT_MS));
        }

        RejectReason terms() {
            return send(terms);
        }

        RejectReason prices() {
            return send(prices);
        }
    }

    @BeforeEach
    void inForceBefore() {
        h.take(h.frames.planTerms(PLAN, 1, 0, TierStart.RESTART, 0, 0));
        h.take(h.frames.plan(PLAN, 1, 1, 0, false, 0, 0, 10));
        h.tenant.planId = PLAN;
        h.take(h.frames.tenant(1, h.tenant));
    }

    private RejectReason send(final UnsafeBuffer frame) {
        h.frames.buffer.putBytes(0, frame, 0, frame.capacity());
        return given(frame.capacity());
    }

    private RejectReason given(final int length) {
        h.take(length);
        return RejectReason.ofCode(h.record.reason());
    }

    private long charged() {
        h.take(h.limit("C" + h.seq, E8, PRICE));
        return h.record.debitMicros();
    }

    /** Every way in which the three commands of one can lie between those of the other. */
    @Test
    void shouldNeverMixTwoThatAreAppliedAtOnce() {
        for (int order = 0; order < 1 << 6; order++) {
            if (Integer.bitCount(order) == 3) {
                interleaved(order);
            }
        }
    }

    private static void interleaved(final int order) {
        final PlanApplyTest test = new PlanApplyTest();
        test.inForceBefore();
        final Version a = test.new Version(20, 200);
        final Version b = test.new Version(30, 300);
        final int[] step = new int[2];
        for (int i = 0; i < 6; i++) {
            final int who = order >> i & 1;
            final Version of = who == 0 ? a : b;
            switch (step[who]++) {
                case 0 -> of.begin();
                case 1 -> of.terms();
                default -> of.prices();
            }
        }
        final long price = test.charged();
        test.h.apply(test.h.frames.admin(AdminKind.PLANS, 0));
        final String row = test.h.admin.stream().filter(text -> text.contains("\"version\":2,")).findFirst()
            .orElse("none");
        final int first = order & 1;
        assertEquals(first == 0 ? 200 : 300, price, () -> "order " + Integer.toBinaryString(order) + ' ' + row);
        assertTrue(row.contains(first == 0 ? "\"burst\":20" : "\"burst\":30"), row);
        assertTrue(row.contains("\"awaited\":0"), row);
    }

    @Test
    void shouldJournalWhoWasRefusedWhenAndWhy() {
        final Version a = new Version(20, 200);
        final Version b = new Version(30, 300);
        assertEquals(RejectReason.NONE, a.begin());
        h.now += 1_000_000_000L;
        assertEquals(RejectReason.PLAN_APPLY_OPEN, b.begin());
        assertEquals(h.now, h.record.epochNs());
        assertEquals(PLAN, h.record.planId());
        assertEquals(2, h.record.planVersion());
        assertEquals(PlanApplyDecoder.TEMPLATE_ID, h.record.inputTemplateId());
        assertTrue(new String(h.records.get(h.records.size() - 1), java.nio.charset.StandardCharsets.ISO_8859_1)
            .contains("pricing"), "who");
        assertEquals(RejectReason.PLAN_APPLY_OPEN, b.terms());
        assertEquals(RejectReason.PLAN_APPLY_OPEN, b.prices());
        assertEquals(RejectReason.PLAN_TERMS_MISSING, a.prices());
        assertEquals(RejectReason.NONE, a.terms());
        assertEquals(RejectReason.NONE, a.prices());
        assertEquals(RejectReason.PLAN_VERSION_EXISTS, b.begin());
        assertEquals(RejectReason.PLAN_VERSION_EXISTS, b.terms());
        assertEquals(200, charged());
        replays();
    }

    /** As journals of schema versions 1 and 2 have them: terms that came alone would be in force with its prices. */
    @Test
    void shouldNotApplyOntoAVersionThatIsInForceWithoutTerms() {
        final Version a = new Version(20, 200);
        assertEquals(RejectReason.NONE, a.prices());
        assertEquals(200, charged());
        assertEquals(RejectReason.PLAN_VERSION_EXISTS, a.begin());
        assertEquals(RejectReason.PLAN_VERSION_EXISTS, new Version(30, 300).begin());
        same(a.prices);
        replays();
        assertEquals(RejectReason.NONE, a.terms(), "a start's configuration gives it terms, as before");
        assertEquals(200, charged());
        replays();
    }

    @Test
    void shouldRefuseAsMalformedWhatNobodyCanHaveBegun() {
        final Version a = new Version(20, 200);
        assertEquals(RejectReason.MALFORMED, given(h.frames.planTerms(0, 0, 0, TierStart.RESTART, 20, 20)));
        assertEquals(RejectReason.MALFORMED, given(h.frames.plan(0, 0, 1, 0, false, 0, 0, 200)));
        assertEquals(RejectReason.NONE, a.begin());
        assertEquals(RejectReason.MALFORMED, given(h.frames.planTerms(PLAN, 2, 0, TierStart.RESTART, -1, 20)));
        assertEquals(RejectReason.NONE, a.terms());
        assertEquals(RejectReason.NONE, a.prices());
        replays();
    }

    @Test
    void shouldJournalThatAVersionIsCompleteAndNothingTwice() {
        final Version a = new Version(20, 200);
        final Version b = new Version(30, 300);
        assertEquals(RejectReason.NONE, a.terms());
        assertEquals(RejectReason.NONE, a.begin(), "its terms were there");
        same(a.terms);
        assertEquals(RejectReason.NONE, a.prices());
        same(a.terms);
        same(a.prices);
        assertEquals(RejectReason.PLAN_VERSION_EXISTS, b.prices(), "not the refusal of one that is still open");
        replays();
    }

    private void same(final UnsafeBuffer frame) {
        h.frames.buffer.putBytes(0, frame, 0, frame.capacity());
        assertEquals(RouterCore.IGNORED, h.apply(frame.capacity()));
    }

    @Test
    void shouldLetAnotherBeginWhenTheTimeOfTheFirstIsOver() {
        final Version a = new Version(20, 200);
        final Version b = new Version(30, 300);
        assertEquals(RejectReason.NONE, a.begin());
        assertEquals(RejectReason.NONE, a.terms());
        h.after(TIMEOUT_MS - 1);
        assertEquals(RejectReason.PLAN_APPLY_OPEN, b.begin());
        h.after(1);
        assertEquals(RejectReason.PLAN_APPLY_OPEN, b.terms(), "not without having begun");
        assertEquals(RejectReason.NONE, b.begin());
        assertEquals(RejectReason.PLAN_APPLY_OPEN, a.prices());
        assertEquals(RejectReason.NONE, b.terms());
        assertEquals(RejectReason.NONE, b.prices());
        assertEquals(300, charged());
        replays();
    }

    @Test
    void shouldForgetWhatWasBegunWhenTheRouterStartsAgain() {
        final Version a = new Version(20, 200);
        final Version b = new Version(30, 300);
        assertEquals(RejectReason.NONE, a.begin());
        assertEquals(RejectReason.NONE, a.terms());
        h.take(h.frames.started(0x0123_4567_89AB_CDEFL, 42));
        assertEquals(RejectReason.NONE, b.terms(), "a start's configuration comes without having begun");
        assertEquals(RejectReason.NONE, b.prices());
        replays();
    }

    @Test
    void shouldKeepWhatWasBegunInASnapshot() {
        final Version a = new Version(20, 200);
        final Version b = new Version(30, 300);
        assertEquals(RejectReason.NONE, a.begin());
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CoreSnapshot.save(h.core, CoreSnapshot.NO_CRC, bytes);
        final CoreHarness loaded = new CoreHarness(TrafficModel.context());
        CoreSnapshot.open(new ByteArrayInputStream(bytes.toByteArray())).loadInto(loaded.core);
        loaded.now = h.now;
        loaded.frames.buffer.putBytes(0, b.terms, 0, b.terms.capacity());
        assertEquals(RejectReason.PLAN_APPLY_OPEN, loaded.refused(b.terms.capacity()));
        assertEquals(RejectReason.PLAN_APPLY_OPEN, b.terms());
        assertEquals(List.of(), CoreWalk.differences(h.core, loaded.core));
    }

    private void replays() {
        final RouterCore again = new RouterCore(TrafficModel.context());
        final CoreReplay replay = new CoreReplay(again, (sequence, buffer, offset, length) -> { });
        for (final byte[] record : h.records) {
            replay.onRecord(new UnsafeBuffer(record), 0, record.length);
        }
        assertEquals(List.of(), CoreWalk.differences(h.core, again, "RouterCore.malformed"));
    }
}
