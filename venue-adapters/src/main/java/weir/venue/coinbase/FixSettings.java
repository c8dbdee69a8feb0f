package weir.venue.coinbase;

import java.util.Properties;
import quickfix.ConfigError;
import quickfix.SessionID;
import quickfix.SessionSettings;

/** QuickFIX/J settings of the adapter: every one that has a time, a size or a security meaning is set here. */
final class FixSettings {
    private static final String TRANSPORT_DICTIONARY = "weir/venue/coinbase/coinbase-FIXT11.xml";
    private static final String DICTIONARY = "weir/venue/coinbase/coinbase-FIX50SP2.xml";

    private FixSettings() {
    }

    static SessionSettings of(final CoinbaseAdapter.Context context) throws ConfigError {
        final SessionSettings settings = new SessionSettings();
        settings.set(defaults(context));
        for (final CoinbaseAccount account : context.accounts()) {
            final SessionID id = new SessionID("FIXT.1.1", account.apiKey(), CoinbaseApplication.TARGET);
            settings.setString(id, "BeginString", "FIXT.1.1");
            settings.setString(id, "SenderCompID", account.apiKey());
            settings.setString(id, "TargetCompID", CoinbaseApplication.TARGET);
            settings.setString(id, "SocketConnectHost", account.fixHost());
            settings.setString(id, "SocketConnectPort", Integer.toString(account.fixPort()));
            if (account.tls()) {
                tls(settings, id, context);
            }
        }
        return settings;
    }

    private static Properties defaults(final CoinbaseAdapter.Context context) {
        final Properties values = new Properties();
        values.setProperty("ConnectionType", "initiator");
        values.setProperty("DefaultApplVerID", "9");
        values.setProperty("HeartBtInt", Integer.toString(context.heartBtIntS()));
        values.setProperty("ResetOnLogon", "Y");
        values.setProperty("ResetOnDisconnect", "Y");
        values.setProperty("ResetOnLogout", "Y");
        values.setProperty("TimeStampPrecision", "MILLIS");
        values.setProperty("NonStopSession", "Y");
        values.setProperty("ReconnectInterval", "1");
        values.setProperty("LogonTimeout", "10");
        values.setProperty("LogoutTimeout", "2");
        values.setProperty("SocketConnectTimeout", "10");
        values.setProperty("SocketTcpNoDelay", "Y");
        values.setProperty("SocketSynchronousWrites", "N");
        values.setProperty("MaxScheduledWriteRequests", "0");
        values.setProperty("PersistMessages", "N");
        // A clock that stepped must not cost the session: the distance to the venue's is measured and raises an alarm.
        values.setProperty("CheckLatency", "N");
        values.setProperty("UseDataDictionary", "Y");
        values.setProperty("TransportDataDictionary", TRANSPORT_DICTIONARY);
        values.setProperty("AppDataDictionary", DICTIONARY);
        // A report that breaks the dictionary is logged; refusing what the venue says would change nothing there.
        values.setProperty("RejectInvalidMessage", "N");
        values.setProperty("ValidateUserDefinedFields", "N");
        values.setProperty("AllowUnknownMsgFields", "Y");
        values.setProperty("ValidateFieldsOutOfOrder", "N");
        values.setProperty("ValidateUnorderedGroupFields", "N");
        // Every logon resets, and a gap drops the connection at Wire: a queue of early messages must not outlive it.
        values.setProperty("ValidateSequenceNumbers", "N");
        values.setProperty("RejectMessageOnUnhandledException", "N");
        values.setProperty("LogMessageWhenSessionNotFound", "N");
        values.setProperty("ContinueInitializationOnError", "N");
        return values;
    }

    /**
     * Without a trust store QuickFIX/J trusts every certificate, and without a key store it presents the public key
     * pair in its own jar: both are named here, the latter as one that does not exist.
     */
    private static void tls(final SessionSettings settings, final SessionID id, final CoinbaseAdapter.Context context) {
        settings.setString(id, "SocketUseSSL", "Y");
        settings.setString(id, "EnabledProtocols", "TLSv1.2,TLSv1.3");
        settings.setString(id, "UseSNI", "Y");
        settings.setString(id, "EndpointIdentificationAlgorithm", "HTTPS");
        settings.setString(id, "SocketKeyStore", "no-client-certificate");
        settings.setString(id, "SocketTrustStore", context.trustStore().toString());
        settings.setString(id, "TrustStoreType", context.trustStoreType());
        if (context.trustStorePassword() != null) {
            settings.setString(id, "SocketTrustStorePassword", context.trustStorePassword());
        }
    }
}
