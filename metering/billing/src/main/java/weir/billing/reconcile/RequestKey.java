package weir.billing.reconcile;

/**
 * A desk's chargeable message, as both the FIX log and the journal name it.
 *
 * @param sessionId desk
 * @param msgType   D, G, H or q
 * @param seqNum    MsgSeqNum(34)
 * @param clOrdId   ClOrdID(11); empty when it is not 1 to 36 characters
 */
record RequestKey(int sessionId, char msgType, int seqNum, String clOrdId) {
    static String shaped(final String clOrdId) {
        return clOrdId == null || clOrdId.length() > 36 ? "" : clOrdId.trim();
    }

    @Override
    public String toString() {
        return "session " + sessionId + " 35=" + msgType + " 34=" + seqNum + " 11=" + clOrdId;
    }
}
