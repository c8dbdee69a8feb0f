package weir.fix.wire;

import org.agrona.DirectBuffer;

/** What happens to a connection. Called by {@link FixTransport#poll(long)}, on its thread, one after another. */
public interface FixConnectionHandler {
    /**
     * TCP, and TLS where it is used, stand.
     *
     * @param connection which
     * @param nowNs      of the poll
     */
    void onConnected(FixConnection connection, long nowNs);

    /**
     * One message: {@code 8=..9=..} to {@code 10=ddd SOH} by its BodyLength(9). Its CheckSum(10) is not verified.
     *
     * @param connection where it came
     * @param buffer     holds it until this returns
     * @param offset     of its first byte
     * @param length     its bytes
     * @param nowNs      of the poll
     * @return false to be offered it again by the next poll
     */
    boolean onFrame(FixConnection connection, DirectBuffer buffer, int offset, int length, long nowNs);

    /**
     * Bytes that are no message; they are dropped.
     *
     * @param connection where they came
     * @param buffer     holds them until this returns
     * @param offset     of the first
     * @param length     how many
     * @param nowNs      of the poll
     */
    void onGarbage(FixConnection connection, DirectBuffer buffer, int offset, int length, long nowNs);

    /**
     * The connection is no more. The last call, exactly once; for one that was never connected too.
     *
     * @param connection which; says why by {@link FixConnection#closeCause()}
     * @param reason     for people
     * @param nowNs      of the poll
     */
    void onClosed(FixConnection connection, String reason, long nowNs);
}
