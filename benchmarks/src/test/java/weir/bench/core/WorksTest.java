package weir.bench.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import quickfix.ConfigError;
import quickfix.FieldNotFound;
import quickfix.InvalidMessage;
import quickfix.Message;
import quickfix.ValidationSettings;
import weir.bench.tester.OrderBytes;
import weir.protocol.NativeBuffer;

/** What is measured does what it says. */
class WorksTest {
    private static final int CL_ORD_IDS = 1 << 16;

    @Test
    void shouldTakeAnOrderThroughTheCoreToTheVenuesBytes() throws InvalidMessage, FieldNotFound {
        final FixPathWork work = new FixPathWork(new CoreFixture(CL_ORD_IDS, CoreFixture.Control.ALL));
        assertTrue(work.run(128) > 0);
        final Message out = new Message(work.last(), null, new ValidationSettings());
        assertEquals("D", out.getHeader().getString(35));
        assertEquals(128, out.getHeader().getInt(34));
        assertEquals(36, out.getString(11).length());
        assertEquals("BTC-USD", out.getString(55));
        assertEquals(0.01, out.getDouble(38), 1e-12);
        assertEquals(40_001.27, out.getDouble(44), 1e-9);
    }

    @Test
    void shouldTakeOrdersOfSomebodyElseThroughTheCore() throws InvalidMessage, FieldNotFound {
        final CoreFixture fixture = new CoreFixture(CL_ORD_IDS, CoreFixture.Control.DEMO);
        final FixPathWork work = new FixPathWork(fixture);
        final OrderBytes bytes = new OrderBytes("ALPHA1");
        final NativeBuffer buffer = new NativeBuffer(BufferUtil.allocateDirectAligned(1_024, 64));
        final long records = fixture.core.nextSequence();
        for (int i = 1; i <= 200; i++) {
            bytes.write(3_000_000 + i, buffer, 7);
            work.settle(work.through(buffer, 7, bytes.length()));
            assertEquals(3L * i, fixture.core.nextSequence() - records, "order, sent and fill");
        }
        final Message out = new Message(work.last(), null, new ValidationSettings());
        assertEquals(200, out.getHeader().getInt(34));
        assertEquals(70_002.0, out.getDouble(44), 1e-9);
        assertEquals(200, work.written());
    }

    @Test
    void shouldReadAndWriteTheSameBytesWithoutTheCore() throws InvalidMessage, FieldNotFound {
        final CoreFixture fixture = new CoreFixture(CL_ORD_IDS, CoreFixture.Control.OFF);
        final FixPathWork work = FixPathWork.textAlone(fixture);
        final long records = fixture.core.nextSequence();
        assertTrue(work.run(128) > 0);
        assertEquals(records, fixture.core.nextSequence());
        final Message out = new Message(work.last(), null, new ValidationSettings());
        assertEquals(128, out.getHeader().getInt(34));
        assertEquals("BTC-USD", out.getString(55));
        assertEquals(40_000.63, out.getDouble(44), 1e-9);
    }

    @Test
    void shouldMakeTheSameOrderWithQuickFix() throws ConfigError, InvalidMessage, FieldNotFound {
        final OrderBytes bytes = new OrderBytes("ALPHA1");
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[bytes.length()]);
        bytes.write(7, buffer, 0);
        final Message out = new Message(QuickFixCodecWork.roundTrip(
            buffer.getStringWithoutLengthAscii(0, bytes.length())), null, new ValidationSettings());
        assertEquals("Coinbase", out.getHeader().getString(56));
        assertEquals("1000000007", out.getString(11));
        assertEquals("0.01000000", out.getString(38));
        assertEquals("40000.07", out.getString(44));
    }

    @Test
    void shouldKeepACrowdsOrdersOpenThroughEveryKindOfStep() {
        final Crowd crowd = new Crowd(20, 10, 100);
        for (int i = 0; i < 2_000; i++) {
            crowd.step();
            crowd.mixedStep();
        }
        assertEquals(100, crowd.open());
    }

    @Test
    void shouldReportTheMedianOfChunksAndWhatWasAllocated() {
        final Work fixed = times -> times * 5L;
        final Work.Whole allocating = () -> new byte[48].length;
        final Duel.Result result = new Duel(3, 20, 20).run(fixed, allocating);
        assertEquals(3, result.ownNs().length);
        assertEquals(5, result.ownNs()[2], 1e-9);
        assertTrue(result.peerNs()[0] > 0);
    }
}
