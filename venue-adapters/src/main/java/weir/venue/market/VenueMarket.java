package weir.venue.market;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The public dialect of a venue: which REST paths and WebSocket messages say what. Holds no connection and knows no
 * time. Market agent's thread. A method that reads throws {@link IllegalArgumentException} for what is not documented:
 * the message is counted and dropped.
 */
public interface VenueMarket {
    /**
     * Venue.
     *
     * @return one of {@link weir.protocol.Venues}
     */
    int venueId();

    /**
     * REST paths whose answers together are the list of instruments.
     *
     * @return below the venue's REST base
     */
    List<String> instrumentPaths();

    /**
     * Reads a complete list.
     *
     * @param answers in the order of {@link #instrumentPaths()}
     * @param sink    gets each instrument
     */
    void onInstruments(List<JsonNode> answers, MarketSink sink);

    /**
     * REST path of the current price.
     *
     * @param venueSymbol of which; venues that answer for all at once have one path
     * @return below the venue's REST base
     */
    String pricePath(String venueSymbol);

    /**
     * Reads a price.
     *
     * @param venueSymbol for which it was asked
     * @param answer      of {@link #pricePath(String)}
     * @param sink        gets the prices
     */
    void onPriceAnswer(String venueSymbol, JsonNode answer, MarketSink sink);

    /**
     * How often prices are asked for where the venue has no public feed.
     *
     * @return milliseconds, 0 = it has a feed
     */
    default long pollMs() {
        return 0;
    }

    /**
     * The price of a symbol was asked for and could not be had: what was read for it so far is of another moment than
     * what comes next.
     *
     * @param venueSymbol that was asked for
     */
    default void onNoPriceAnswer(final String venueSymbol) {
        // most read a price from one answer
    }

    /**
     * Messages that subscribe, on a new connection; forgets what the last one said.
     *
     * @param venueSymbols of which
     * @return JSON
     */
    List<String> subscriptions(Collection<String> venueSymbols);

    /**
     * Name in the contract of the request that subscribes, where the venue counts what is subscribed.
     *
     * @return "" where it does not
     */
    default String subscribes() {
        return "";
    }

    /**
     * How many symbols so many channels are enough for.
     *
     * @param channels of a connection
     * @return symbols
     */
    default int symbolsMax(final int channels) {
        return channels;
    }

    /**
     * Channels that a message of {@link #subscriptions(Collection)} asks for.
     *
     * @param subscription one of them
     * @return as the venue counts them
     */
    default int channelsOf(final JsonNode subscription) {
        return 0;
    }

    /**
     * Reads a message of the feed.
     *
     * @param message as it came
     * @param sink    gets what it says
     */
    void onMessage(JsonNode message, MarketSink sink);

    /**
     * What keeps the connection alive.
     *
     * @return JSON to send every half minute, empty = nothing
     */
    Optional<String> ping();
}
