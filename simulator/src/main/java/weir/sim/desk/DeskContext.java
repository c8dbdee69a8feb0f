package weir.sim.desk;

import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;
import quickfix.Message;

/** Settings of a {@link DeskClient}. Each has a fluent setter and a getter of the same name; frozen at launch. */
public final class DeskContext {
    private String host = "127.0.0.1";
    private int port;
    private String senderCompId;
    private String targetCompId = "WEIR";
    private String username;
    private String password;
    private String hmacSecret;
    private int heartbeatSeconds = 30;
    private ResetMode resetMode = ResetMode.NEVER;
    private Path storeDirectory;
    private Path journalDirectory;
    private Path keyStore;
    private Path trustStore;
    private String storePassword = "";
    private boolean strictDictionary = true;
    private boolean sendWhileLoggedOff;
    private boolean resendMessages = true;
    private int queueCapacity = 100_000;
    private Clock clock = Clock.systemUTC();
    private Consumer<Message> logonTweak;
    private boolean concluded;

    DeskContext conclude() {
        require(!concluded, "a context serves one client");
        require(host != null && !host.isBlank(), "host is missing");
        require(port > 0 && port < 65536, "port must be 1..65535, is " + port);
        require(senderCompId != null && !senderCompId.isBlank(), "senderCompId is missing");
        require(targetCompId != null && !targetCompId.isBlank(), "targetCompId is missing");
        require(heartbeatSeconds > 0 && heartbeatSeconds <= 3600, "heartbeatSeconds must be 1..3600");
        require(hmacSecret == null || username != null, "HMAC needs the key's id in username");
        require(hmacSecret == null || password == null, "password and HMAC exclude each other");
        require(keyStore == null || trustStore != null, "TLS needs a trustStore");
        concluded = true;
        return this;
    }

    private static void require(final boolean holds, final String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    private DeskContext change() {
        require(!concluded, "the client is launched; its context is frozen");
        return this;
    }

    /** Address of the acceptor; default 127.0.0.1. */
    public DeskContext host(final String value) {
        change().host = value;
        return this;
    }

    public String host() {
        return host;
    }

    /** TCP port of the acceptor. */
    public DeskContext port(final int value) {
        change().port = value;
        return this;
    }

    public int port() {
        return port;
    }

    /** SenderCompID(49): the desk. */
    public DeskContext senderCompId(final String value) {
        change().senderCompId = value;
        return this;
    }

    public String senderCompId() {
        return senderCompId;
    }

    /** TargetCompID(56); default WEIR. */
    public DeskContext targetCompId(final String value) {
        change().targetCompId = value;
        return this;
    }

    public String targetCompId() {
        return targetCompId;
    }

    /** Username(553): the desk's user, or with HMAC the key's id. */
    public DeskContext username(final String value) {
        change().username = value;
        return this;
    }

    public String username() {
        return username;
    }

    /** Password(554). */
    public DeskContext password(final String value) {
        change().password = value;
        return this;
    }

    public String password() {
        return password;
    }

    /** Secret of the key; when set, the Logon is signed ({@link LogonSignature}). */
    public DeskContext hmacSecret(final String value) {
        change().hmacSecret = value;
        return this;
    }

    public String hmacSecret() {
        return hmacSecret;
    }

    /** HeartBtInt(108) in seconds; default 30. */
    public DeskContext heartbeatSeconds(final int value) {
        change().heartbeatSeconds = value;
        return this;
    }

    public int heartbeatSeconds() {
        return heartbeatSeconds;
    }

    /** When to send ResetSeqNumFlag(141) = Y; default never. */
    public DeskContext resetMode(final ResetMode value) {
        change().resetMode = value;
        return this;
    }

    public ResetMode resetMode() {
        return resetMode;
    }

    /** Directory of the session's files, so that sequence numbers survive this process; null keeps them in memory. */
    public DeskContext storeDirectory(final Path value) {
        change().storeDirectory = value;
        return this;
    }

    public Path storeDirectory() {
        return storeDirectory;
    }

    /** Directory of {@code client-<desk>.jsonl}; null writes none. */
    public DeskContext journalDirectory(final Path value) {
        change().journalDirectory = value;
        return this;
    }

    public Path journalDirectory() {
        return journalDirectory;
    }

    /** PKCS12 file with the desk's client certificate, for TLS. */
    public DeskContext keyStore(final Path value) {
        change().keyStore = value;
        return this;
    }

    public Path keyStore() {
        return keyStore;
    }

    /** PKCS12 file with the authority that signed the router's certificate; when set, the session uses TLS. */
    public DeskContext trustStore(final Path value) {
        change().trustStore = value;
        return this;
    }

    public Path trustStore() {
        return trustStore;
    }

    /** Password of both PKCS12 files. */
    public DeskContext storePassword(final String value) {
        change().storePassword = value;
        return this;
    }

    public String storePassword() {
        return storePassword;
    }

    /** Check what comes by the stock FIX50SP2 dictionary and answer breaches with Reject(3); default on. */
    public DeskContext strictDictionary(final boolean value) {
        change().strictDictionary = value;
        return this;
    }

    public boolean strictDictionary() {
        return strictDictionary;
    }

    /** Accept sends while logged off: they take a sequence number and leave by resend after logon; default off. */
    public DeskContext sendWhileLoggedOff(final boolean value) {
        change().sendWhileLoggedOff = value;
        return this;
    }

    public boolean sendWhileLoggedOff() {
        return sendWhileLoggedOff;
    }

    /** Answer a ResendRequest(2) with the messages, PossDup(43) = Y; off fills the gap instead. Default on. */
    public DeskContext resendMessages(final boolean value) {
        change().resendMessages = value;
        return this;
    }

    public boolean resendMessages() {
        return resendMessages;
    }

    /** Messages that may wait between socket and session; past it the socket is not read. Default 100000. */
    public DeskContext queueCapacity(final int value) {
        change().queueCapacity = value;
        return this;
    }

    public int queueCapacity() {
        return queueCapacity;
    }

    /** Clock of TransactTime(60) and of arrival stamps; SendingTime(52) is QuickFIX/J's own. */
    public DeskContext clock(final Clock value) {
        change().clock = value;
        return this;
    }

    public Clock clock() {
        return clock;
    }

    /** Last change to each Logon before it leaves: stale time, wrong signature and other hostile logons. */
    public DeskContext logonTweak(final Consumer<Message> value) {
        change().logonTweak = value;
        return this;
    }

    public Consumer<Message> logonTweak() {
        return logonTweak;
    }
}
