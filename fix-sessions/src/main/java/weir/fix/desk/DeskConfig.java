package weir.fix.desk;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * One desk: a FIX session of a tenant. Fluent while it is built, checked and frozen by {@link #conclude()}, which the
 * gateway calls.
 */
public final class DeskConfig {
    private static final String COMP_ID = "[A-Za-z0-9_.-]{1,32}";

    private int sessionId;
    private int tenantId;
    private String compId;
    private int minHeartbeatS = 5;
    private int maxHeartbeatS = 60;
    private SessionDay sessionDay = SessionDay.NON_STOP;
    private final List<Credential> credentials = new ArrayList<>();
    private final List<CidrBlock> allowedAddresses = new ArrayList<>();
    private boolean concluded;

    /**
     * Checks and freezes.
     *
     * @return this
     */
    public DeskConfig conclude() {
        if (concluded) {
            return this;
        }
        if (sessionId <= 0 || tenantId <= 0) {
            throw new IllegalArgumentException("desk " + compId + ": sessionId and tenantId must be positive");
        }
        if (compId == null || !compId.matches(COMP_ID)) {
            throw new IllegalArgumentException("desk " + sessionId + ": compId must match " + COMP_ID);
        }
        if (credentials.isEmpty()) {
            throw new IllegalArgumentException("desk " + compId + ": no credential");
        }
        if (minHeartbeatS < 1 || maxHeartbeatS < minHeartbeatS) {
            throw new IllegalArgumentException("desk " + compId + ": heartbeat bounds must be 1 <= min <= max");
        }
        concluded = true;
        return this;
    }

    /**
     * Id of the session in every command and report.
     *
     * @param value positive, unique
     * @return this
     */
    public DeskConfig sessionId(final int value) {
        checkOpen();
        sessionId = value;
        return this;
    }

    /**
     * Id of the session.
     *
     * @return positive
     */
    public int sessionId() {
        return sessionId;
    }

    /**
     * Tenant that pays.
     *
     * @param value positive
     * @return this
     */
    public DeskConfig tenantId(final int value) {
        checkOpen();
        tenantId = value;
        return this;
    }

    /**
     * Tenant that pays.
     *
     * @return positive
     */
    public int tenantId() {
        return tenantId;
    }

    /**
     * SenderCompID(49) of the desk.
     *
     * @param value letters, digits, {@code _ . -}, at most 32, unique
     * @return this
     */
    public DeskConfig compId(final String value) {
        checkOpen();
        compId = value;
        return this;
    }

    /**
     * SenderCompID(49) of the desk.
     *
     * @return CompID
     */
    public String compId() {
        return compId;
    }

    /**
     * Bounds of HeartBtInt(108).
     *
     * @param minS lowest, in seconds (default 5)
     * @param maxS highest, in seconds (default 60)
     * @return this
     */
    public DeskConfig heartbeatBounds(final int minS, final int maxS) {
        checkOpen();
        minHeartbeatS = minS;
        maxHeartbeatS = maxS;
        return this;
    }

    /**
     * Lowest HeartBtInt(108).
     *
     * @return seconds
     */
    public int minHeartbeatS() {
        return minHeartbeatS;
    }

    /**
     * Highest HeartBtInt(108).
     *
     * @return seconds
     */
    public int maxHeartbeatS() {
        return maxHeartbeatS;
    }

    /**
     * When the session runs.
     *
     * @param value schedule (default non-stop)
     * @return this
     */
    public DeskConfig sessionDay(final SessionDay value) {
        checkOpen();
        sessionDay = value;
        return this;
    }

    /**
     * When the session runs.
     *
     * @return schedule
     */
    public SessionDay sessionDay() {
        return sessionDay;
    }

    /**
     * Adds a credential; see {@link Credential} for how several combine.
     *
     * @param value password, HMAC secret or certificate binding
     * @return this
     */
    public DeskConfig credential(final Credential value) {
        checkOpen();
        credentials.add(value);
        return this;
    }

    /**
     * All credentials.
     *
     * @return in the order they were added
     */
    public List<Credential> credentials() {
        return List.copyOf(credentials);
    }

    /**
     * Adds addresses the desk may come from. None = any.
     *
     * @param cidr as {@link CidrBlock#parse(String)} takes it
     * @return this
     */
    public DeskConfig allowAddress(final String cidr) {
        checkOpen();
        allowedAddresses.add(CidrBlock.parse(cidr));
        return this;
    }

    /**
     * Asks the allow-list.
     *
     * @param address of a peer
     * @return true when the desk may come from there
     */
    public boolean allows(final InetAddress address) {
        if (allowedAddresses.isEmpty()) {
            return true;
        }
        for (final CidrBlock block : allowedAddresses) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private void checkOpen() {
        if (concluded) {
            throw new IllegalStateException("desk " + compId + " is concluded");
        }
    }
}
