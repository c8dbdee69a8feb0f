package weir.venue.market;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.EpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.protocol.Scale;
import weir.protocol.Venues;
import weir.protocol.sbe.InstrumentStatus;
import weir.venue.FeedSocket;
import weir.venue.LazyFillBucket;
import weir.venue.ReconnectBackoff;
import weir.venue.WireLimits;

/**
 * Market data of one venue: the list of instruments by REST at start, every {@code refresh} and when the feed says
 * that a state changed; prices by WebSocket (where there is a public one, else by REST at intervals), and by REST on a
 * new connection, after a gap, and when a quiet instrument's price has reached half of its maximum age. What fails
 * keeps what was known in force and is tried again with back-off. Market agent's thread.
 */
final class VenueFeed implements MarketSink {
    private static final Logger LOG = LoggerFactory.getLogger(VenueFeed.class);
    private static final int MESSAGES_PER_CYCLE = 256;
    private static final long PING_NS = 30_000_000_000L;
    private static final long MS = 1_000_000L;
    /** Pause before a price is asked for again after a failure, and after an answer. */
    private static final long ASK_AGAIN_NS = 1_000 * MS;
    private static final long ASK_PAUSE_NS = 100 * MS;

    private final VenueMarket market;
    private final String name;
    private final URI socketUri;
    private final HttpClient client;
    private final ObjectReader json;
    private final MarketPublisher publisher;
    private final MarketCounters counters;
    private final EpochNanoClock clock;
    private final PublicRest rest;
    private final Duration timeout;
    private final long refreshNs;
    private final long silenceNs;
    private final ReconnectBackoff socketBackoff;
    private final ReconnectBackoff loadBackoff;
    private final FeedDelay delay = new FeedDelay();
    private final Map<String, PriceSlot> slots = new LinkedHashMap<>();
    private final Map<String, byte[]> inForce = new HashMap<>();
    private final Map<String, String> states = new HashMap<>();
    private final Map<String, Long> waitingByPath = new HashMap<>();
    private final Set<String> listed = new HashSet<>();
    private final Set<String> gone = new HashSet<>();
    private final List<JsonNode> answers = new ArrayList<>();
    private final List<String> feedSymbols = new ArrayList<>();
    private final List<PriceSlot> turns;
    private final ArrayDeque<Outgoing> waiting = new ArrayDeque<>();
    private final WireLimits.Line line;
    private final boolean ticks;
    private FeedSocket socket;
    private boolean subscribed;
    private boolean heard;
    private boolean held;
    private long heardNs;
    private long pingNs;
    private long connectAtNs;
    private long loadAtNs;
    private long listedNs;
    private boolean loading;
    private boolean asking;
    private boolean listHeld;
    private boolean loads;
    private boolean reload;
    private long loadedLists;
    private long pollAtNs;
    private int firstTurn;
    /** While an answer about a price is read: of which instrument, and when it was asked for; has it one? */
    private PriceSlot answeredSlot;
    private long askedNs;
    private boolean priced;

    /** A message that waits for the limits of the contract: first for its channels, then for itself. */
    private record Outgoing(String text, int channels) {
    }

    VenueFeed(final MarketData.Context context, final MarketData.Venue venue, final HttpClient client,
        final ObjectReader json, final MarketPublisher publisher) {
        market = venue.market();
        name = Venues.name(market.venueId());
        socketUri = venue.socket();
        this.client = client;
        this.json = json;
        this.publisher = publisher;
        counters = context.counters();
        clock = context.clock();
        timeout = Duration.ofMillis(context.timeoutMs());
        rest = new PublicRest(client, venue.rest(), timeout,
            new LazyFillBucket(venue.restPerSecond(), venue.restBurst()), json, counters);
        line = venue.wire().line(0);
        refreshNs = context.refreshMs() * MS;
        silenceNs = context.silenceMs() * MS;
        final long seed = System.nanoTime();
        socketBackoff = new ReconnectBackoff(context.reconnectMinMs() * MS, context.reconnectMaxMs() * MS, seed);
        loadBackoff = new ReconnectBackoff(context.reconnectMinMs() * MS, context.reconnectMaxMs() * MS, seed + 1);
        for (final Listing listing : venue.listings()) {
            slots.put(listing.venueSymbol(), new PriceSlot(listing, context.conflateMs() * MS));
            loads |= listing.load();
            if (listing.feed()) {
                feedSymbols.add(listing.venueSymbol());
            }
            if (listing.inForce() != null) {
                inForce.put(listing.venueSymbol(), listing.inForce());
            }
        }
        turns = List.copyOf(slots.values());
        ticks = !feedSymbols.isEmpty() && socketUri != null;
        if (socketUri == null) {
            slots.values().forEach(PriceSlot::want);
        }
        connectAtNs = System.nanoTime();
        loadAtNs = connectAtNs;
        pollAtNs = connectAtNs;
    }

    int doWork(final long nowNs) {
        return rest.poll() + messages(nowNs) + connection(nowNs) + load(nowNs) + prices(nowNs);
    }

    /** Desk symbols that are to be loaded and were on no list yet. */
    List<String> missing() {
        return slots.values().stream().map(PriceSlot::listing)
            .filter(listing -> listing.load() && !listed.contains(listing.venueSymbol()))
            .map(listing -> listing.symbol() + " (" + listing.venueSymbol() + " at " + name + ')').toList();
    }

    /** Was a complete list read, or is there nothing to load? */
    boolean isLoaded() {
        return !loads || loadedLists > 0;
    }

    void close() {
        if (socket != null) {
            socket.abort();
        }
    }

    private int messages(final long nowNs) {
        int count = 0;
        while (socket != null && count < MESSAGES_PER_CYCLE) {
            final String text = socket.poll();
            if (text == null) {
                break;
            }
            count++;
            heardNs = nowNs;
            if (!heard) {
                heard = true;
                socketBackoff.reset();
            }
            counters.increment(MarketCounter.MESSAGES);
            try {
                market.onMessage(json.readTree(text), this);
            } catch (final JsonProcessingException | IllegalArgumentException ex) {
                garbage("feed", ex);
                slots.values().forEach(PriceSlot::want); // it may have been a price
            }
        }
        return count;
    }

    private int connection(final long nowNs) {
        if (!ticks) {
            return 0;
        }
        if (market.pollMs() > 0) {
            return poll(nowNs);
        }
        if (socket == null) {
            if (nowNs - connectAtNs < 0 || !admitted(line.tryConnect(nowNs))) {
                return 0;
            }
            socket = FeedSocket.connect(client, socketUri, timeout);
            subscribed = false;
            heard = false;
            heardNs = nowNs;
            return 1;
        }
        if (socket.ended() != null) {
            lost(nowNs, socket.ended());
            return 1;
        }
        if (socket.isOpen() && !subscribed) {
            subscribed = true;
            line.opened(nowNs);
            counters.increment(MarketCounter.CONNECTS);
            LOG.info("{} feed: connected", name);
            delay.reset();
            states.clear();
            subscribe();
            slots.values().forEach(PriceSlot::want);
            reload = loadedLists > 0;
            heardNs = nowNs;
            pingNs = nowNs;
            return 1;
        }
        if (nowNs - heardNs > Math.max(silenceNs, subscribed ? 0 : timeout.toNanos())) {
            counters.increment(MarketCounter.SILENCES);
            socket.abort();
            lost(nowNs, "nothing heard for " + (nowNs - heardNs) / MS + " ms");
            return 1;
        }
        if (subscribed && nowNs - pingNs > (nowNs - heardNs > silenceNs / 2 ? Math.min(silenceNs / 2, PING_NS)
            : PING_NS)) { // a quiet market is asked whether it is one before it is taken for a dead line
            pingNs = nowNs;
            market.ping().ifPresent(ping -> waiting.addLast(new Outgoing(ping, 0)));
        }
        return flush(nowNs);
    }

    /** What has no channel on this connection any more is priced by asking. */
    private void subscribe() {
        // one name that the venue does not know may refuse all that are asked for with it
        final List<String> symbols = feedSymbols.stream().filter(symbol -> !gone.contains(symbol)).toList();
        final int most = Math.min(symbols.size(), market.symbolsMax(line.room(market.subscribes())));
        if (most < symbols.size()) {
            LOG.warn("{} feed: channels for {} of {} instruments; the others are asked for", name, most,
                symbols.size());
        }
        try {
            for (final String message : market.subscriptions(symbols.subList(0, Math.max(0, most)))) {
                waiting.addLast(new Outgoing(message, market.channelsOf(json.readTree(message))));
            }
        } catch (final JsonProcessingException ex) {
            throw new IllegalStateException(ex);
        }
    }

    private int flush(final long nowNs) {
        int work = 0;
        while (!waiting.isEmpty()) {
            final Outgoing next = waiting.peekFirst();
            if (next.channels > 0) {
                if (!admitted(line.trySend(market.subscribes(), next.channels, nowNs))) {
                    break;
                }
                waiting.removeFirst();
                waiting.addFirst(new Outgoing(next.text, 0));
            }
            if (!admitted(line.trySend(WireLimits.MESSAGE, 1, nowNs))) {
                break;
            }
            socket.send(waiting.removeFirst().text);
            work++;
        }
        return work;
    }

    private boolean admitted(final boolean admitted) {
        if (!admitted && !held) {
            counters.increment(MarketCounter.LIMIT_HOLDS);
        }
        held = !admitted;
        return admitted;
    }

    /** A venue without a public feed is asked for its prices. */
    private int poll(final long nowNs) {
        if (nowNs - pollAtNs < 0) {
            return 0;
        }
        pollAtNs = nowNs + market.pollMs() * MS;
        slots.values().forEach(PriceSlot::want);
        return 1;
    }

    private void lost(final long nowNs, final String why) {
        counters.increment(MarketCounter.DISCONNECTS);
        final long waitNs = socketBackoff.nextDelayNs();
        LOG.warn("{} feed: {}; again in {} ms", name, why, waitNs / MS);
        socket = null;
        waiting.clear();
        line.closed(nowNs);
        connectAtNs = nowNs + waitNs;
    }

    private int load(final long nowNs) {
        if (!loading) {
            if (!loads || nowNs - loadAtNs < 0 && !(reload && nowNs - listedNs >= ASK_AGAIN_NS)) {
                return 0;
            }
            reload = false;
            loading = true;
            answers.clear();
        }
        return asking ? 0 : askList(nowNs);
    }

    /** The next page of the list; while the budget does not admit it, nothing else is asked for. */
    private int askList(final long nowNs) {
        final List<String> paths = market.instrumentPaths();
        if (answers.size() == paths.size()) {
            onList(nowNs);
            return 1;
        }
        asking = rest.tryGet(paths.get(answers.size()), nowNs, this::onListAnswer);
        listHeld = !asking;
        return asking ? 1 : 0;
    }

    private void onListAnswer(final JsonNode answer) {
        asking = false;
        if (answer == null) {
            retryLoad(System.nanoTime());
        } else {
            answers.add(answer);
        }
    }

    private void retryLoad(final long nowNs) {
        loading = false;
        loadAtNs = nowNs + loadBackoff.nextDelayNs();
    }

    private void onList(final long nowNs) {
        final Set<String> before = Set.copyOf(listed);
        listed.clear();
        try {
            market.onInstruments(answers, this);
        } catch (final IllegalArgumentException ex) {
            listed.addAll(before);
            garbage("instruments", ex);
            retryLoad(nowNs);
            return;
        }
        loading = false;
        loadedLists++;
        listedNs = nowNs;
        loadAtNs = nowNs + refreshNs;
        loadBackoff.reset();
        counters.increment(MarketCounter.LOADS);
        boolean back = false;
        for (final PriceSlot slot : slots.values()) {
            final String symbol = slot.listing().venueSymbol();
            if (slot.listing().load() && !listed.contains(symbol)) {
                disappeared(symbol);
            } else {
                back |= gone.remove(symbol);
            }
        }
        if (back && subscribed && socket != null) {
            socket.abort();
            lost(nowNs, "what had disappeared is listed again");
        }
    }

    private void disappeared(final String symbol) {
        if (gone.add(symbol)) {
            counters.increment(MarketCounter.DISAPPEARED);
            LOG.warn("{}: {} is not on the venue's list; halted", name, symbol);
        }
        final byte[] frame = inForce.get(symbol);
        if (frame != null && MarketPublisher.status(frame) != InstrumentStatus.HALTED) {
            force(symbol, MarketPublisher.in(frame, InstrumentStatus.HALTED));
        }
    }

    private void force(final String symbol, final byte[] frame) {
        if (!Arrays.equals(frame, inForce.put(symbol, frame))) {
            counters.increment(MarketCounter.CHANGES);
            publisher.change(frame);
        }
    }

    @Override
    public void onInstrument(final LoadedInstrument instrument) {
        final PriceSlot slot = slots.get(instrument.venueSymbol());
        if (slot == null || !slot.listing().load() || !listed.add(instrument.venueSymbol())) {
            return;
        }
        final List<String> dropped = new ArrayList<>();
        final LoadedInstrument terms = StrictTerms.join(slot.listing(), instrument, dropped);
        final byte[] frame = publisher.encode(slot.listing(), market.venueId(), terms);
        if (!Arrays.equals(frame, inForce.get(instrument.venueSymbol()))) {
            LOG.info("{}: {} {}", name, slot.listing().symbol(), terms);
            if (!dropped.isEmpty()) {
                LOG.warn("{}: {} of {} is looser than the venue's or no multiple of its step; the venue's holds", name,
                    dropped, slot.listing().symbol());
            }
        }
        force(instrument.venueSymbol(), frame);
    }

    @Override
    public void onUnusableInstrument(final String venueSymbol, final String why) {
        final PriceSlot slot = slots.get(venueSymbol);
        if (slot != null && slot.listing().load()) {
            counters.increment(MarketCounter.INEXACT);
            LOG.warn("{}: {} cannot be used: {}", name, venueSymbol, why);
        }
    }

    @Override
    public void onPrice(final String venueSymbol, final long bid, final long ask, final long last,
        final long venueNs) {
        final PriceSlot slot = slots.get(venueSymbol);
        if (slot == null || !slot.listing().feed()) {
            return;
        }
        counters.increment(MarketCounter.PRICES);
        if (bid <= 0 && ask <= 0 && last <= 0) {
            return; // an empty book says nothing; what was known grows old
        }
        if (bid > 0 && ask > 0 && bid > ask) {
            counters.increment(MarketCounter.CROSSED);
        }
        final boolean waiting = slot.isDirty();
        final boolean answered = answeredSlot != null;
        priced |= slot == answeredSlot;
        if (!(answered ? slot.onAnswer(none(bid), none(ask), none(last), askedNs)
            : slot.onTick(none(bid), none(ask), none(last), delay.observedNs(clock.nanoTime(), venueNs)))) {
            counters.increment(MarketCounter.OUT_OF_ORDER);
        } else if (waiting) {
            counters.increment(MarketCounter.CONFLATED);
        }
    }

    @Override
    public void onState(final String venueSymbol, final String state) {
        final String before = states.put(venueSymbol, state);
        if (before != null && !before.equals(state)) {
            reload = true;
        }
    }

    @Override
    public void onGap(final String venueSymbol) {
        final PriceSlot slot = slots.get(venueSymbol);
        if (slot != null) {
            counters.increment(MarketCounter.GAPS);
            slot.want();
        }
    }

    @Override
    public void count(final MarketCounter counter) {
        counters.increment(counter);
    }

    private int prices(final long nowNs) {
        int work = 0;
        final long epochNs = clock.nanoTime();
        int nextTurn = firstTurn;
        for (int i = 0; i < turns.size(); i++) {
            final int turn = (firstTurn + i) % turns.size();
            final PriceSlot slot = turns.get(turn);
            if (slot.isDue(nowNs) && publisher.tryPublish(slot)) {
                slot.onSent(nowNs);
                counters.increment(MarketCounter.PRICES_SENT);
                work++;
            }
            final int staleness = slot.staleness(epochNs);
            if (staleness > 0) {
                counters.increment(MarketCounter.STALE);
                LOG.warn("{}: the price of {} is stale", name, slot.listing().symbol());
            } else if (staleness < 0) {
                LOG.info("{}: {} has a price again", name, slot.listing().symbol());
            }
            if (!listHeld && slot.wantsAnswer(epochNs, nowNs) && !gone.contains(slot.listing().venueSymbol())
                && ask(slot, nowNs, epochNs)) {
                nextTurn = turn + 1;
                work++;
            }
        }
        firstTurn = turns.isEmpty() ? 0 : nextTurn % turns.size(); // who was asked for waits for the others
        return work;
    }

    private boolean ask(final PriceSlot slot, final long nowNs, final long epochNs) {
        final String symbol = slot.listing().venueSymbol();
        final String path = market.pricePath(symbol);
        final Long waitUntilNs = waitingByPath.get(path);
        if (waitUntilNs != null && nowNs - waitUntilNs < 0) {
            return false;
        }
        final boolean asked = rest.tryGet(path, nowNs, answer -> {
            waitingByPath.put(path, System.nanoTime() + (answer == null ? ASK_AGAIN_NS : ASK_PAUSE_NS));
            slot.asked(false);
            onPriceAnswer(slot, path, epochNs, answer);
        });
        if (asked) {
            slot.asked(true);
            waitingByPath.put(path, nowNs + timeout.toNanos());
        }
        return asked;
    }

    private void onPriceAnswer(final PriceSlot slot, final String path, final long epochNs, final JsonNode answer) {
        final String symbol = slot.listing().venueSymbol();
        priced = false;
        if (answer == null) {
            market.onNoPriceAnswer(symbol);
        } else {
            read(slot, epochNs, answer);
        }
        if (!priced && path.equals(market.pricePath(symbol))) { // and this was no first half
            slot.onNoPrice(System.nanoTime());
        }
    }

    private void read(final PriceSlot slot, final long epochNs, final JsonNode answer) {
        answeredSlot = slot;
        askedNs = epochNs;
        try {
            market.onPriceAnswer(slot.listing().venueSymbol(), answer, this);
        } catch (final IllegalArgumentException ex) {
            garbage("price", ex);
        } finally {
            answeredSlot = null;
        }
    }

    private void garbage(final String what, final Exception ex) {
        counters.increment(MarketCounter.GARBAGE);
        LOG.warn("{} {}: not understood: {}", name, what, ex.getMessage());
    }

    private static long none(final long value) {
        return value <= 0 ? Scale.NULL : value;
    }
}
