package weir.billing.courier;

import org.agrona.DirectBuffer;

/**
 * The way to the router. It may be interrupted at any time and comes back by itself; a frame that it took may be lost
 * on the way, which the sender finds out from the journal. Called on the billing thread.
 */
public interface GrantLine extends AutoCloseable {
    /** A line that leads nowhere: grants wait. */
    GrantLine NONE = new GrantLine() {
        @Override
        public boolean offer(final DirectBuffer buffer, final int offset, final int length) {
            return false;
        }

        @Override
        public void close() {
            // nothing is open
        }
    };

    /**
     * Offers a frame; never waits.
     *
     * @param buffer holds the frame
     * @param offset of its SBE header
     * @param length bytes
     * @return false when there is no router or no room now
     */
    boolean offer(DirectBuffer buffer, int offset, int length);

    @Override
    void close();
}
