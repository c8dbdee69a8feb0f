package weir.entry;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import weir.protocol.Scale;
import weir.protocol.sbe.CancelOnDisconnect;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.GrantEncoder;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.InstrumentConfigEncoder;
import weir.protocol.sbe.InstrumentKind;
import weir.protocol.sbe.InstrumentStatus;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.Meter;
import weir.protocol.sbe.PlanConfigEncoder;
import weir.protocol.sbe.RouterStartedEncoder;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.SessionConfigEncoder;
import weir.protocol.sbe.TenantConfigEncoder;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.VenueAccountConfigEncoder;
import weir.protocol.sbe.VenueConfigEncoder;
import weir.protocol.sbe.BooleanType;

/** The configuration of a small router: venue 1, BTC-USD, tenants 1 and 2 with their sessions. */
final class BootFrames {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2048]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final List<DirectBuffer> frames = new ArrayList<>();

    private BootFrames() {
    }

    /** Sessions 501 and 502 of tenant 1, 601 of tenant 2. */
    static List<DirectBuffer> make(final CancelOnDisconnect mode, final int graceMs) {
        final BootFrames boot = new BootFrames();
        boot.started();
        boot.venue();
        boot.instrument();
        boot.plan();
        for (int tenant = 1; tenant <= 2; tenant++) {
            boot.account(tenant);
            boot.tenant(tenant);
            boot.grant(tenant);
        }
        boot.session(501, 1, mode, graceMs);
        boot.session(502, 1, mode, graceMs);
        boot.session(601, 2, mode, graceMs);
        return boot.frames;
    }

    private void add(final int bodyLength) {
        final byte[] copy = new byte[MessageHeaderEncoder.ENCODED_LENGTH + bodyLength];
        buffer.getBytes(0, copy);
        frames.add(new UnsafeBuffer(copy));
    }

    private void started() {
        add(new RouterStartedEncoder().wrapAndApplyHeader(buffer, 0, header).journalIdHigh(1).journalIdLow(2)
            .startedNs(1).runNumber(1).softwareVersion("test").encodedLength());
    }

    private void venue() {
        final VenueConfigEncoder e = new VenueConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        e.venueId(1).name("venue").capabilities().clear().replace(true).statusQuery(true);
        e.batchMax(1).queueCapacity(100).queueDeadlineMs(2_000).visibilityDelayMs(1_000).unknownTimeoutMs(10_000);
        add(e.encodedLength());
    }

    private void account(final int tenant) {
        add(new VenueAccountConfigEncoder().wrapAndApplyHeader(buffer, 0, header).accountId(tenant).venueId(1)
            .tenantId(tenant).name("account-" + tenant).selfTradePrevention(SelfTradePrevention.CANCEL_NEWEST)
            .encodedLength());
    }

    private void instrument() {
        add(new InstrumentConfigEncoder().wrapAndApplyHeader(buffer, 0, header).instrumentId(1).venueId(1)
            .symbol("BTC-USD").venueSymbol("BTC-USD").kind(InstrumentKind.SPOT).status(InstrumentStatus.TRADING)
            .tickSize(1).lotSize(1).minQty(1).minNotional(1).multiplier(Scale.E8).priceMaxAgeMs(0)
            .quoteCurrency("USD").encodedLength());
    }

    private void plan() {
        final PlanConfigEncoder e = new PlanConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        e.planId(1).version(1).effectiveNs(1).currency("usd").fillsReserved(1).fillPerOrder(BooleanType.FALSE)
            .pricesCount(1).next().meter(Meter.REQUEST).upTo(0).priceMicros(1);
        add(e.encodedLength());
    }

    private void tenant(final int id) {
        final TenantConfigEncoder e = new TenantConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        e.tenantId(id).name("tenant-" + id).state(TradingState.ACTIVE).creditMode(CreditMode.PREPAID).planId(1)
            .defaultAccountId(id).rateCapacity(0).ratePerSecond(0).maxOrderQty(Scale.NULL).maxNotional(Scale.NULL)
            .maxOpenOrders(0).budgetMicros(0);
        e.permissions().clear().newOrder(true).replace(true).cancel(true).status(true).massCancel(true).market(true);
        e.priceCollarBps(0).quotasCount(0);
        e.instrumentsCount(0);
        add(e.encodedLength());
    }

    private void session(final int id, final int tenant, final CancelOnDisconnect mode, final int graceMs) {
        final SessionConfigEncoder e = new SessionConfigEncoder().wrapAndApplyHeader(buffer, 0, header);
        e.sessionId(id).tenantId(tenant).compId("BOT-" + id).cancelOnDisconnect(mode).cancelGraceMs(graceMs)
            .rateCapacity(0).ratePerSecond(0);
        e.permissions().clear().newOrder(true).replace(true).cancel(true).status(true).massCancel(true).market(true);
        add(e.encodedLength());
    }

    private void grant(final int tenant) {
        add(new GrantEncoder().wrapAndApplyHeader(buffer, 0, header).grantId(tenant).tenantId(tenant)
            .kind(GrantKind.TOP_UP).amountMicros(1_000_000_000L).reference("ref").encodedLength());
    }
}
