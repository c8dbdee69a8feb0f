package weir.sim.desk;

import quickfix.SessionID;
import quickfix.SessionSettings;

/**
 * Turns a {@link DeskContext} into QuickFIX/J settings; every setting with a time, a size or a security meaning is
 * explicit.
 */
final class DeskSettings {
    private DeskSettings() {
    }

    static SessionSettings of(final DeskContext ctx, final SessionID sessionId) {
        final SessionSettings settings = new SessionSettings();
        final Put put = (key, value) -> settings.setString(sessionId, key, value);
        put.set("ConnectionType", "initiator");
        put.set("BeginString", "FIXT.1.1");
        put.set("DefaultApplVerID", "9");
        put.set("SenderCompID", ctx.senderCompId());
        put.set("TargetCompID", ctx.targetCompId());
        put.set("SocketConnectHost", ctx.host());
        put.set("SocketConnectPort", Integer.toString(ctx.port()));
        put.set("SocketConnectTimeout", "5");
        put.set("SocketTcpNoDelay", "Y");
        put.set("HeartBtInt", Integer.toString(ctx.heartbeatSeconds()));
        put.set("ReconnectInterval", "1");
        put.set("LogonTimeout", "5");
        put.set("LogoutTimeout", "2");
        put.set("NonStopSession", "Y");
        put.set("TimeStampPrecision", "MILLIS");
        put.set("UseDataDictionary", "Y");
        put.set("TransportDataDictionary", "FIXT11.xml");
        put.set("AppDataDictionary", "FIX50SP2.xml");
        put.set("AllowUnknownMsgFields", ctx.strictDictionary() ? "N" : "Y");
        put.set("ValidateUserDefinedFields", "N");
        put.set("ValidateIncomingMessage", ctx.strictDictionary() ? "Y" : "N");
        put.set("CheckLatency", "N");
        put.set("RejectMessageOnUnhandledException", "Y");
        put.set("PersistMessages", "Y");
        if (ctx.storeDirectory() != null) {
            put.set("FileStorePath", ctx.storeDirectory().toString());
            put.set("FileStoreSync", "N");
        }
        if (ctx.trustStore() != null) {
            put.set("SocketUseSSL", "Y");
            put.set("EnabledProtocols", "TLSv1.3,TLSv1.2");
            put.set("SocketTrustStore", ctx.trustStore().toString());
            put.set("SocketTrustStorePassword", ctx.storePassword());
            put.set("TrustStoreType", "PKCS12");
            put.set("KeyStoreType", "PKCS12");
            put.set("SocketKeyStore", (ctx.keyStore() == null ? ctx.trustStore() : ctx.keyStore()).toString());
            put.set("SocketKeyStorePassword", ctx.storePassword());
        }
        return settings;
    }

    /** Sets one key of the session. */
    private interface Put {
        void set(String key, String value);
    }
}
