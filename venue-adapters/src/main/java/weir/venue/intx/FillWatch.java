package weir.venue.intx;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Looks at the portfolio's fills and open orders while orders of ours live, and a while longer: over REST the venue
 * tells nothing by itself. Fills are asked for from a little before the last one seen, so that none is missed
 * and doubles are known by their id; whole orders are asked for less often, which finds what ended without a fill.
 * Agent's thread.
 */
final class FillWatch {
    /** "result_limit": 100 at most. */
    private static final int PAGE = 100;

    private final AccountLink link;
    private final OrderRegistry registry;
    private final OrderEvents orders;
    private final VenueJson json;
    private final IntxCounters counters;
    private final EpochNanoClock epochClock;
    private final long fillsEveryNs;
    private final long ordersEveryNs;
    private final long lingerNs;
    private final long overlapNs;
    private final int pagesMax;
    private final List<Fill> seen = new ArrayList<>();
    private boolean asking;
    private long fillsAtNs;
    private long ordersAtNs;
    private long lastLiveNs;
    private long fromEpochNs;
    private boolean again;

    FillWatch(final IntxAdapter.Context context, final AccountLink link, final OrderRegistry registry,
        final OrderEvents orders, final VenueJson json, final IntxCounters counters, final long nowNs) {
        this.link = link;
        this.registry = registry;
        this.orders = orders;
        this.json = json;
        this.counters = counters;
        this.epochClock = context.epochClock();
        this.fillsEveryNs = context.fillsEveryMs() * 1_000_000L;
        this.ordersEveryNs = context.ordersEveryMs() * 1_000_000L;
        this.lingerNs = context.lingerMs() * 1_000_000L;
        this.overlapNs = context.overlapMs() * 1_000_000L;
        this.pagesMax = context.pagesMax();
        this.fillsAtNs = nowNs;
        this.ordersAtNs = nowNs;
        this.lastLiveNs = nowNs - lingerNs;
    }

    /** An answer counts fills that are not here: they are asked for at once. */
    void soon() {
        again = true;
    }

    int doWork(final long nowNs) {
        if (!link.isUp()) {
            return 0;
        }
        int work = 0;
        if (nowNs - ordersAtNs >= 0 && link.queries().isIdle()) {
            ordersAtNs = nowNs + ordersEveryNs;
            if (orders.hasLive(link.accountId())) {
                lastLiveNs = nowNs;
                link.queries().catchUp();
                work++;
            }
        }
        if (!asking && (again || nowNs - fillsAtNs >= 0)) {
            again = false;
            fillsAtNs = nowNs + fillsEveryNs;
            if (orders.hasLive(link.accountId())) {
                lastLiveNs = nowNs;
            }
            // an order may have come and gone between two looks
            if (nowNs - lastLiveNs < lingerNs || nowNs - link.instructedNs() < lingerNs) {
                if (fromEpochNs == 0) {
                    fromEpochNs = epochClock.nanoTime();
                }
                asking = true;
                seen.clear();
                counters.increment(IntxCounter.FILL_POLLS);
                ask(0);
                work++;
            }
        }
        return work;
    }

    private void ask(final int page) {
        link.askFirst(OutboundRequest.question(Endpoint.FILLS, link.forms().fillsPath(), "time_from="
            + RequestForms.encoded(Instant.ofEpochMilli((fromEpochNs - overlapNs) / 1_000_000L).toString())
            + "&result_limit=" + PAGE + "&result_offset=" + page * PAGE,
            (status, root) -> onPage(page, root == null ? null : root.get("results"))));
    }

    private void onPage(final int page, final JsonNode results) {
        if (results == null || !results.isArray()) {
            asking = false;
            return;
        }
        for (final JsonNode item : results) {
            final Fill fill = json.fill(item);
            if (fill == null) {
                counters.increment(IntxCounter.UNREADABLE_ANSWERS);
            } else {
                seen.add(fill);
            }
        }
        if (results.size() >= PAGE && page + 1 < pagesMax) {
            ask(page + 1);
            return;
        }
        asking = false;
        seen.sort(Comparator.comparingLong(Fill::execId));
        long upToNs = fromEpochNs;
        boolean waits = false;
        for (final Fill fill : seen) {
            // a fill that came before its order's answer waits for it: only the answer says whether the order took
            waits |= !take(fill);
            upToNs = waits ? upToNs : Math.max(upToNs, fill.epochNs());
        }
        fromEpochNs = upToNs;
        seen.clear();
    }

    private static boolean isFirstSeen(final LiveOrder order, final Fill fill) {
        if (order.listed == null) {
            order.listed = new HashSet<>();
        }
        return order.listed.add(fill.execId());
    }

    private boolean take(final Fill fill) {
        final LiveOrder order = registry.find(fill.venueOrderId(), fill.clientId());
        if (order == null || order.accountId != link.accountId()) {
            return true;
        }
        if (!order.acknowledged && order.inFlight > 0) {
            return false;
        }
        if (order.byFix && link.isFixUp() && !order.trades.contains(fill.execId()) && isFirstSeen(order, fill)) {
            // FIX tells it in a moment, and says who made the market
            return false;
        }
        if (!order.trades.contains(fill.execId())) {
            orders.fill(order, fill, false, false);
        }
        return true;
    }
}
