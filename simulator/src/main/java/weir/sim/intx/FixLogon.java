package weir.sim.intx;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Checks a Logon(A) as the venue documents it ("FIX order entry, Admin messages"): header, one of our keys, time,
 * signature in Text(58), passphrase. Stateless apart from the settings.
 */
final class FixLogon {
    /** TargetCompID(56) of order entry. */
    static final String ORDER_ENTRY = "CBINTLOE";
    private static final Pattern MILLIS = Pattern.compile("\\d{8}-\\d{2}:\\d{2}:\\d{2}\\.\\d{3}");
    private static final int HEARTBEAT_DEFAULT_S = 10;
    private static final int HEARTBEAT_MAX_S = 30;

    private final Map<String, IntxAccount> accounts;
    private final long toleranceNs;

    /**
     * What a good Logon asked for.
     *
     * @param heartbeatSeconds HeartBtInt(108), 30 at most, 10 unless given.
     * @param selfTrade        8001: N aggressor, Q both, which is the default.
     * @param cancelOn         8013: N none, Y of this session, which is the default, A all of the key.
     * @param cancelInternal   8014: also when the gateway loses the venue behind it; the default.
     */
    record Terms(IntxAccount account, int heartbeatSeconds, char selfTrade, char cancelOn, boolean cancelInternal) {
    }

    FixLogon(final Map<String, IntxAccount> accounts, final long toleranceNs) {
        this.accounts = accounts;
        this.toleranceNs = toleranceNs;
    }

    /** The account of a key, or null. */
    IntxAccount account(final String apiKey) {
        return apiKey == null ? null : accounts.get(apiKey);
    }

    /** Whether SendingTime(52) is within the tolerance. */
    boolean isTimely(final String sendingTime, final long nowNs) {
        final long sentNs = FixTime.parse(sendingTime);
        return sentNs != Long.MIN_VALUE && Math.abs(nowNs - sentNs) <= toleranceNs;
    }

    /** @throws FixReject naming the first thing that is wrong. */
    Terms check(final FixMessage logon, final long nowNs) throws FixReject {
        expect(logon, 8, "FIXT.1.1", FixReject.VALUE_INCORRECT);
        expect(logon, 34, "1", FixReject.VALUE_INCORRECT);
        expect(logon, 56, ORDER_ENTRY, FixReject.COMP_ID_PROBLEM);
        final IntxAccount account = account(logon.require(49));
        if (account == null) {
            throw new FixReject(49, FixReject.COMP_ID_PROBLEM, "Invalid API key");
        }
        if (!MILLIS.matcher(logon.require(52)).matches()) {
            throw new FixReject(52, FixReject.SIGNATURE_PROBLEM, "SendingTime must have 3 decimals");
        }
        if (!isTimely(logon.get(52), nowNs)) {
            throw new FixReject(52, FixReject.SENDING_TIME_ACCURACY, "SendingTime accuracy problem");
        }
        expect(logon, 1137, "9", FixReject.VALUE_INCORRECT);
        expect(logon, 553, account.apiKey(), FixReject.COMP_ID_PROBLEM);
        if (!IntxSignature.same(account.passphrase(), logon.require(554))) {
            throw new FixReject(554, FixReject.SIGNATURE_PROBLEM, "Invalid passphrase");
        }
        if (!IntxSignature.same(signature(logon, account), logon.require(58))) {
            throw new FixReject(58, FixReject.SIGNATURE_PROBLEM, "Invalid signature");
        }
        if (logon.oneOf(141, "YN", 'Y') == 'N') {
            throw new FixReject(141, FixReject.VALUE_INCORRECT, "ResetSeqNumFlag must be Y");
        }
        logon.oneOf(98, "0", '0');
        return new Terms(account, heartbeat(logon), logon.oneOf(8001, "NQ", 'Q'), logon.oneOf(8013, "NYA", 'Y'),
            logon.oneOf(8014, "YN", 'Y') == 'Y');
    }

    /** The usual mistake behind a signature that does not verify, null for none of these; for the venue's log alone. */
    static String hint(final FixMessage logon, final IntxAccount account) {
        final String stated = logon.get(58) == null ? logon.get(96) : logon.get(58);
        if (stated == null) {
            return "no signature in 58";
        }
        if (logon.get(58) == null && IntxSignature.same(signature(logon, account), stated)) {
            return "signature in 96 instead of 58";
        }
        final String exchange = String.join("\u0001", text(logon, 52), "A", text(logon, 34), text(logon, 49),
            text(logon, 56), text(logon, 554));
        if (IntxSignature.same(IntxSignature.logon(account.key(), exchange), stated)) {
            return "signed as Coinbase Exchange wants it";
        }
        return IntxSignature.same(IntxSignature.logon(account.secret().getBytes(StandardCharsets.UTF_8),
            prehash(logon)), stated) ? "secret not base64-decoded" : null;
    }

    private static String signature(final FixMessage logon, final IntxAccount account) {
        return IntxSignature.logon(account.key(), prehash(logon));
    }

    private static String prehash(final FixMessage logon) {
        return text(logon, 52) + text(logon, 49) + text(logon, 56) + text(logon, 554);
    }

    private static int heartbeat(final FixMessage logon) throws FixReject {
        final String text = logon.get(108);
        if (text == null) {
            return HEARTBEAT_DEFAULT_S;
        }
        if (!text.matches("[1-9]\\d{0,4}")) {
            throw new FixReject(108, FixReject.VALUE_INCORRECT, "Value is incorrect: 108");
        }
        return Math.min(HEARTBEAT_MAX_S, Integer.parseInt(text));
    }

    private static void expect(final FixMessage logon, final int tag, final String value, final int reason)
        throws FixReject {
        if (!value.equals(logon.require(tag))) {
            throw new FixReject(tag, reason, "Value is incorrect: " + tag);
        }
    }

    private static String text(final FixMessage logon, final int tag) {
        final String value = logon.get(tag);
        return value == null ? "" : value;
    }
}
