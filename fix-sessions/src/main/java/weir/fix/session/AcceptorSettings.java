package weir.fix.session;

import quickfix.Acceptor;
import quickfix.Session;
import quickfix.SessionFactory;
import quickfix.SessionID;
import quickfix.SessionSettings;
import weir.fix.desk.DeskConfig;
import weir.fix.desk.SessionDay;

import java.net.InetSocketAddress;
import java.time.DayOfWeek;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.Collection;
import java.util.Locale;
import java.util.TimeZone;
import java.util.stream.Collectors;

/**
 * QuickFIX/J's settings for the acceptor. Every setting that has a meaning for time, size or security is set, whatever
 * its default. TLS is not among them: the gateway puts its own filter into the chain.
 */
public final class AcceptorSettings {
    /** Resource: transport dictionary. */
    public static final String TRANSPORT_DICTIONARY = "weir/fix/desk-fixt11.xml";
    /** Resource: application dictionary. */
    public static final String APPLICATION_DICTIONARY = "weir/fix/desk-fix50sp2.xml";
    /** BeginString(8). */
    public static final String BEGIN_STRING = "FIXT.1.1";
    /** DefaultApplVerID(1137): FIX 5.0 SP2. */
    public static final String APPL_VER_ID = "9";

    private AcceptorSettings() {
    }

    /**
     * Session of a desk.
     *
     * @param desk         whose
     * @param targetCompId our CompID
     * @return id as QuickFIX/J sees it, our side first
     */
    public static SessionID sessionId(final DeskConfig desk, final String targetCompId) {
        return new SessionID(BEGIN_STRING, targetCompId, desk.compId());
    }

    /**
     * Settings for all desks.
     *
     * @param desks                  sessions
     * @param targetCompId           our CompID
     * @param address                to listen on; port 0 = any
     * @param maxScheduledWrites     messages waiting for a desk that does not read, before it is disconnected
     * @return settings
     */
    public static SessionSettings of(final Collection<DeskConfig> desks, final String targetCompId,
        final InetSocketAddress address, final int maxScheduledWrites) {
        final SessionSettings settings = new SessionSettings();
        settings.setString(SessionFactory.SETTING_CONNECTION_TYPE, SessionFactory.ACCEPTOR_CONNECTION_TYPE);
        settings.setString(Acceptor.SETTING_SOCKET_ACCEPT_ADDRESS, address.getAddress().getHostAddress());
        settings.setLong(Acceptor.SETTING_SOCKET_ACCEPT_PORT, address.getPort());
        settings.setBool("SocketReuseAddress", true);
        settings.setBool("SocketTcpNoDelay", true);
        settings.setBool("SocketKeepAlive", true);
        settings.setBool("SocketSynchronousWrites", false);
        settings.setBool("SocketUseSSL", false);
        settings.setString(Session.SETTING_DEFAULT_APPL_VER_ID, APPL_VER_ID);
        settings.setString(Session.SETTING_TRANSPORT_DATA_DICTIONARY, TRANSPORT_DICTIONARY);
        settings.setString(Session.SETTING_APP_DATA_DICTIONARY, APPLICATION_DICTIONARY);
        settings.setBool(Session.SETTING_USE_DATA_DICTIONARY, true);
        settings.setBool(Session.SETTING_VALIDATE_INCOMING_MESSAGE, true);
        settings.setBool(Session.SETTING_VALIDATE_FIELDS_OUT_OF_ORDER, true);
        settings.setBool(Session.SETTING_VALIDATE_FIELDS_HAVE_VALUES, true);
        settings.setBool(Session.SETTING_VALIDATE_USER_DEFINED_FIELDS, true);
        settings.setBool(Session.SETTING_VALIDATE_UNORDERED_GROUP_FIELDS, true);
        settings.setBool(Session.SETTING_VALIDATE_CHECKSUM, true);
        settings.setBool(Session.SETTING_VALIDATE_SEQUENCE_NUMBERS, true);
        settings.setBool(Session.SETTING_ALLOW_UNKNOWN_MSG_FIELDS, false);
        settings.setBool(Session.SETTING_CHECK_COMP_ID, true);
        // DeskApplication does, by both clocks.
        settings.setBool(Session.SETTING_CHECK_LATENCY, false);
        settings.setBool(Session.SETTING_REJECT_GARBLED_MESSAGE, false);
        settings.setBool(Session.SETTING_REJECT_INVALID_MESSAGE, true);
        settings.setBool(Session.SETTING_REJECT_MESSAGE_ON_UNHANDLED_EXCEPTION, true);
        settings.setBool(Session.SETTING_REQUIRES_ORIG_SENDING_TIME, true);
        settings.setBool(Session.SETTING_LOG_MESSAGE_WHEN_SESSION_NOT_FOUND, false);
        settings.setBool(Session.SETTING_PERSIST_MESSAGES, true);
        settings.setBool(Session.SETTING_RESET_ON_LOGON, false);
        settings.setBool(Session.SETTING_RESET_ON_LOGOUT, false);
        settings.setBool(Session.SETTING_RESET_ON_DISCONNECT, false);
        settings.setBool(Session.SETTING_RESET_ON_ERROR, false);
        settings.setBool(Session.SETTING_DISCONNECT_ON_ERROR, false);
        settings.setBool(Session.SETTING_REFRESH_ON_LOGON, false);
        settings.setBool(Session.SETTING_ENABLE_NEXT_EXPECTED_MSG_SEQ_NUM, false);
        settings.setBool(Session.SETTING_ALLOW_POS_DUP_MESSAGES, false);
        settings.setString(Session.SETTING_TIMESTAMP_PRECISION, "MICROS");
        settings.setLong(Session.SETTING_LOGON_TIMEOUT, 10);
        settings.setLong(Session.SETTING_LOGOUT_TIMEOUT, 2);
        settings.setLong(Session.SETTING_MAX_SCHEDULED_WRITE_REQUESTS, maxScheduledWrites);
        for (final DeskConfig desk : desks) {
            final SessionID id = sessionId(desk, targetCompId);
            settings.setString(id, "BeginString", BEGIN_STRING);
            settings.setString(id, "SenderCompID", targetCompId);
            settings.setString(id, "TargetCompID", desk.compId());
            schedule(settings, id, desk.sessionDay());
        }
        return settings;
    }

    private static void schedule(final SessionSettings settings, final SessionID id, final SessionDay day) {
        settings.setBool(id, Session.SETTING_NON_STOP_SESSION, day.isNonStop());
        if (!day.isNonStop()) {
            final DateTimeFormatter format = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
            settings.setString(id, Session.SETTING_START_TIME, day.start().format(format));
            settings.setString(id, Session.SETTING_END_TIME, day.end().format(format));
            // QuickFIX/J knows the older ids: UTC for Z, GMT+01:00 for +01:00.
            settings.setString(id, Session.SETTING_TIMEZONE, TimeZone.getTimeZone(day.zone()).getID());
            if (!day.weekdays().isEmpty()) {
                settings.setString(id, Session.SETTING_WEEKDAYS, day.weekdays().stream()
                    .map((DayOfWeek weekday) -> weekday.getDisplayName(TextStyle.SHORT, Locale.ENGLISH))
                    .collect(Collectors.joining(",")));
            }
        }
    }
}
