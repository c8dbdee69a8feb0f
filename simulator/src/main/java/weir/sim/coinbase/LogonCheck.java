package weir.sim.coinbase;

import java.util.regex.Pattern;

/**
 * Checks a Logon(A) as Coinbase Exchange documents it ("FIX order entry, Logon"): header, one of our keys, time,
 * signature over the very bytes, passphrase, heartbeat interval. Stateless apart from the settings.
 */
final class LogonCheck {
    private static final Pattern MILLIS = Pattern.compile("\\d{8}-\\d{2}:\\d{2}:\\d{2}\\.\\d{3}");
    private static final int HEARTBEAT_DEFAULT_S = 10;
    private static final int HEARTBEAT_MAX_S = 30;

    private final SessionDirectory sessions;
    private final long toleranceNs;

    /**
     * What a good Logon asked for.
     *
     * @param heartbeatSeconds HeartBtInt(108), 10 unless given.
     * @param reset            ResetSeqNumFlag(141), Y unless N is given.
     * @param cancelOn         CancelOrdersOnDisconnect(8013): 'S', 'Y', or 'N' when absent.
     * @param selfTrade        what 7928 defaults to: 'N' or 'B' from 8001, 'D' when 8001 is absent.
     * @param dropCopy         DropCopyFlag(9406).
     */
    record Terms(KeyState key, int heartbeatSeconds, boolean reset, char cancelOn, char selfTrade, boolean dropCopy) {
    }

    LogonCheck(final SessionDirectory sessions, final long toleranceNs) {
        this.sessions = sessions;
        this.toleranceNs = toleranceNs;
    }

    /** Whether SendingTime(52) is a time within the tolerance of {@code nowNs}. */
    boolean isTimely(final String sendingTime, final long nowNs) {
        final long sentNs = sendingTime == null ? Long.MIN_VALUE : FixTime.parse(sendingTime);
        return sentNs != Long.MIN_VALUE && Math.abs(nowNs - sentNs) <= toleranceNs;
    }

    /** @throws FixReject naming the tag and reason of the first thing that is wrong. */
    Terms check(final FixMessage logon, final long nowNs) throws FixReject {
        if (!"FIXT.1.1".equals(logon.get(8))) {
            throw new FixReject(8, FixReject.VALUE_INCORRECT, "BeginString must be FIXT.1.1");
        }
        if (!"1".equals(logon.require(34))) {
            throw new FixReject(34, FixReject.SIGNATURE_PROBLEM, "MsgSeqNum of a Logon must be 1");
        }
        if (!"Coinbase".equals(logon.require(56))) {
            throw new FixReject(56, FixReject.COMP_ID_PROBLEM, "TargetCompID must be Coinbase");
        }
        final KeyState key = sessions.key(logon.require(49));
        if (key == null) {
            throw new FixReject(49, FixReject.COMP_ID_PROBLEM, "Invalid API Key");
        }
        if (!MILLIS.matcher(logon.require(52)).matches()) {
            throw new FixReject(52, FixReject.SIGNATURE_PROBLEM, "SendingTime must have exactly 3 decimals");
        }
        if (!isTimely(logon.get(52), nowNs)) {
            throw new FixReject(52, FixReject.SENDING_TIME_ACCURACY, "SendingTime accuracy problem");
        }
        if (!"9".equals(logon.require(1137))) {
            throw new FixReject(1137, FixReject.VALUE_INCORRECT, "DefaultApplVerID must be 9");
        }
        if (!key.account().apiKey().equals(logon.require(553))) {
            throw new FixReject(553, FixReject.COMP_ID_PROBLEM, "Username must be the API key");
        }
        if (!CoinbaseSignature.same(key.account().passphrase(), logon.require(554))) {
            throw new FixReject(554, FixReject.SIGNATURE_PROBLEM, "Invalid Passphrase");
        }
        final String signature = logon.require(96);
        if (!logon.require(95).equals(Integer.toString(signature.length()))) {
            throw new FixReject(95, FixReject.VALUE_INCORRECT, "RawDataLength does not match RawData");
        }
        final String expected = CoinbaseSignature.sign(CoinbaseSignature.fixPrehash(logon), key.account().key());
        if (!CoinbaseSignature.same(expected, signature)) {
            throw new FixReject(96, FixReject.SIGNATURE_PROBLEM, "invalid signature");
        }
        return terms(key, logon);
    }

    private static Terms terms(final KeyState key, final FixMessage logon) throws FixReject {
        oneOf(logon, 98, "0");
        oneOf(logon, 141, "YN");
        oneOf(logon, 8001, "NQ");
        oneOf(logon, 8013, "SY");
        oneOf(logon, 9406, "NY");
        final String heartbeat = logon.get(108);
        int seconds = HEARTBEAT_DEFAULT_S;
        if (heartbeat != null) {
            if (!heartbeat.matches("[1-9]\\d?") || Integer.parseInt(heartbeat) > HEARTBEAT_MAX_S) {
                throw new FixReject(108, FixReject.VALUE_INCORRECT, "HeartBtInt must be 1 to " + HEARTBEAT_MAX_S);
            }
            seconds = Integer.parseInt(heartbeat);
        }
        final String cancel = logon.get(8013);
        final String selfTrade = logon.get(8001);
        return new Terms(key, seconds, !"N".equals(logon.get(141)), cancel == null ? 'N' : cancel.charAt(0),
            selfTrade == null ? 'D' : "N".equals(selfTrade) ? 'N' : 'B', "Y".equals(logon.get(9406)));
    }

    private static void oneOf(final FixMessage logon, final int tag, final String values) throws FixReject {
        final String value = logon.get(tag);
        if (value != null && (value.length() != 1 || values.indexOf(value.charAt(0)) < 0)) {
            throw new FixReject(tag, FixReject.VALUE_INCORRECT, "value is incorrect: " + tag);
        }
    }
}
