package weir.venue;

import java.io.IOException;
import java.util.List;

/**
 * What the contract suite needs of a venue: its simulator with one account, the adapter, and a hand on the market. All
 * texts are decimals. One bench is used by one test and then closed.
 */
public interface VenueBench extends AutoCloseable {

    /** The account that trades. */
    int account();

    /** Venue symbol that the suite trades. */
    String symbol();

    /** A quantity of three lots or more that divides by three. */
    String qty();

    /** A third of {@link #qty()}. */
    String third();

    /** A price at which a bid rests, and meets nobody but what the suite rests or sends itself. */
    String price();

    /** Another resting price, below {@link #price()}. */
    String lowerPrice();

    /** A quantity that the venue or the adapter refuses at {@link #price()}. */
    String refusedQty();

    /** Starts the adapter, another one after {@link #stopAdapter()}, and returns when its account is up. */
    void startAdapter(EngineSide engine) throws Exception;

    /** Ends the adapter: its orders stay at the venue where the venue can be told so. */
    void stopAdapter() throws Exception;

    /** The house sells at once against what rests. */
    void take(String price, String qty);

    /** The house rests an offer. */
    void offer(String price, String qty);

    /** Client order ids, or what identifies an order as sent, of the account's open orders at the venue. */
    List<String> open();

    /** The next new order is carried out by the venue and its answer lost, together with its connection if need be. */
    void loseNextAnswerAfter();

    /** The next new order is lost before the venue acts on it, and so is its answer. */
    void loseNextAnswerBefore();

    /** Cuts every connection of the account at the venue's end. */
    void cutConnections();

    /** Whether the venue cancels what is open when the connection is cut. */
    boolean cancelsOnDisconnect();

    /** What must be in no event and no log, whole. */
    List<String> secrets();

    /** Of {@link #secrets()}, what names a connection in the open, as a SenderCompID(49) does: it may be logged. */
    default List<String> names() {
        return List.of();
    }

    /** Ports of the venue to which the adapter connects. */
    List<Integer> ports();

    /**
     * How far our clock is put off in milliseconds: more than what the adapter alarms at, less than what the venue
     * forgives.
     */
    default long skewMs() {
        return 3_000;
    }

    /** How often the venue refused a message for its rate since the start. */
    long refusedForRate();

    @Override
    void close() throws IOException;
}
