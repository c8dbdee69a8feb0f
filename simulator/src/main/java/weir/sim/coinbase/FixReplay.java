package weir.sim.coinbase;

/**
 * Answers ResendRequest(2): what is kept is sent again with PossDupFlag(43)=Y, the rest is gap-filled. At most 1000
 * messages a request (Coinbase Exchange "FIX order entry, Resend request"). Stateless.
 */
final class FixReplay {
    private FixReplay() {
    }

    static void answer(
        final FixMessage request, final KeyState key, final FixGateway gateway, final FixOutbox outbox)
        throws FixReject {
        final int begin = positive(request, 7);
        final int last = key.store().nextSeqNum() - 1;
        final int asked = "0".equals(request.require(16)) ? last : positive(request, 16);
        final int end = Math.min(asked, last);
        if (end - begin >= gateway.limits().resendMax()) {
            throw new FixReject(16, FixReject.VALUE_INCORRECT,
                "at most " + gateway.limits().resendMax() + " messages per ResendRequest");
        }
        final boolean stamped = gateway.faults().isOn(Fault.REPLAY_ORIG_TIME, key.account().apiKey());
        int next = begin;
        for (final OutboundStore.Sent sent : key.store().range(begin, end, gateway.nowNs())) {
            gapFill(outbox, next, sent.seqNum());
            outbox.offerNumbered(sent.body(), sent.seqNum(),
                "43=Y\u0001" + (stamped ? "122=" + sent.sendingTime() + '\u0001' : ""));
            next = sent.seqNum() + 1;
        }
        gapFill(outbox, next, end + 1);
    }

    private static void gapFill(final FixOutbox outbox, final int from, final int to) {
        if (from < to) {
            outbox.offerNumbered(new FixBody("4").add(36, to).add(123, "Y"), from, "43=Y\u0001");
        }
    }

    private static int positive(final FixMessage message, final int tag) throws FixReject {
        final String text = message.require(tag);
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new FixReject(tag, FixReject.VALUE_INCORRECT, "must be above 0");
        }
        return Integer.parseInt(text);
    }
}
