package weir.engine.route;

import weir.engine.book.OrderBook;
import weir.engine.egress.VenueMessages;
import weir.engine.journal.Verdict;
import weir.engine.registry.Accounts;
import weir.engine.registry.Registry;
import weir.engine.registry.VenueBook;
import weir.engine.throttle.Breakers;
import weir.engine.throttle.FairQueue;
import weir.engine.throttle.VenueLimits;

/**
 * Sends orders and their requests to venues as the limits allow, lets them wait where they do not, and releases them:
 * cancels first, in a lane of their own; then news and replaces, fair across tenants, in batches where these pay.
 */
public final class VenueDispatch {
    private static final int CAN_BATCH_NEW = 1 << 1;
    private static final int CAN_BATCH_CANCEL = 1 << 2;
    private static final int BATCH_SCAN = 64;
    private static final long RETRY_NS = 100_000_000L;
    private static final long NO_WAY = -1;
    /** Cancels tried behind a head that cannot go: bounds a call. What it leaves waiting is in the README. */
    private static final int LANE_SCAN = 16;
    /** Rules from which a cancel that cannot go lets those behind it pass. */
    private static final int LANE_PASSES_SINCE = 3;
    /** Rules from which an order is replaced by the second path while the first is down. */
    private static final int SECOND_REPLACES_SINCE = 3;
    /** Rules from which a held replace waits for what is unanswered on the other path, as a cancel does. */
    private static final int REPLACE_WAITS_SINCE = 3;

    private final Registry registry;
    private final OrderBook book;
    private final VenueLimits limits;
    private final Breakers breakers;
    private final Timers timers;
    private final WaitingOrders waiting;
    private final VenueMessages messages;
    private final OrderLife life;
    private final Verdict verdict;
    private final long answerTimeoutNs;
    private final int[] batch = new int[VenueBook.BATCH_MAX];
    private final int[] cancelBatch = new int[VenueBook.CANCELS_MAX];
    private final int[] gathered;
    private final boolean[] isGathered;
    private int gatheredCount;
    /** The latest {@link #passNs} or {@link #rerouteNs} let a new order pass by the second path. */
    private boolean bySecond;

    /**
     * Works on the core's tables.
     *
     * @param registry        registry
     * @param book            orders
     * @param limits          venue limits
     * @param breakers        circuits that the venue's bars open
     * @param timers          timers
     * @param waiting         queues and lanes
     * @param messages        venue messages
     * @param life            transitions
     * @param verdict         of the call
     * @param answerTimeoutNs without an answer for so long an order is UNKNOWN
     */
    public VenueDispatch(final Registry registry, final OrderBook book, final VenueLimits limits,
        final Breakers breakers, final Timers timers, final WaitingOrders waiting, final VenueMessages messages,
        final OrderLife life, final Verdict verdict, final long answerTimeoutNs) {
        this.registry = registry;
        this.book = book;
        this.limits = limits;
        this.breakers = breakers;
        this.timers = timers;
        this.waiting = waiting;
        this.messages = messages;
        this.life = life;
        this.verdict = verdict;
        this.answerTimeoutNs = answerTimeoutNs;
        gathered = new int[registry.accounts.state.length];
        isGathered = new boolean[gathered.length];
    }

    /**
     * When would one message of an order pass? Orders already waiting for the account go first.
     *
     * @param account    account slot
     * @param instrument instrument slot
     * @param kind       VenueMessageKind, raw
     * @return 0 for now, else epoch ns
     */
    public long passNs(final int account, final int instrument, final int kind) {
        bySecond = false;
        final int venue = registry.accounts.venueId[account];
        if (!breakers.admits(account)) {
            return Math.max(verdict.nowNs, breakers.untilNs(account));
        }
        if (kind == VenueLimits.NEW && registry.accounts.state[account] == Accounts.DOWN) {
            return registry.accounts.queued[account] > 0
                ? Math.max(verdict.nowNs, limits.passNs(venue, account, instrument, VenueLimits.SECOND_NEW, 1,
                    verdict.nowNs))
                : rerouteNs(account, instrument, VenueLimits.NEVER);
        }
        final long pass = limits.passNs(venue, account, instrument,
            kind == VenueLimits.REPLACE ? replaceKind(replacesBySecond(account)) : kind, 1, verdict.nowNs);
        return pass == 0 && registry.accounts.queued[account] > 0 ? verdict.nowNs : pass;
    }

    /**
     * Does a replace go by the second path: is the first down and the second up? It cancels and places anew there.
     *
     * @param account account slot
     * @return true for the second path
     */
    public boolean replacesBySecond(final int account) {
        return registry.accounts.state[account] == Accounts.DOWN && registry.accounts.hasSecond(account)
            && registry.rulesVersion >= SECOND_REPLACES_SINCE;
    }

    /** What a replace counts as, by its path: the second's is a cancel and, when that is answered, a new order. */
    private static int replaceKind(final boolean second) {
        return second ? VenueLimits.SECOND_REPLACE : VenueLimits.REPLACE;
    }

    /**
     * A new order would miss its deadline by the first path, or finds its queue full: when would it pass by the second?
     *
     * @param account    account slot
     * @param instrument instrument slot
     * @param firstNs    when it would pass by the first
     * @return 0 for now by the second, else the earlier of both
     */
    public long rerouteNs(final int account, final int instrument, final long firstNs) {
        if (!registry.accounts.hasSecond(account) || !breakers.admits(account)) {
            return firstNs;
        }
        final long second = limits.passNs(registry.accounts.venueId[account], account, instrument,
            VenueLimits.SECOND_NEW, 1, verdict.nowNs);
        bySecond = second == 0;
        return Math.min(firstNs, second);
    }

    /**
     * Sends a new order that {@link #passNs} or {@link #rerouteNs} let pass in this call, with nothing charged since,
     * by the path of which it was said.
     *
     * @param slot order
     */
    public void sendNew(final int slot) {
        limits.chargePassed(book.venueId(slot), bySecond ? VenueLimits.SECOND_NEW : VenueLimits.NEW, 1,
            verdict.nowNs);
        if (bySecond) {
            book.onSecond(slot, true);
            book.bornOnSecond(slot, true);
        }
        probes(book.account(slot));
        messages.beginNew(slot, 0, 1);
        stageNew(slot, 0);
        messages.endNew();
    }

    /**
     * Lets an order wait, as a new order or with its replace.
     *
     * @param slot   order; its queue deadline is set
     * @param passNs when the limit is expected to admit it
     */
    public void queue(final int slot, final long passNs) {
        waiting.enqueue(slot);
        timers.arm(slot);
        timers.venue(book.venueId(slot), passNs);
    }

    /**
     * Sends a replace, whose new values are set, or lets it wait: for a limit, or for the answer to another message
     * about the order on the path that is down.
     *
     * @param slot order
     */
    public void sendOrQueueReplace(final int slot) {
        final boolean second = replacesBySecond(book.account(slot));
        final long pass = mayReplaceBy(slot, second)
            ? passNs(book.account(slot), book.instrument(slot), VenueLimits.REPLACE) : VenueLimits.NEVER;
        if (pass == 0) {
            limits.tryCharge(book.venueId(slot), book.account(slot), book.instrument(slot), replaceKind(second), 1,
                verdict.nowNs);
            probes(book.account(slot));
            stageReplace(slot, second);
        } else {
            book.replacePhase(slot, OrderBook.HELD);
            queue(slot, pass);
        }
    }

    /**
     * Sends the cancel of an order at the venue, or holds it: while a replace is with the venue, while the connection
     * is down, while the limit is spent, while another message about the order is unanswered on the path that is down.
     * It is never refused.
     *
     * @param slot order, neither QUEUED nor final
     */
    public void sendOrHoldCancel(final int slot) {
        final int account = book.account(slot);
        book.cancelPhase(slot, OrderBook.HELD);
        if (book.replacePhase(slot) == OrderBook.OUT) {
            return;
        }
        if (mayLeave(account) && laneLetsPass(account)) {
            final long pass = chargeCancel(slot);
            if (pass == 0) {
                probes(account);
                stageCancel(slot);
                return;
            }
            if (pass == NO_WAY) {
                return;
            }
            timers.account(account, pass == VenueLimits.NEVER ? verdict.nowNs + RETRY_NS : pass);
        }
        waiting.enterLane(slot);
    }

    /** Does nothing stand before a cancel, or only what cannot go now? */
    private boolean laneLetsPass(final int account) {
        return waiting.laneIsEmpty(account)
            || registry.rulesVersion >= LANE_PASSES_SINCE && isStuck(waiting.laneHead(account));
    }

    private boolean isStuck(final int slot) {
        final int account = book.account(slot);
        return !(registry.accounts.state[account] == Accounts.UP && isFreeFor(slot, false)
            && limits.passNs(book.venueId(slot), account, book.instrument(slot), VenueLimits.CANCEL, 1,
                verdict.nowNs) == 0)
            && !(registry.accounts.hasSecond(account) && isFreeFor(slot, true)
            && limits.passNs(book.venueId(slot), account, book.instrument(slot), VenueLimits.SECOND_CANCEL, 1,
                verdict.nowNs) == 0);
    }

    /**
     * As {@link #sendOrHoldCancel(int)} for one of many cancels: where its venue takes several in one message it waits
     * in the lane until {@link #sendGathered(int)}, which the caller calls before its own call ends.
     *
     * @param slot order, neither QUEUED nor final
     */
    public void gatherCancel(final int slot) {
        final int account = book.account(slot);
        if (cancelBatchMax(book.venueId(slot)) == 1 || !mayLeave(account)
            || book.replacePhase(slot) == OrderBook.OUT) {
            sendOrHoldCancel(slot);
            return;
        }
        book.cancelPhase(slot, OrderBook.HELD);
        waiting.enterLane(slot);
        if (!isGathered[account]) {
            isGathered[account] = true;
            gathered[gatheredCount++] = account;
        }
    }

    /**
     * Sends what {@link #gatherCancel(int)} gathered, as the limits allow.
     *
     * @param most messages an account
     */
    public void sendGathered(final int most) {
        for (int i = 0; i < gatheredCount; i++) {
            isGathered[gathered[i]] = false;
            if (mayLeave(gathered[i])) {
                drainLane(gathered[i], most);
            }
        }
        gatheredCount = 0;
    }

    /**
     * The cancel did not leave: it goes back to the lane and is tried again.
     *
     * @param slot order with a cancel OUT
     */
    public void holdCancelAgain(final int slot) {
        book.cancelPhase(slot, OrderBook.HELD);
        book.forget(slot, book.cancelIdLow(slot));
        book.cancelIdLow(slot, 0);
        if (!book.inLane(slot)) {
            waiting.enterLane(slot);
        }
        timers.account(book.account(slot), verdict.nowNs + RETRY_NS);
    }

    /**
     * A message about an order was answered: a cancel or replace that waited for that goes on.
     *
     * @param slot order
     */
    public void afterAnswer(final int slot) {
        if (book.replacePhase(slot) == OrderBook.HELD && registry.rulesVersion >= REPLACE_WAITS_SINCE
            && registry.accounts.hasSecond(book.account(slot))) {
            timers.venue(book.venueId(slot), verdict.nowNs);
        }
        if (book.isOpen(slot) && book.cancelPhase(slot) == OrderBook.HELD && !book.inLane(slot)) {
            sendOrHoldCancel(slot);
        }
    }

    /**
     * Sends held cancels of an account.
     *
     * @param account account slot
     * @param most    messages
     * @return messages sent
     */
    public int drainLane(final int account, final int most) {
        int sent = 0;
        while (sent < most && !waiting.laneIsEmpty(account)) {
            if (!breakers.admits(account)) {
                timers.account(account, breakers.untilNs(account));
                return sent;
            }
            final int slot = waiting.laneHead(account);
            final int count = breakers.phase(account) == Breakers.HALF_OPEN
                || registry.accounts.state[account] != Accounts.UP ? 1 : admittedCancels(account);
            if (count > 1) {
                limits.tryCharge(book.venueId(slot), account, book.instrument(slot), VenueLimits.CANCEL_BATCH, count,
                    verdict.nowNs);
                life.about(slot);
                stageCancels(count);
                sent++;
                continue;
            }
            final long pass = chargeCancel(slot);
            if (pass == NO_WAY) {
                waiting.leaveLane(slot); // goes when the message that is out is answered
                continue;
            }
            if (pass != 0) {
                return drainBehind(account, slot, most, sent, pass);
            }
            probes(account);
            waiting.leaveLane(slot);
            life.about(slot);
            stageCancel(slot);
            sent++;
        }
        if (!waiting.laneIsEmpty(account)) {
            timers.account(account, verdict.nowNs);
        }
        return sent;
    }

    /**
     * The head of the lane cannot go: a limit of its instrument or of its only path is spent. What stands behind it
     * and can is not held up by that; each keeps its place.
     */
    private int drainBehind(final int account, final int head, final int most, final int sentBefore,
        final long headPassNs) {
        long earliest = headPassNs;
        int sent = sentBefore;
        if (registry.rulesVersion >= LANE_PASSES_SINCE) {
            int slot = book.laneNext(head);
            int scanned = 0;
            while (scanned++ < LANE_SCAN && slot != WaitingOrders.NONE && sent < most && breakers.admits(account)) {
                final int next = book.laneNext(slot);
                final long pass = chargeCancel(slot);
                if (pass == NO_WAY) {
                    waiting.leaveLane(slot);
                } else if (pass == 0) {
                    probes(account);
                    waiting.leaveLane(slot);
                    life.about(slot);
                    stageCancel(slot);
                    sent++;
                } else {
                    earliest = Math.min(earliest, pass);
                }
                slot = next;
            }
        }
        timers.account(account, sent == most ? verdict.nowNs
            : earliest == VenueLimits.NEVER ? verdict.nowNs + RETRY_NS : earliest);
        return sent;
    }

    /**
     * Releases orders that wait for a venue, as its limits allow.
     *
     * @param venue venue id
     * @param most  messages
     * @return messages sent
     */
    public int release(final int venue, final int most) {
        final FairQueue queue = waiting.queue();
        long earliest = VenueLimits.NEVER;
        int sent = 0;
        int blocked = 0;
        while (queue.current(venue) != FairQueue.NONE && blocked < queue.flows(venue)) {
            if (sent == most) {
                earliest = verdict.nowNs;
                break;
            }
            final int flow = queue.current(venue);
            final int slot = queue.head(flow);
            final int account = book.account(slot);
            if (!mayLeave(account) || cancelsGoFirst(account)) {
                queue.turn(venue);
                blocked++;
                continue;
            }
            final boolean replace = book.state(slot) != OrderBook.QUEUED;
            final boolean first = registry.accounts.state[account] == Accounts.UP;
            int count = replace || !first ? 1 : admittedBatch(venue, slot);
            final boolean replaceBySecond = replace && replacesBySecond(account);
            int kind = replace ? replaceKind(replaceBySecond) : count > 1 ? VenueLimits.NEW_BATCH : VenueLimits.NEW;
            final boolean asks = replace ? (first || replaceBySecond) && mayReplaceBy(slot, replaceBySecond) : first;
            long pass = asks ? limits.passNs(venue, account, book.instrument(slot), kind, count, verdict.nowNs)
                : VenueLimits.NEVER;
            if (pass != 0 && !replace && pass >= book.queueDeadlineNs(slot)) {
                pass = rerouteNs(account, book.instrument(slot), pass);
                count = 1;
                kind = VenueLimits.SECOND_NEW;
            }
            if (pass != 0) {
                earliest = Math.min(earliest, pass);
                queue.turn(venue);
                blocked++;
                continue;
            }
            final long weight = limits.weight(venue, kind, count);
            if (!queue.affords(flow, weight)) {
                queue.credit(flow, limits.weight(venue, VenueLimits.NEW, 1));
                if (!queue.affords(flow, weight)) {
                    queue.turn(venue);
                    continue;
                }
            }
            blocked = 0;
            limits.tryCharge(venue, account, book.instrument(slot), kind, count, verdict.nowNs);
            probes(account);
            life.about(slot);
            if (replace) {
                waiting.dequeue(slot);
                stageReplace(slot, replaceBySecond);
            } else if (kind == VenueLimits.SECOND_NEW) {
                stageBySecond(slot);
            } else {
                stageBatch(count);
            }
            queue.spend(flow, weight);
            if (queue.current(venue) == flow && !queue.affords(flow, 1)) {
                queue.turn(venue);
            }
            sent++;
        }
        if (queue.current(venue) != FairQueue.NONE) {
            timers.venue(venue, earliest);
        }
        return sent;
    }

    /**
     * May a message of an account leave: is a path of it up and its circuit not open?
     *
     * @param account account slot
     * @return true when only limits may still stop it
     */
    public boolean mayLeave(final int account) {
        return registry.accounts.isReached(account) && breakers.admits(account);
    }

    /**
     * Does a bar of the venue hold what an account sends?
     *
     * @param account account slot
     * @return true until the bar is over and the venue took a message again
     */
    public boolean isBarred(final int account) {
        return !breakers.admits(account);
    }

    /**
     * A message of an account is about to leave: the probe, where the circuit is half open.
     *
     * @param account account slot
     */
    public void probes(final int account) {
        if (breakers.onSent(account, verdict.nowNs + answerTimeoutNs)) {
            timers.account(account, verdict.nowNs + answerTimeoutNs);
        }
    }

    /** A held cancel is the better probe. */
    private boolean cancelsGoFirst(final int account) {
        return breakers.phase(account) == Breakers.HALF_OPEN && !waiting.laneIsEmpty(account);
    }

    /** Fills {@link #batch} with the head and those that may leave with it; answers how many the limits admit. */
    private int admittedBatch(final int venue, final int first) {
        batch[0] = first;
        if ((registry.venues.capabilities[venue] & CAN_BATCH_NEW) == 0
            || breakers.phase(book.account(first)) == Breakers.HALF_OPEN) { // a probe is one order
            return 1;
        }
        final int most = Math.min(VenueBook.BATCH_MAX, registry.venues.batchMax[venue]);
        int count = 1;
        int scanned = 0;
        int slot = book.queueNext(first);
        while (slot != FairQueue.NONE && count < most && scanned < BATCH_SCAN) {
            if (book.state(slot) == OrderBook.QUEUED && book.instrument(slot) == book.instrument(first)) {
                batch[count++] = slot;
            }
            slot = book.queueNext(slot);
            scanned++;
        }
        while (count > 1 && (!limits.batchPays(venue, count) || limits.passNs(venue, book.account(first),
            book.instrument(first), VenueLimits.NEW_BATCH, count, verdict.nowNs) != 0)) {
            count--;
        }
        return count;
    }

    /**
     * Charges the cancel of an order and chooses its path: the first, else the second. Two messages about one order are
     * never unanswered on two paths: answers would come in any order.
     */
    private long chargeCancel(final int slot) {
        final int account = book.account(slot);
        long pass = NO_WAY;
        if (registry.accounts.state[account] == Accounts.UP && isFreeFor(slot, false)) {
            pass = limits.tryCharge(book.venueId(slot), account, book.instrument(slot), VenueLimits.CANCEL, 1,
                verdict.nowNs);
            if (pass == 0) {
                book.onSecond(slot, false);
                return 0;
            }
        }
        if (registry.accounts.hasSecond(account) && isFreeFor(slot, true)) {
            final long second = limits.tryCharge(book.venueId(slot), account, book.instrument(slot),
                VenueLimits.SECOND_CANCEL, 1, verdict.nowNs);
            if (second == 0) {
                book.onSecond(slot, true);
                return 0;
            }
            pass = pass == NO_WAY ? second : Math.min(pass, second);
        }
        return pass;
    }

    private boolean isFreeFor(final int slot, final boolean second) {
        return book.onSecond(slot) == second || book.acknowledged(slot) && book.state(slot) == OrderBook.WORKING;
    }

    /** As of a cancel: what was placed anew here would stand beside the order that may yet arrive there. */
    private boolean mayReplaceBy(final int slot, final boolean second) {
        return registry.rulesVersion < REPLACE_WAITS_SINCE || isFreeFor(slot, second);
    }

    private void stageBySecond(final int slot) {
        book.onSecond(slot, true);
        book.bornOnSecond(slot, true);
        waiting.dequeue(slot);
        messages.beginNew(slot, 0, 1);
        stageNew(slot, 0);
        messages.endNew();
    }

    private void stageBatch(final int count) {
        final long batchIdLow = count > 1 ? verdict.nextRequestLow() : 0;
        messages.beginNew(batch[0], batchIdLow, count);
        for (int i = 0; i < count; i++) {
            waiting.dequeue(batch[i]);
            stageNew(batch[i], batchIdLow);
        }
        messages.endNew();
    }

    private void stageNew(final int slot, final long batchIdLow) {
        final long idLow = verdict.nextRequestLow();
        book.firstIdLow(slot, idLow);
        book.venueIdLow(slot, idLow);
        book.batchIdLow(slot, batchIdLow);
        book.fileVenueId(slot, idLow);
        book.state(slot, OrderBook.DISPATCHED);
        book.dispatchedNs(slot, verdict.nowNs);
        book.countedAtVenue(slot, true);
        expectAnswer(slot);
        messages.add(slot);
        verdict.flags |= Verdict.STATE_CHANGE;
    }

    private void stageReplace(final int slot, final boolean second) {
        book.onSecond(slot, second);
        if (second) {
            book.bornOnSecond(slot, true);
            book.dispatchedNs(slot, verdict.nowNs); // another order at the venue, which shows itself in its time
        }
        book.replacePhase(slot, OrderBook.OUT);
        book.replaceIdLow(slot, verdict.nextRequestLow());
        book.fileVenueId(slot, book.replaceIdLow(slot));
        expectAnswer(slot);
        messages.replace(slot);
        verdict.flags |= Verdict.STATE_CHANGE;
    }

    private void stageCancel(final int slot) {
        prepareCancel(slot);
        messages.cancel(slot);
        verdict.flags |= Verdict.STATE_CHANGE;
    }

    private void prepareCancel(final int slot) {
        book.cancelPhase(slot, OrderBook.OUT);
        book.cancelIdLow(slot, verdict.nextRequestLow());
        book.fileVenueId(slot, book.cancelIdLow(slot));
        expectAnswer(slot);
    }

    /** Fills {@link #cancelBatch} from the head of the lane; answers how many the limits admit as one message. */
    private int admittedCancels(final int account) {
        int slot = waiting.laneHead(account);
        final int venue = book.venueId(slot);
        final int instrument = book.instrument(slot);
        final int most = cancelBatchMax(venue);
        int count = 0;
        while (slot != WaitingOrders.NONE && count < most && isFreeFor(slot, false)) {
            cancelBatch[count++] = slot;
            slot = book.laneNext(slot);
        }
        while (count > 1 && (!limits.cancelBatchPays(venue, count) || limits.passNs(venue, account, instrument,
            VenueLimits.CANCEL_BATCH, count, verdict.nowNs) != 0)) {
            count--;
        }
        return count;
    }

    private int cancelBatchMax(final int venue) {
        return (registry.venues.capabilities[venue] & CAN_BATCH_CANCEL) == 0 ? 1
            : Math.max(1, registry.venues.cancelBatchMax[venue]);
    }

    private void stageCancels(final int count) {
        messages.beginCancels(cancelBatch[0], verdict.nextRequestLow(), count);
        for (int i = 0; i < count; i++) {
            final int slot = cancelBatch[i];
            waiting.leaveLane(slot);
            book.onSecond(slot, false);
            prepareCancel(slot);
            messages.addCancel(slot);
        }
        messages.endCancels();
        verdict.flags |= Verdict.STATE_CHANGE;
    }

    private void expectAnswer(final int slot) {
        book.answerDueNs(slot, verdict.nowNs + answerTimeoutNs);
        timers.arm(slot);
    }
}
