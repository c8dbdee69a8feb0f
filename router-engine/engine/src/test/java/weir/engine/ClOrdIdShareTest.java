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
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** The ClOrdIDs of a day are one table; a desk that fills it leaves every other desk its share. */
class ClOrdIdShareTest {
    private static final long E8 = CoreHarness.E8;
    private static final int TABLE = 256;
    private static final int SESSIONS = 16;
    private static final int SHARE = TABLE / 2 / SESSIONS;
    private static final int HOSTILE = CoreHarness.SESSION;
    private static final int DESK = 21;

    private CoreHarness h;

    @BeforeEach
    void ready() {
        h = new CoreHarness(sizes());
        h.tenant.rateCapacity = 1;
        h.tenant.ratePerSecond = 1;
        h.ready();
        h.take(h.frames.tenant(2, new Frames.TenantSettings()));
        h.take(h.frames.session(DESK, 2, CancelOnDisconnect.NONE, 0, 0, 0));
        h.take(h.frames.grant(2, 2, GrantKind.TOP_UP, 1_000_000_000));
        h.take(h.frames.connected(DESK, 2, 1, false));
        h.clear();
    }

    private static RouterCore.Context sizes() {
        return new RouterCore.Context().clOrdIdCapacity(TABLE).clOrdIdsPerSessionDay(TABLE).sessionCapacity(SESSIONS);
    }

    private RejectReason tried(final int session, final String id) {
        return h.refused(h.frames.newOrder(session, ++h.seq, id, "BTC-USD", Side.BUY, OrdType.LIMIT, TimeInForce.GTC,
            E8, 100 * E8));
    }

    private int fill(final String prefix) {
        int remembered = 0;
        RejectReason reason = tried(HOSTILE, prefix + "0");
        while (reason != RejectReason.CLORDID_TABLE_FULL) {
            remembered++;
            assertTrue(reason == RejectReason.NONE || reason == RejectReason.RATE_LIMITED_TENANT, reason.name());
            assertTrue(remembered <= TABLE, "the table ends");
            reason = tried(HOSTILE, prefix + remembered);
        }
        return remembered;
    }

    @Test
    void shouldLeaveEveryDeskItsShareWhenOneFillsTheTableWithRefusedOrders() {
        assertEquals(TABLE - SHARE, fill("H"), "all but the share of the other desk");
        for (int i = 0; i < SHARE; i++) {
            assertEquals(RejectReason.NONE, tried(DESK, "D" + i), "order " + i + " of the share");
        }
        assertEquals(RejectReason.CLORDID_TABLE_FULL, tried(DESK, "D"));
        assertEquals(RejectReason.CLORDID_TABLE_FULL, tried(HOSTILE, "H"));
    }

    @Test
    void shouldRememberWhatWasRefusedForItsRateWithinTheShare() {
        assertEquals(RejectReason.NONE, tried(HOSTILE, "A"));
        assertEquals(RejectReason.RATE_LIMITED_TENANT, tried(HOSTILE, "B"));
        h.after(2_000);
        assertEquals(RejectReason.DUPLICATE_CLORDID, tried(HOSTILE, "B"));
    }

    @Test
    void shouldGiveEachItsShareAgainWhenTheDayIsOver() {
        fill("H");
        for (int i = 0; i < SHARE; i++) {
            assertEquals(RejectReason.NONE, tried(DESK, "D" + i));
        }
        h.now += 86_400_000_000_000L;
        h.take(h.frames.roll(0, PeriodKind.DAY, h.now));
        h.settle();
        h.clear();
        final int open = h.view.openOrders();
        assertEquals(open, h.view.clOrdIds(), "what is open stays known");
        assertEquals(TABLE - SHARE - 1, fill("N"), "one of its own is open, and so is all of the other's share");
    }

    @Test
    void shouldHoldByReplayAndBySnapshotAndLetEarlierJournalsFillTheTable() {
        fill("H");
        tried(DESK, "D");
        final ByteArrayOutputStream saved = new ByteArrayOutputStream();
        CoreSnapshot.save(h.core, CoreSnapshot.NO_CRC, saved);
        final RouterCore replayed = new RouterCore(h.core.sizes());
        final CoreReplay replay = new CoreReplay(replayed, (sequence, buffer, offset, length) -> { });
        for (final byte[] record : h.records) {
            replay.onRecord(new UnsafeBuffer(record), 0, record.length);
        }
        assertEquals(List.of(), CoreWalk.differences(h.core, replayed, "RouterCore.malformed"));
        final RouterCore loaded = new RouterCore(h.core.sizes());
        CoreSnapshot.open(new ByteArrayInputStream(saved.toByteArray())).loadInto(loaded);
        assertEquals(List.of(), CoreWalk.differences(h.core, loaded, "RouterCore.malformed"));
        h.core.rulesVersion(2);
        assertTrue(tried(HOSTILE, "OLD") != RejectReason.CLORDID_TABLE_FULL);
    }
}
