package weir.venue.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import weir.protocol.Scale;
import weir.protocol.sbe.InstrumentStatus;

/** Which of two prices of an instrument is the newer one. */
class PriceSlotTest {
    private static final long MS = 1_000_000L;
    private static final long NOW_NS = 1_795_826_324L * 1_000 * MS;

    private final PriceSlot slot = new PriceSlot(
        new Listing(4, "BTC-PERP", "BTC-PERPETUAL", true, true, 60_000, InstrumentStatus.TRADING, 0, 0, 0, 0, null),
        100 * MS);

    @Test
    void shouldTakeATickThatWasTrueBeforeTheAnswerArrived() {
        assertTrue(slot.onAnswer(10, 12, Scale.NULL, NOW_NS)); // asked for now, it arrives after 40 ms
        assertTrue(slot.onTick(11, 12, Scale.NULL, NOW_NS + 20 * MS));
        assertEquals(11, slot.bid());
        assertEquals(NOW_NS + 20 * MS, slot.observedNs());
    }

    @Test
    void shouldTakeATickOfTheMillisecondInWhichTheAnswerWasAskedFor() {
        slot.onAnswer(10, 12, Scale.NULL, NOW_NS);
        assertTrue(slot.onTick(11, 12, Scale.NULL, NOW_NS - MS));
        assertEquals(11, slot.bid());
        assertEquals(NOW_NS, slot.observedNs());
    }

    @Test
    void shouldRefuseATickThatWasTrueBeforeTheAnswerWasAskedFor() {
        slot.onAnswer(10, 12, Scale.NULL, NOW_NS);
        assertFalse(slot.onTick(11, 12, Scale.NULL, NOW_NS - MS - 1));
        assertEquals(10, slot.bid());
    }

    @Test
    void shouldRefuseAnAnswerThatWasAskedForBeforeTheTick() {
        slot.onTick(11, 12, 11, NOW_NS + 1);
        assertFalse(slot.onAnswer(10, 12, 10, NOW_NS));
        assertEquals(11, slot.bid());
        assertEquals(11, slot.last());
        assertTrue(slot.onAnswer(10, 12, 10, NOW_NS + 1));
    }

    @Test
    void shouldRefuseAnAnswerToAnEarlierQuestion() {
        slot.onAnswer(10, 12, Scale.NULL, NOW_NS);
        assertFalse(slot.onAnswer(9, 12, Scale.NULL, NOW_NS - 1));
        assertEquals(10, slot.bid());
    }

    @Test
    void shouldTakeTheTicksOfTheFeedInItsOrder() {
        slot.onTick(10, 12, Scale.NULL, NOW_NS); // the first of a connection is dated when it came, however late it was
        assertTrue(slot.onTick(11, 12, Scale.NULL, NOW_NS - 30 * MS));
        assertEquals(11, slot.bid());
        assertEquals(NOW_NS, slot.observedNs());
    }
}
