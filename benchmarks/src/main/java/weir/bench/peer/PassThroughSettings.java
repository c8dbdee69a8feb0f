package weir.bench.peer;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import quickfix.SessionID;
import quickfix.SessionSettings;

/**
 * QuickFIX/J's settings of the pass-through: the library's defaults, and what is set beside them. {@code tuned}
 * switches every check of an incoming message off that can be, and the dictionaries with them.
 */
final class PassThroughSettings {
    private static final String BEGIN_STRING = "FIXT.1.1";

    private final Map<String, String> shared = new TreeMap<>();
    private final Map<String, String> own = new TreeMap<>();
    private final boolean file;
    private final int venuePort;
    private final int deskPort;

    PassThroughSettings(final int venuePort, final Path directory, final String validation, final String store,
        final String writes) throws IOException {
        this.venuePort = venuePort;
        try (ServerSocket free = new ServerSocket(0)) { // the library does not say which port it got
            deskPort = free.getLocalPort();
        }
        file = store.equals("file");
        shared.put("DefaultApplVerID", "9");
        shared.put("NonStopSession", "Y");
        shared.put("HeartBtInt", "30");
        shared.put("ResetOnLogon", "Y");
        shared.put("SocketTcpNoDelay", "Y");
        own.put("FileStorePath", directory.resolve("store").toString());
        switch (validation) {
            case "default":
                shared.put("UseDataDictionary", "Y");
                shared.put("AllowUnknownMsgFields", "Y"); // the venue's fills carry 1003, which FIX50SP2.xml lacks
                break;
            case "tuned":
                for (final String check : new String[] {"UseDataDictionary", "ValidateIncomingMessage",
                    "ValidateFieldsOutOfOrder", "ValidateFieldsHaveValues", "ValidateUnorderedGroupFields",
                    "ValidateChecksum", "CheckLatency", "CheckCompID"}) {
                    shared.put(check, "N");
                }
                break;
            default:
                throw new IllegalArgumentException("validation=" + validation);
        }
        switch (store) {
            case "none":
                shared.put("PersistMessages", "N");
                break;
            case "memory":
            case "file":
                shared.put("PersistMessages", "Y");
                break;
            default:
                throw new IllegalArgumentException("store=" + store);
        }
        shared.put("SocketSynchronousWrites", writes.equals("blocking") ? "Y" : "N");
    }

    int deskPort() {
        return deskPort;
    }

    boolean storesFile() {
        return file;
    }

    SessionID desk() {
        return new SessionID(BEGIN_STRING, "WEIR", "ALPHA1");
    }

    SessionID venue() {
        return new SessionID(BEGIN_STRING, "PASSTHROUGH", "Coinbase");
    }

    SessionSettings acceptor() {
        final SessionSettings settings = new SessionSettings();
        put(settings, "acceptor", desk());
        settings.setString("SocketAcceptAddress", "127.0.0.1");
        settings.setString("SocketAcceptPort", Integer.toString(deskPort));
        return settings;
    }

    SessionSettings initiator() {
        final SessionSettings settings = new SessionSettings();
        put(settings, "initiator", venue());
        settings.setString("SocketConnectHost", "127.0.0.1");
        settings.setString("SocketConnectPort", Integer.toString(venuePort));
        settings.setString("ReconnectInterval", "1");
        return settings;
    }

    /** All of it in one line, without what names this machine. */
    String text() {
        final StringBuilder text = new StringBuilder("store=").append(file ? "FileStore" : "MemoryStore");
        shared.forEach((key, value) -> text.append(' ').append(key).append('=').append(value));
        return text.toString();
    }

    private void put(final SessionSettings settings, final String type, final SessionID session) {
        settings.setString("ConnectionType", type);
        shared.forEach(settings::setString);
        own.forEach(settings::setString);
        settings.setString(session, "BeginString", BEGIN_STRING);
        settings.setString(session, "SenderCompID", session.getSenderCompID());
        settings.setString(session, "TargetCompID", session.getTargetCompID());
    }
}
