package weir.sim.coinbase;

/** Bodies of the two refusals a gateway sends: Reject(3) and BusinessMessageReject(j). Stateless. */
final class FixRejectBody {
    private FixRejectBody() {
    }

    /** Reject(3). */
    static FixBody session(final FixMessage message, final FixReject reject) {
        return new FixBody("3").add(45, Math.max(0, message.seqNum())).add(58, reject.getMessage())
            .add(371, reject.refTag() == 0 ? null : Integer.toString(reject.refTag()))
            .add(372, message.msgType()).add(373, reject.reason());
    }

    /** BusinessMessageReject(j) with Coinbase's own BusinessRejectReason(380): 1 other, 2 unsupported type. */
    static FixBody business(final FixMessage message, final int reason, final String text) {
        String id = message.get(8014);
        if (id == null) {
            id = message.get(11) == null ? message.get(37) : message.get(11);
        }
        return new FixBody("j").add(45, message.seqNum()).add(58, text).add(372, message.msgType()).add(379, id)
            .add(380, reason);
    }
}
