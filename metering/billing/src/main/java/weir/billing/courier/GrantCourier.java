package weir.billing.courier;

import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.billing.fault.BillingError;
import weir.billing.grant.GrantOrder;
import weir.billing.intake.RecordView;
import weir.billing.part.BillingPart;
import weir.billing.rating.Rating;
import weir.billing.store.GrantStore;
import weir.protocol.CrashPoint;
import weir.protocol.RejectReason;
import weir.protocol.sbe.GrantDecoder;
import weir.protocol.sbe.GrantEncoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;

/**
 * Offers each grant until the journal shows it, with a delay that doubles. The engine applies an id once, so that an
 * offer too many changes nothing; only the journal ends a grant. Billing thread; writes are committed by the caller.
 */
public final class GrantCourier implements BillingPart {
    private static final Logger LOG = LoggerFactory.getLogger(GrantCourier.class);
    private static final int ROWS = 64;
    private static final long LOOK_MS = 50;
    private static final long RESEND_MIN_MS = 500;
    private static final long RESEND_MAX_MS = 30_000;
    private static final int DOUBLINGS_MAX = 6;
    /** The engine has no room for another id until it is started with more. */
    private static final long FULL_MS = 300_000;

    private final GrantStore store;
    private final GrantLine line;
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[256]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final GrantEncoder encoder = new GrantEncoder();
    private final MessageHeaderDecoder inputHeader = new MessageHeaderDecoder();
    private final GrantDecoder decoder = new GrantDecoder();
    private long nextLookMs;

    /**
     * A courier.
     *
     * @param store orders
     * @param line  the way to the router; closed with the courier
     */
    public GrantCourier(final GrantStore store, final GrantLine line) {
        this.store = store;
        this.line = line;
    }

    /**
     * Offers what is due.
     *
     * @param nowMs wall clock
     * @return grants whose state changed: the caller commits
     */
    @Override
    public int doWork(final long nowMs) {
        if (nowMs < nextLookMs && nextLookMs - nowMs <= LOOK_MS) {
            return 0;
        }
        nextLookMs = nowMs + LOOK_MS;
        int work = 0;
        for (final GrantStore.Due due : store.due(nowMs, ROWS)) {
            if (store.settleApplied(due.order(), nowMs)) {
                work++;
            } else if (line.offer(frame, 0, encode(due.order()))) {
                CrashPoint.hit(CrashPoint.AFTER_GRANT_OFFER);
                store.sent(due.order().grantId(), nowMs, nowMs + delayMs(due.attempts()));
                work++;
            } else {
                break;
            }
        }
        return work;
    }

    private static long delayMs(final int attempts) {
        return Math.min(RESEND_MAX_MS, RESEND_MIN_MS << Math.min(DOUBLINGS_MAX, attempts));
    }

    private int encode(final GrantOrder order) {
        encoder.wrapAndApplyHeader(frame, 0, header).grantId(order.grantId()).tenantId(order.tenantId())
            .kind(order.kind()).amountMicros(order.amountMicros()).reference(order.reference());
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /**
     * Takes a record of the journal into account, in the transaction of its other effects.
     *
     * @param view   a record
     * @param rating not asked
     * @param nowMs  wall clock
     */
    @Override
    public void onRecord(final RecordView view, final Rating rating, final long nowMs) {
        if (view.templateId() != GrantDecoder.TEMPLATE_ID) {
            return;
        }
        decoder.wrapAndApplyHeader(view.input(), 0, inputHeader);
        final GrantOrder seen = new GrantOrder(decoder.grantId(), decoder.tenantId(), decoder.kind(),
            decoder.amountMicros(), decoder.reference());
        final GrantOrder ordered = store.order(seen.grantId());
        if (ordered == null) {
            return;
        }
        final int reason = view.record().reason();
        if (!ordered.equals(seen)) {
            if (reason == RejectReason.NONE.code()) {
                refused(ordered, view.sequence(), nowMs, BillingError.GRANT_ID_TAKEN.name());
            }
        } else if (reason == RejectReason.NONE.code()) {
            store.journaled(seen.grantId(), view.sequence(), nowMs);
        } else if (reason == RejectReason.GRANT_TABLE_FULL.code()) {
            LOG.error("GRANT_TABLE_FULL grant={}: raise engine.maxGrants and restart the router", seen.grantId());
            store.postponed(seen.grantId(), nowMs + FULL_MS, RejectReason.GRANT_TABLE_FULL.name());
        } else {
            refused(ordered, view.sequence(), nowMs, RejectReason.ofCode(reason).name());
        }
    }

    private void refused(final GrantOrder order, final long sequence, final long nowMs, final String reason) {
        LOG.error("{} grant={} tenant={} amountMicros={} record={}", reason, order.grantId(), order.tenantId(),
            order.amountMicros(), sequence);
        store.refused(order.grantId(), sequence, nowMs, reason);
    }

    @Override
    public void close() {
        line.close();
    }
}
