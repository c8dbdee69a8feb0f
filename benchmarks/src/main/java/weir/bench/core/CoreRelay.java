package weir.bench.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import weir.bench.peer.RawRelay;
import weir.bench.tester.TagFinder;
import weir.protocol.NativeBuffer;

/**
 * What P8 leaves of P1 and P6: a relay that keeps bytes and, for each message of the desk, takes an order from FIX
 * bytes to FIX bytes through the core before it passes the message on; "sent" and the fill come behind that. No
 * session, no store, no Aeron, no thread beside the one that keeps. {@code CoreRelay <venuePort> <file> <times>} as
 * {@link RawRelay}.
 */
public final class CoreRelay implements RawRelay.Between {
    private static final int CAPACITY = 1 << 19;
    private static final int CL_ORD_IDS = 1 << 20;

    private final RawRelay.Between kept;
    private final FixPathWork path = new FixPathWork(new CoreFixture(CL_ORD_IDS, CoreFixture.Control.ALL));
    private final NativeBuffer held = new NativeBuffer(BufferUtil.allocateDirectAligned(CAPACITY, 64));
    private int limit;

    private CoreRelay(final RawRelay.Between kept) {
        this.kept = kept;
        path.settle();
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
        held.putBytes(limit, bytes, from, to - from);
        limit += to - from;
        int at = 0;
        for (int length = TagFinder.frame(held, at, limit); length > 0; length = TagFinder.frame(held, at, limit)) {
            path.take();
            at += length;
        }
        limit -= at;
        if (at > 0 && limit > 0) {
            held.putBytes(0, held, at, limit);
        }
    }

    @Override
    public void passed() {
        path.settle();
    }
}
