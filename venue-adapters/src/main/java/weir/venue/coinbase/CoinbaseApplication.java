package weir.venue.coinbase;

import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quickfix.ApplicationExtended;
import quickfix.FieldNotFound;
import quickfix.Message;
import quickfix.Session;
import quickfix.SessionID;

/**
 * QuickFIX/J's callbacks: the signed Logon and the limit of one logon per second and key. Everything else is seen at
 * {@link WireFilter}. A throwing {@code toAdmin} would only be logged and the Logon would leave unsigned; so nothing
 * here throws, and a Logon without RawData(96) is refused at the wire.
 */
final class CoinbaseApplication implements ApplicationExtended {
    static final String TARGET = "Coinbase";
    private static final Logger LOG = LoggerFactory.getLogger(CoinbaseApplication.class);

    private final Map<String, AccountLink> linkByApiKey;
    private final WireRules rules;
    private final char cancelOnDisconnect;

    CoinbaseApplication(final Map<String, AccountLink> linkByApiKey, final WireRules rules,
        final char cancelOnDisconnect) {
        this.linkByApiKey = linkByApiKey;
        this.rules = rules;
        this.cancelOnDisconnect = cancelOnDisconnect;
    }

    @Override
    public boolean canLogon(final SessionID sessionId) {
        return link(sessionId).tryLogon(System.nanoTime());
    }

    @Override
    public void toAdmin(final Message message, final SessionID sessionId) {
        try {
            if ("A".equals(message.getHeader().getString(35))) {
                sign(message, link(sessionId));
            }
        } catch (final FieldNotFound | RuntimeException ex) {
            LOG.error("logon of account {} not signed: {}", link(sessionId).accountId(), ex.getClass().getName());
        }
    }

    private void sign(final Message logon, final AccountLink link) throws FieldNotFound {
        rules.beforeSigning(logon);
        final CoinbaseAccount account = link.account();
        final String signature =
            rules.logonSignature(account, link.signer(), logon.getHeader().getString(52));
        logon.setString(553, account.apiKey());
        logon.setString(554, account.passphrase());
        logon.setInt(95, signature.length());
        logon.setString(96, signature);
        if (cancelOnDisconnect != 'N') {
            logon.setChar(8013, cancelOnDisconnect);
        }
        logon.setChar(9406, 'N');
    }

    @Override
    public void onLogout(final SessionID sessionId) {
        final Session session = Session.lookupSession(sessionId);
        if (session != null) {
            session.logout();
        }
    }

    @Override
    public void onCreate(final SessionID sessionId) {
        // known from the configuration
    }

    @Override
    public void onLogon(final SessionID sessionId) {
        // the venue's Logon was seen at the wire
    }

    @Override
    public void fromAdmin(final Message message, final SessionID sessionId) {
        // seen at the wire
    }

    @Override
    public void toApp(final Message message, final SessionID sessionId) {
        // counted at the wire
    }

    @Override
    public void fromApp(final Message message, final SessionID sessionId) {
        // seen at the wire
    }

    @Override
    public void onBeforeSessionReset(final SessionID sessionId) {
        // every logon resets
    }

    private AccountLink link(final SessionID sessionId) {
        return linkByApiKey.get(sessionId.getSenderCompID());
    }
}
