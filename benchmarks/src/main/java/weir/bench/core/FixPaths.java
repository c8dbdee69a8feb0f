package weir.bench.core;

import org.agrona.concurrent.UnsafeBuffer;
import quickfix.ConfigError;
import weir.bench.tester.OrderBytes;

/** Both sides of P8 for whoever measures them. One thread. */
public final class FixPaths {
    /** Orders of one call of {@link #weir()}. */
    public static final int BATCH = 64;
    private static final int CL_ORD_IDS = 1 << 20;

    private final FixPathWork weir = new FixPathWork(new CoreFixture(CL_ORD_IDS, CoreFixture.Control.ALL));
    private final QuickFixCodecWork quickFix;

    /**
     * Prepares both.
     *
     * @throws ConfigError when QuickFIX/J does not find its dictionaries
     */
    public FixPaths() throws ConfigError {
        quickFix = new QuickFixCodecWork(order());
    }

    /**
     * A batch of orders through Weir, each sent and filled afterwards.
     *
     * @return nanoseconds from FIX bytes to FIX bytes
     */
    public long weir() {
        return weir.run(BATCH);
    }

    /**
     * One order through QuickFIX/J's codec.
     *
     * @return length of what it wrote
     */
    public long quickFix() {
        return quickFix.once();
    }

    Work weirWork() {
        return weir;
    }

    Work quickFixWork() {
        return quickFix;
    }

    private static String order() {
        final OrderBytes bytes = new OrderBytes("ALPHA1");
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[bytes.length()]);
        bytes.write(7, buffer, 0);
        return buffer.getStringWithoutLengthAscii(0, bytes.length());
    }
}
