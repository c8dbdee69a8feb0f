package weir.client;

import io.aeron.CommonContext;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import weir.protocol.ClientLogonText;
import weir.protocol.Streams;

/** What a client needs. Fluent; frozen by {@link #conclude()}, which {@link WeirClient#launch} calls. */
public final class WeirClientContext {
    /** System property that overrides the Aeron directory; the default is Aeron's own. */
    public static final String AERON_DIR_PROPERTY = "weir.client.aeron.dir";

    private String aeronDirectory =
        System.getProperty(AERON_DIR_PROPERTY, CommonContext.getAeronDirectoryName());
    private String entryChannel = "aeron:ipc";
    private String responseChannel = "aeron:ipc";
    private int responseStreamId;
    private String keyId;
    private char[] secret;
    private ClientListener listener;
    private long nextExpectedReportSeq = 1;
    private boolean resetSeqNum;
    private int windowCapacity = 1_024;
    private long replyTimeoutNs = TimeUnit.SECONDS.toNanos(5);
    private long backoffMinNs = TimeUnit.MILLISECONDS.toNanos(100);
    private long backoffMaxNs = TimeUnit.SECONDS.toNanos(5);
    private long driverTimeoutMs = 10_000;
    private EpochClock epochClock = SystemEpochClock.INSTANCE;
    private NanoClock nanoClock = SystemNanoClock.INSTANCE;
    private ErrorHandler errorHandler;
    private Path commandLog;
    private boolean concluded;

    /** A context with defaults. */
    public WeirClientContext() {
        // Defaults only.
    }

    /**
     * Checks and freezes.
     *
     * @return this
     */
    public WeirClientContext conclude() {
        if (concluded) {
            throw new IllegalStateException("context is concluded");
        }
        if (keyId == null || secret == null || listener == null || errorHandler == null) {
            throw new IllegalArgumentException("keyId, secret, listener and errorHandler are required");
        }
        if (!keyId.matches("[\\x21-\\x7e]{1,32}") || secret.length < ClientLogonText.SECRET_MIN_CHARS) {
            throw new IllegalArgumentException("keyId takes 1 to 32 printable ASCII characters, secret at least "
                + ClientLogonText.SECRET_MIN_CHARS);
        }
        if (responseStreamId < Streams.CLIENT_RESPONSE_MIN) {
            throw new IllegalArgumentException("responseStreamId is required, from " + Streams.CLIENT_RESPONSE_MIN);
        }
        if (nextExpectedReportSeq < 0 || windowCapacity < 1 || windowCapacity > 1 << 20
            || Integer.bitCount(windowCapacity) != 1) {
            throw new IllegalArgumentException("nextExpectedReportSeq or windowCapacity out of range");
        }
        if (replyTimeoutNs < 1 || backoffMinNs < 1 || backoffMaxNs < backoffMinNs || driverTimeoutMs < 100) {
            throw new IllegalArgumentException("a timeout is out of range");
        }
        concluded = true;
        return this;
    }

    /**
     * Directory of the media driver; default: system property {@value #AERON_DIR_PROPERTY}, then Aeron's default. For
     * IPC it is the entry driver's of the router, for UDP that of a driver of your own.
     *
     * @param value directory
     * @return this
     */
    public WeirClientContext aeronDirectory(final String value) {
        aeronDirectory = open(value);
        return this;
    }

    /**
     * Channel to the gateway; default {@code aeron:ipc}, or {@code aeron:udp?endpoint=address:port}.
     *
     * @param value channel URI
     * @return this
     */
    public WeirClientContext entryChannel(final String value) {
        entryChannel = open(value);
        return this;
    }

    /**
     * Channel of the answers: exactly {@code aeron:ipc}, or {@code aeron:udp?endpoint=address:port} with an address of
     * this machine that the gateway's configuration allows.
     *
     * @param value channel URI
     * @return this
     */
    public WeirClientContext responseChannel(final String value) {
        responseChannel = open(value);
        return this;
    }

    /**
     * Stream of the answers, from {@link Streams#CLIENT_RESPONSE_MIN}; your own among all clients of the channel.
     *
     * @param value stream id
     * @return this
     */
    public WeirClientContext responseStreamId(final int value) {
        responseStreamId = open(value);
        return this;
    }

    /**
     * Key id.
     *
     * @param value 1 to 32 printable ASCII characters
     * @return this
     */
    public WeirClientContext keyId(final String value) {
        keyId = open(value);
        return this;
    }

    /**
     * Secret of the key. Wiped at launch.
     *
     * @param value at least 16 characters
     * @return this
     */
    public WeirClientContext secret(final char[] value) {
        secret = open(value);
        return this;
    }

    /**
     * Who hears.
     *
     * @param value listener
     * @return this
     */
    public WeirClientContext listener(final ClientListener value) {
        listener = open(value);
        return this;
    }

    /**
     * First report that the application lacks; default 1, everything that is kept; 0 = only what comes from now on.
     *
     * @param value number
     * @return this
     */
    public WeirClientContext nextExpectedReportSeq(final long value) {
        nextExpectedReportSeq = open(value);
        return this;
    }

    /**
     * True: the first logon starts the command numbers again at 1. Default false: go on after the last one that the
     * router has.
     *
     * @param value flag
     * @return this
     */
    public WeirClientContext resetSeqNum(final boolean value) {
        resetSeqNum = open(value);
        return this;
    }

    /**
     * Commands kept until the router is known to have journaled them; default 1024.
     *
     * @param value power of two
     * @return this
     */
    public WeirClientContext windowCapacity(final int value) {
        windowCapacity = open(value);
        return this;
    }

    /**
     * How long a connection or the answer to a logon may take; default 5 s.
     *
     * @param value ns
     * @return this
     */
    public WeirClientContext replyTimeoutNs(final long value) {
        replyTimeoutNs = open(value);
        return this;
    }

    /**
     * Wait before a new attempt: the first, doubled each time, and the longest; default 100 ms and 5 s.
     *
     * @param minNs first
     * @param maxNs longest
     * @return this
     */
    public WeirClientContext backoff(final long minNs, final long maxNs) {
        backoffMinNs = open(minNs);
        backoffMaxNs = maxNs;
        return this;
    }

    /**
     * How long a silent media driver counts as alive; default 10 s.
     *
     * @param value ms
     * @return this
     */
    public WeirClientContext driverTimeoutMs(final long value) {
        driverTimeoutMs = open(value);
        return this;
    }

    /**
     * Clock of the logon's timestamp; default the system's.
     *
     * @param value epoch ms
     * @return this
     */
    public WeirClientContext epochClock(final EpochClock value) {
        epochClock = open(value);
        return this;
    }

    /**
     * Clock of timeouts; default the system's.
     *
     * @param value ns
     * @return this
     */
    public WeirClientContext nanoClock(final NanoClock value) {
        nanoClock = open(value);
        return this;
    }

    /**
     * Told of errors of Aeron, and of exceptions of the listener. Never of secrets.
     *
     * @param value handler
     * @return this
     */
    public WeirClientContext errorHandler(final ErrorHandler value) {
        errorHandler = open(value);
        return this;
    }

    String aeronDirectory() {
        return aeronDirectory;
    }

    String entryChannel() {
        return entryChannel;
    }

    String responseChannel() {
        return responseChannel;
    }

    int responseStreamId() {
        return responseStreamId;
    }

    String keyId() {
        return keyId;
    }

    char[] secret() {
        return secret;
    }

    ClientListener listener() {
        return listener;
    }

    long nextExpectedReportSeq() {
        return nextExpectedReportSeq;
    }

    boolean resetSeqNum() {
        return resetSeqNum;
    }

    /**
     * File for a record of what is sent and heard, in the form of a desk's raw FIX log; default none. Goes on where it
     * ended. A line is one write of the caller's thread.
     *
     * @param value file
     * @return this
     */
    public WeirClientContext commandLog(final Path value) {
        commandLog = open(value);
        return this;
    }

    Path commandLog() {
        return commandLog;
    }

    int windowCapacity() {
        return windowCapacity;
    }

    long replyTimeoutNs() {
        return replyTimeoutNs;
    }

    long backoffMinNs() {
        return backoffMinNs;
    }

    long backoffMaxNs() {
        return backoffMaxNs;
    }

    long driverTimeoutMs() {
        return driverTimeoutMs;
    }

    EpochClock epochClock() {
        return epochClock;
    }

    NanoClock nanoClock() {
        return nanoClock;
    }

    ErrorHandler errorHandler() {
        return errorHandler;
    }

    private <T> T open(final T value) {
        if (concluded) {
            throw new IllegalStateException("context is concluded");
        }
        return value;
    }
}
