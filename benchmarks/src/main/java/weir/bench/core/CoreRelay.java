package weir.bench.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import weir.bench.peer.RawRelay;
import weir.bench.tester.TagFinder;
import weir.protocol.NativeBuffer;

/**
 * A part of the work: a relay that keeps bytes and takes each order of the desk from FIX bytes to FIX bytes through the
 * core, the demo's controls on, before it passes the desk's bytes on. "Sent" and the fill go through the core behind
 * that write. No session, no store, no Aeron, no text or adapter of the way back, no thread beside the one that keeps.
 * Beyond what a router does it copies the desk's bytes once and finds their frames twice. {@code CoreRelay <venuePort>
 * <file> <times>} as {@link RawRelay}.
 */
public final class CoreRelay implements RawRelay.Between {
    private static final int CAPACITY = 1 << 19;
    private static final int CL_ORD_IDS = 1 << 20;
    /** So many may be open within the demo's limits; of more in one read, that many end before the write. */
    private static final int ORDERS_MAX = 1 << 8;

    private final RawRelay.Between kept;
    private final FixPathWork path = new FixPathWork(new CoreFixture(CL_ORD_IDS, CoreFixture.Control.DEMO));
    private final NativeBuffer held = new NativeBuffer(BufferUtil.allocateDirectAligned(CAPACITY, 64));
    private final long[] orderIds = new long[ORDERS_MAX];
    private int orders;
    private int limit;

    private CoreRelay(final RawRelay.Between kept) {
        this.kept = kept;
    }

    /**
     * Runs the relay; in the end it prints {@code ORDERS n}.
     *
     * @param args the venue's port on loopback; where what passes is kept, and how many times
     * @throws IOException if a socket fails
     */
    public static void main(final String[] args) throws IOException {
        final CoreRelay relay = new CoreRelay(RawRelay.kept(args));
        RawRelay.run(Integer.parseInt(args[0]), relay);
        System.out.println("ORDERS " + relay.path.written());
    }

    @Override
    public void came(final ByteBuffer bytes, final int from, final int to, final boolean ofDesk) {
        kept.came(bytes, from, to, ofDesk);
        if (!ofDesk) {
            return;
        }
        if (limit + to - from > CAPACITY) {
            throw new IllegalStateException("more than " + CAPACITY + " bytes at once");
        }
        held.putBytes(limit, bytes, from, to - from);
        limit += to - from;
        int at = 0;
        int length = TagFinder.frame(held, at, limit);
        while (length > 0) {
            if (orders == ORDERS_MAX) {
                passed();
            }
            orderIds[orders++] = path.through(held, at, length);
            at += length;
            length = TagFinder.frame(held, at, limit);
        }
        if (length < 0) {
            throw new IllegalStateException("what the desk sent is no FIX message");
        }
        limit -= at;
        if (at > 0 && limit > 0) {
            held.putBytes(0, held, at, limit);
        }
    }

    @Override
    public void passed() {
        for (int i = 0; i < orders; i++) {
            path.settle(orderIds[i]);
        }
        orders = 0;
        path.makeRoom(ORDERS_MAX);
    }
}
