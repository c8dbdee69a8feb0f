package weir.venue.intx;

import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import quickfix.Application;
import quickfix.FieldNotFound;
import quickfix.Message;
import quickfix.SessionID;

/**
 * QuickFIX/J's callbacks, of which the signed Logon is the one that acts: everything else is seen at {@link FixWire}. A
 * throwing {@code toAdmin} would only be logged and the Logon would leave unsigned; so nothing here throws, and a Logon
 * without Text(58) is refused at the wire. Agent's thread.
 */
final class FixSigning implements Application {
    private static final Logger LOG = LoggerFactory.getLogger(FixSigning.class);

    private final Map<String, IntxAccount> accounts;
    private final Map<String, IntxSigner> signers;
    private final FixTerms terms;
    private final WireRules rules;

    FixSigning(final Map<String, IntxAccount> accounts, final Map<String, IntxSigner> signers, final FixTerms terms,
        final WireRules rules) {
        this.accounts = accounts;
        this.signers = signers;
        this.terms = terms;
        this.rules = rules;
    }

    @Override
    public void toAdmin(final Message message, final SessionID sessionId) {
        final String key = sessionId.getSenderCompID();
        try {
            if ("A".equals(message.getHeader().getString(35))) {
                sign(message, accounts.get(key), signers.get(key));
            }
        } catch (final FieldNotFound | RuntimeException ex) {
            LOG.error("logon of account {} not signed: {}", accounts.get(key).accountId(), ex.getClass().getName());
        }
    }

    private void sign(final Message logon, final IntxAccount account, final IntxSigner signer) throws FieldNotFound {
        logon.setString(58, rules.logonSignature(signer, account, logon.getHeader().getString(52),
            logon.getHeader().getString(56)));
        logon.setString(553, account.apiKey());
        logon.setString(554, account.passphrase());
        logon.setChar(8001, terms.defaultSelfTrade() == 'N' ? 'N' : 'Q');
        logon.setChar(8013, terms.cancelOnDisconnect());
        logon.setChar(8014, terms.cancelOnDisconnect() == 'N' ? 'N' : 'Y');
    }

    @Override
    public void onCreate(final SessionID sessionId) {
        // known from the configuration
    }

    @Override
    public void onLogon(final SessionID sessionId) {
        // the venue's Logon is seen at the wire
    }

    @Override
    public void onLogout(final SessionID sessionId) {
        // the wire notices that the session let go
    }

    @Override
    public void fromAdmin(final Message message, final SessionID sessionId) {
        // seen at the wire
    }

    @Override
    public void toApp(final Message message, final SessionID sessionId) {
        // requests do not pass here
    }

    @Override
    public void fromApp(final Message message, final SessionID sessionId) {
        // seen at the wire
    }
}
