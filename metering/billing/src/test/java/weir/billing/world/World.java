package weir.billing.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import weir.billing.rating.MeterKind;
import weir.billing.reconcile.BillOracle;
import weir.billing.reconcile.OraclePlan;
import weir.billing.reconcile.OracleTerms;
import weir.billing.rating.Schedule;
import weir.protocol.RejectReason;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.BudgetConfigEncoder;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.GrantEncoder;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.InstrumentConfigEncoder;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.KillTrigger;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.MassCancelEncoder;
import weir.protocol.sbe.MassCancelScope;
import weir.protocol.sbe.Meter;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.OrderStatusRequestEncoder;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.PeriodRollEncoder;
import weir.protocol.sbe.PlanConfigEncoder;
import weir.protocol.sbe.PlanTermsEncoder;
import weir.protocol.sbe.ScheduleStartEncoder;
import weir.protocol.sbe.ScheduleStopCause;
import weir.protocol.sbe.ScheduleStopEncoder;
import weir.protocol.sbe.SessionConfigEncoder;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TenantConfigEncoder;
import weir.protocol.sbe.TickEncoder;
import weir.protocol.sbe.TierStart;
import weir.protocol.sbe.TimeInForce;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.TradingSwitchEncoder;
import weir.protocol.sbe.VenueAnswer;
import weir.protocol.sbe.VenueBarEncoder;
import weir.protocol.sbe.VenueExecutionEncoder;
import weir.protocol.sbe.VenueMessageKind;
import weir.protocol.sbe.VenueOrderStateEncoder;
import weir.protocol.sbe.VenueSentEncoder;

/**
 * Plays a router, its desks and a venue. Every call makes the record an engine would make, and the lines that desk and
 * venue would log. Money is kept by counting unit after unit. The switches at the top plant faults.
 */
public final class World {
    /** Journal id of worlds in memory. */
    public static final String JOURNAL_ID = "00112233445566778899aabbccddeeff";
    /** Start of time: two hours ago, so that Stripe takes the events. */
    public static final long START_NS = (System.currentTimeMillis() - 7_200_000L) * 1_000_000L;

    private static final long E8 = 100_000_000L;
    private static final long RECORD_NS = 1_000;
    private static final int PLAN = 7;

    public boolean nextFillNotJournaled;
    public boolean nextFillJournaledTwice;
    public boolean nextFillNotAtVenue;
    public long nextFillPriceOff;
    public boolean nextOrderNotAtVenue;
    public boolean nextOrderTwiceAtVenue;
    public boolean nextRequestNotJournaled;
    public long nextRequestUnitsOff;
    /** Of the plan versions that are made from here on. */
    public String currency = "USD";

    public final Frames frames;
    public final Map<Integer, StringBuilder> fix = new TreeMap<>();
    public final StringBuilder venue = new StringBuilder();
    /** Units per "tenant/meter", as counted one by one. */
    public final Map<String, Long> units = new TreeMap<>();
    /** Debit per tenant. */
    public final Map<Integer, Long> debits = new TreeMap<>();

    /** Versions that priced units of a tenant, one after the other. */
    public final Map<Integer, List<Integer>> pricedBy = new TreeMap<>();

    private final long journalHigh;
    private final RecordWriter writer = new RecordWriter();
    private final Map<Integer, Model> tenants = new TreeMap<>();
    private final Map<Integer, Integer> tenantOfSession = new HashMap<>();
    private final Map<Integer, Integer> seqNums = new HashMap<>();
    private final List<Version> versions = new ArrayList<>();
    private final Map<Long, Order> orders = new TreeMap<>();
    private final Map<Schedule.Key, Long> schedules = new HashMap<>();
    private final Map<Integer, TreeSet<Long>> months = new TreeMap<>();
    private final Map<Integer, TreeMap<Long, Integer>> planOf = new TreeMap<>();
    private final Set<Integer> clients = new TreeSet<>();
    private long nowNs = START_NS;
    private long trade;

    private record Price(long upTo, long micros) {
    }

    private record Version(int planId, int number, long effectiveNs, long validUntilNs, boolean restart,
                           Map<Integer, List<Price>> prices) {
    }

    private static final class Model {
        int planId = PLAN;
        boolean postpaid;
        long granted;
        long debited;
        long reserved;
        long receivable;
        final long[] periodUnits = new long[4];
        final long[] versionUnits = new long[4];
        Version pricedLast;
    }

    private static final class Order {
        final int sessionId;
        final int tenantId;
        final String venueId;
        long reserve;
        boolean sent;
        boolean closed;
        final Set<Long> trades = new HashSet<>();

        Order(final int sessionId, final int tenantId, final String venueId) {
            this.sessionId = sessionId;
            this.tenantId = tenantId;
            this.venueId = venueId;
        }
    }

    public World(final String journalId) {
        frames = new Frames(journalId);
        journalHigh = Long.parseUnsignedLong(journalId.substring(0, 16), 16);
    }

    /** A world with two tenants (1 prepaid with sessions 1 and 2, 2 postpaid with session 3) and a tiered plan. */
    public static World standard(final String journalId) {
        final World world = new World(journalId);
        world.instrument();
        world.plan(1, new long[][]{{0, 5, 10}, {0, 20, 7}, {0, 0, 3}, {1, 0, 50}, {2, 3, 200}, {2, 0, 150},
            {3, 1000, 2}, {3, 0, 1}});
        world.tenant(1, "alpha", false);
        world.tenant(2, "beta", true);
        world.session(1, 1, "ALPHA1");
        world.session(2, 1, "ALPHA2");
        world.session(3, 2, "BETA1");
        world.grant(1, 1, GrantKind.TOP_UP, 100_000_000L);
        return world;
    }

    public void advance(final long ns) {
        nowNs += ns;
    }

    public long nowNs() {
        return nowNs;
    }

    private long sequence() {
        return frames.size() + 1L;
    }

    private long record(final int bodyLength) {
        final long sequence = sequence();
        nowNs += RECORD_NS;
        frames.add(writer.write(sequence, nowNs, bodyLength));
        return sequence;
    }

    public void instrument() {
        final InstrumentConfigEncoder e = new InstrumentConfigEncoder().wrapAndApplyHeader(writer.input, 0,
            writer.header);
        e.instrumentId(1).venueId(1).symbol("BTC-USD").venueSymbol("BTC-USD");
        record(InstrumentConfigEncoder.BLOCK_LENGTH);
    }

    /** Rows of {meter, upTo (0 open), priceMicros}; without terms. */
    public void plan(final int version, final long[][] rows) {
        prices(new Version(PLAN, version, 0, 0, false, new TreeMap<>()), rows);
    }

    /** The first version of another plan, without terms; rows as above. */
    public void otherPlan(final int planId, final long[][] rows) {
        prices(new Version(planId, 1, 0, 0, false, new TreeMap<>()), rows);
    }

    /** The first and only version of another plan, that ends. */
    public void otherPlan(final int planId, final long validUntilNs, final long[][] rows) {
        withTerms(new Version(planId, 1, 0, validUntilNs, true, new TreeMap<>()), rows);
    }

    /** A version with terms; rows as above, a price of 0 in the first of a meter are included units. */
    public void plan(final int version, final long effectiveNs, final long validUntilNs, final boolean restart,
        final long[][] rows) {
        withTerms(new Version(PLAN, version, effectiveNs, validUntilNs, restart, new TreeMap<>()), rows);
    }

    private void withTerms(final Version version, final long[][] rows) {
        final PlanTermsEncoder e = new PlanTermsEncoder().wrapAndApplyHeader(writer.input, 0, writer.header);
        e.planId(version.planId).version(version.number)
            .tiers(version.restart ? TierStart.RESTART : TierStart.CONTINUE).rateCapacity(0)
            .validUntilNs(version.validUntilNs == 0 ? PlanTermsEncoder.validUntilNsNullValue() : version.validUntilNs)
            .ratePerSecond(0);
        e.burstsCount(0);
        e.actor("test");
        record(e.encodedLength());
        prices(version, rows);
    }

    private void prices(final Version version, final long[][] rows) {
        versions.removeIf(known -> known.planId == version.planId && known.number == version.number);
        versions.add(version);
        final PlanConfigEncoder e = new PlanConfigEncoder().wrapAndApplyHeader(writer.input, 0, writer.header);
        e.planId(version.planId).version(version.number).effectiveNs(version.effectiveNs).currency(currency)
            .fillsReserved(2).fillPerOrder(BooleanType.FALSE);
        final PlanConfigEncoder.PricesEncoder prices = e.pricesCount(rows.length);
        for (final long[] row : rows) {
            prices.next().meter(Meter.get((short)row[0])).upTo(row[1] == 0 ? Long.MAX_VALUE : row[1])
                .priceMicros(row[2]);
            version.prices.computeIfAbsent((int)row[0], m -> new ArrayList<>())
                .add(new Price(row[1] == 0 ? Long.MAX_VALUE : row[1], row[2]));
        }
        record(e.encodedLength());
    }

    /** In force when the next record is written. */
    private Version inForce(final int planId) {
        Version best = null;
        for (final Version version : versions) {
            final boolean valid = version.planId == planId && version.effectiveNs <= nowNs + RECORD_NS
                && (version.validUntilNs == 0 || nowNs + RECORD_NS < version.validUntilNs);
            if (valid && (best == null || version.effectiveNs > best.effectiveNs
                || version.effectiveNs == best.effectiveNs && version.number > best.number)) {
                best = version;
            }
        }
        return best;
    }

    public void tenant(final int tenantId, final String name, final boolean postpaid) {
        tenant(tenantId, name, postpaid, PLAN);
    }

    /** A tenant that is there may get another plan. */
    public void tenant(final int tenantId, final String name, final boolean postpaid, final int planId) {
        final Model model = tenants.computeIfAbsent(tenantId, id -> new Model());
        model.postpaid = postpaid;
        model.planId = planId;
        planOf.computeIfAbsent(tenantId, id -> new TreeMap<>()).put(nowNs + RECORD_NS, planId);
        final TenantConfigEncoder e = new TenantConfigEncoder().wrapAndApplyHeader(writer.input, 0, writer.header);
        e.tenantId(tenantId).name(name).creditMode(postpaid ? CreditMode.POSTPAID : CreditMode.PREPAID).planId(planId)
            .budgetMicros(0);
        e.quotasCount(0);
        e.instrumentsCount(0);
        writer.tenantId = tenantId;
        record(e.encodedLength());
    }

    public void session(final int sessionId, final int tenantId, final String compId) {
        tenantOfSession.put(sessionId, tenantId);
        fix.put(sessionId, new StringBuilder());
        final SessionConfigEncoder e = new SessionConfigEncoder().wrapAndApplyHeader(writer.input, 0, writer.header);
        e.sessionId(sessionId).tenantId(tenantId).compId(compId);
        record(SessionConfigEncoder.BLOCK_LENGTH);
    }

    public void grant(final long grantId, final int tenantId, final GrantKind kind, final long amount) {
        final Model model = tenants.get(tenantId);
        final GrantEncoder e = new GrantEncoder().wrapAndApplyHeader(writer.input, 0, writer.header);
        e.grantId(grantId).tenantId(tenantId).kind(kind).amountMicros(amount).reference("ref-" + grantId);
        model.granted += amount;
        final long covered = Math.min(model.receivable, Math.max(0, available(model)));
        model.debited += covered;
        model.receivable -= covered;
        writer.creditedMicros = amount;
        money(tenantId);
        record(GrantEncoder.BLOCK_LENGTH);
    }

    public void rollMonth(final int tenantId) {
        rollMonth(tenantId, nowNs);
    }

    /** A roll that comes late: what was journaled since its start is of the month before. */
    public void rollMonth(final int tenantId, final long startNs) {
        tenants.forEach((id, model) -> {
            if (tenantId == 0 || tenantId == id) {
                Arrays.fill(model.periodUnits, 0);
                Arrays.fill(model.versionUnits, 0);
                months.computeIfAbsent(id, key -> new TreeSet<>()).add(nowNs);
            }
        });
        final PeriodRollEncoder e = new PeriodRollEncoder().wrapAndApplyHeader(writer.input, 0, writer.header);
        e.tenantId(tenantId).kind(PeriodKind.MONTH).startNs(startNs).endNs(startNs + 30L * 86_400 * 1_000_000_000L);
        record(PeriodRollEncoder.BLOCK_LENGTH);
    }

    public void tick() {
        new TickEncoder().wrapAndApplyHeader(writer.input, 0, writer.header).slice(1);
        record(TickEncoder.BLOCK_LENGTH);
    }

    private static long available(final Model model) {
        return model.granted - model.debited - model.reserved;
    }

    private void money(final int tenantId) {
        final Model model = tenants.get(tenantId);
        writer.tenantId = tenantId;
        writer.planId = model.planId;
        final Version version = inForce(model.planId);
        writer.planVersion = version == null ? 0 : version.number;
        writer.balanceMicros = model.granted - model.debited;
        writer.receivableMicros = model.receivable;
    }

    /** Charges unit after unit. */
    private long charge(final int tenantId, final int meter, final long count) {
        final Model model = tenants.get(tenantId);
        final Version version = inForce(model.planId);
        if (version != null && version != model.pricedLast && count > 0) {
            model.pricedLast = version;
            pricedBy.computeIfAbsent(tenantId, id -> new ArrayList<>()).add(version.number);
            Arrays.fill(model.versionUnits, 0);
        }
        long sum = 0;
        for (long i = 0; i < count; i++) {
            model.periodUnits[meter]++;
            if (version != null) {
                model.versionUnits[meter]++;
                sum += priceOfUnit(version, meter,
                    version.restart ? model.versionUnits[meter] : model.periodUnits[meter]);
            }
        }
        units.merge(tenantId + "/" + MeterKind.of(meter).label(), count, Long::sum);
        debits.merge(tenantId, sum, Long::sum);
        return sum;
    }

    private static long priceOfUnit(final Version version, final int meter, final long position) {
        long price = 0;
        for (final Price tier : version.prices.getOrDefault(meter, List.of())) {
            price = tier.micros;
            if (position <= tier.upTo) {
                return price;
            }
        }
        return price;
    }

    private void debit(final int tenantId, final long amount, final Order order) {
        final Model model = tenants.get(tenantId);
        writer.debitMicros += amount;
        if (model.postpaid) {
            model.debited += amount;
            return;
        }
        final long fromReserve = order == null ? 0 : Math.min(order.reserve, amount);
        if (order != null) {
            order.reserve -= fromReserve;
        }
        model.reserved -= fromReserve;
        model.debited += fromReserve;
        writer.reservedMicros -= fromReserve;
        final long fromCredit = Math.min(amount - fromReserve, Math.max(0, available(model)));
        model.debited += fromCredit;
        model.receivable += amount - fromReserve - fromCredit;
    }

    private int nextSeqNum(final int sessionId) {
        return seqNums.merge(sessionId, 1, Integer::sum);
    }

    private void fixIn(final int sessionId, final String type, final int seqNum, final String body) {
        fix.get(sessionId).append(nowNs).append(" IN 8=FIXT.1.1\u00019=100\u000135=").append(type).append("\u000134=")
            .append(seqNum).append("\u000149=DESK\u000156=WEIR\u0001").append(body).append("\u000110=000\u0001\n");
    }

    private void fixOut(final int sessionId, final String type, final String body) {
        fix.get(sessionId).append(nowNs).append(" OUT 8=FIXT.1.1\u00019=100\u000135=").append(type)
            .append("\u000149=WEIR\u000156=DESK\u0001").append(body).append("\u000110=000\u0001\n");
    }

    /** A new order; refused when a reason is given. @return its order id, 0 when refused */
    public long newOrder(final int sessionId, final RejectReason refusal) {
        final int tenantId = tenantOfSession.get(sessionId);
        final Model model = tenants.get(tenantId);
        final int seqNum = nextSeqNum(sessionId);
        final String clOrdId = "c" + sessionId + "-" + seqNum;
        fixIn(sessionId, "D", seqNum, "11=" + clOrdId + "\u000155=BTC-USD\u000154=1");
        if (nextRequestNotJournaled) {
            nextRequestNotJournaled = false;
            return 0;
        }
        final NewOrderEncoder e = new NewOrderEncoder().wrapAndApplyHeader(writer.input, 0, writer.header);
        e.sessionId(sessionId).msgSeqNum(seqNum).receivedNs(nowNs).clOrdId(clOrdId).symbol("BTC-USD").side(Side.BUY)
            .ordType(OrdType.LIMIT).timeInForce(TimeInForce.GTC).orderQty(E8).price(50_000 * E8);
        e.messageFlags().clear();
        e.execInst().clear();
        final boolean free = refusal == RejectReason.CREDIT_EXHAUSTED || refusal == RejectReason.BUDGET_EXHAUSTED
            || refusal == RejectReason.NO_PLAN;
        if (!free) {
            writer.requestUnits = 1 + nextRequestUnitsOff;
            nextRequestUnitsOff = 0;
            debit(tenantId, charge(tenantId, 0, 1), null);
        }
        long orderId = 0;
        if (refusal == null) {
            orderId = sequence();
            final Order order = new Order(sessionId, tenantId,
                new UUID(journalHigh & 0xFFFF_FFFF_FFFF_0FFFL | 0x4000L, 0x8000_0000_0000_0000L | orderId).toString());
            orders.put(orderId, order);
            if (!model.postpaid) {
                order.reserve = 50 + 2 * 200;
                model.reserved += order.reserve;
                writer.reservedMicros += order.reserve;
            }
            writer.admitted = true;
            writer.orderId = orderId;
        } else {
            writer.reason = refusal.code();
        }
        writer.sessionId = sessionId;
        money(tenantId);
        record(NewOrderEncoder.BLOCK_LENGTH);
        fixOut(sessionId, "8", "17=" + frames.size() + "-0\u000139=" + (refusal == null ? "A" : "8")
            + "\u0001150=" + (refusal == null ? "A" : "8") + "\u000111=" + clOrdId
            + (refusal == null ? "" : "\u000158=" + refusal.name() + " of a test"));
        return orderId;
    }

    /** A command whose frame was cut: journaled as it came. */
    public void malformed(final int sessionId) {
        new NewOrderEncoder().wrapAndApplyHeader(writer.input, 0, writer.header).sessionId(sessionId).msgSeqNum(7)
            .receivedNs(nowNs);
        writer.reason = RejectReason.MALFORMED.code();
        writer.tenantId = tenantOfSession.get(sessionId);
        writer.sessionId = sessionId;
        record(17);
    }

    public void budget(final int tenantId, final long budgetMicros) {
        new BudgetConfigEncoder().wrapAndApplyHeader(writer.input, 0, writer.header).tenantId(tenantId)
            .budgetMicros(budgetMicros).actor("test");
        writer.tenantId = tenantId;
        record(BudgetConfigEncoder.BLOCK_LENGTH);
    }

    /** An operator moves a trading state; nothing is charged. */
    public void tradingSwitch(final KillScope scope, final int targetId, final TradingState state) {
        final TradingSwitchEncoder e = new TradingSwitchEncoder().wrapAndApplyHeader(writer.input, 0, writer.header);
        e.scope(scope).targetId(targetId).tenantId(0).state(state).cancelOpen(BooleanType.FALSE)
            .trigger(KillTrigger.COMMAND).actor("test").why("test");
        record(e.encodedLength());
    }

    /** A venue answered 429 and says until when it takes nothing. */
    public void venueBar(final int accountId, final int venueId, final LimitScope scope) {
        new VenueBarEncoder().wrapAndApplyHeader(writer.input, 0, writer.header).accountId(accountId).venueId(venueId)
            .receivedNs(nowNs).scope(scope).status(429).barredUntilNs(nowNs + 60_000_000_000L);
        record(VenueBarEncoder.BLOCK_LENGTH);
    }

    /** An order status request, or a mass cancel of nothing. */
    public void inquire(final int sessionId, final boolean mass) {
        final int tenantId = tenantOfSession.get(sessionId);
        final int seqNum = nextSeqNum(sessionId);
        final String clOrdId = "q" + sessionId + "-" + seqNum;
        fixIn(sessionId, mass ? "q" : "H", seqNum, "11=" + clOrdId);
        final int length;
        if (mass) {
            final MassCancelEncoder e = new MassCancelEncoder().wrapAndApplyHeader(writer.input, 0, writer.header);
            e.sessionId(sessionId).msgSeqNum(seqNum).receivedNs(nowNs).clOrdId(clOrdId).scope(MassCancelScope.SESSION);
            e.messageFlags().clear();
            length = MassCancelEncoder.BLOCK_LENGTH;
        } else {
            final OrderStatusRequestEncoder e =
                new OrderStatusRequestEncoder().wrapAndApplyHeader(writer.input, 0, writer.header);
            e.sessionId(sessionId).msgSeqNum(seqNum).receivedNs(nowNs).clOrdId(clOrdId).side(Side.BUY);
            e.messageFlags().clear();
            length = OrderStatusRequestEncoder.BLOCK_LENGTH;
            writer.reason = RejectReason.UNKNOWN_ORDER.code();
        }
        writer.requestUnits = 1;
        debit(tenantId, charge(tenantId, 0, 1), null);
        writer.sessionId = sessionId;
        money(tenantId);
        record(length);
    }

    /** Messages of these orders leave together. */
    public void sent(final long... orderIds) {
        final VenueSentEncoder e = new VenueSentEncoder().wrapAndApplyHeader(writer.input, 0, writer.header);
        e.accountId(1).venueId(1).receivedNs(nowNs).kind(orderIds.length == 1 ? VenueMessageKind.NEW
            : VenueMessageKind.NEW_BATCH).sentNs(nowNs);
        final VenueSentEncoder.OrdersEncoder group = e.ordersCount(orderIds.length);
        int tenantId = 0;
        for (final long orderId : orderIds) {
            group.next().orderId(orderId);
            final Order order = orders.get(orderId);
            tenantId = order.tenantId;
            firstEvidence(order);
        }
        money(tenantId);
        record(e.encodedLength());
    }

    private void venueOrder(final Order order) {
        venue.append("{\"ts\":").append(nowNs).append(",\"kind\":\"order\",\"profile\":\"")
            .append(account(order.tenantId)).append("\",\"clOrdId\":\"").append(order.venueId)
            .append("\",\"orderId\":\"v-").append(order.venueId)
                .append("\",\"product\":\"BTC-USD\",\"side\":\"buy\"}\n");
    }

    /** Of a tenant: left, reserved, owed; micro-units, as an engine holds them. */
    public long[] money(final Integer tenantId) {
        final Model model = tenants.get(tenantId);
        return new long[]{available(model), model.reserved, model.receivable};
    }

    /** Units of a tenant and meter in its present month. */
    public long unitsOfMonth(final int tenantId, final MeterKind meter) {
        return tenants.get(tenantId).periodUnits[meter.ordinal()];
    }

    private static String account(final int tenantId) {
        return "account-" + tenantId;
    }

    /** What a tenant's bill comes to by the logs of this world alone, with its published prices and its months. */
    public BillOracle oracle() {
        final BillOracle oracle = new BillOracle();
        final Map<Integer, List<OraclePlan>> plans = new TreeMap<>();
        for (final Version version : versions) {
            final Map<MeterKind, List<OraclePlan.Tier>> tiers = new EnumMap<>(MeterKind.class);
            version.prices.forEach((meter, prices) -> tiers.put(MeterKind.of(meter), prices.stream().map(price ->
                new OraclePlan.Tier(price.upTo == Long.MAX_VALUE ? null : BigDecimal.valueOf(price.upTo),
                    BigDecimal.valueOf(price.micros, 6))).toList()));
            plans.computeIfAbsent(version.planId, id -> new ArrayList<>()).add(new OraclePlan(version.number,
                version.effectiveNs, version.validUntilNs, version.restart, false, tiers));
        }
        // schedules are started and stopped by no message of a desk
        final Set<MeterKind> seen = EnumSet.of(MeterKind.REQUEST, MeterKind.ORDER_SENT, MeterKind.ORDER_FILLED);
        tenants.keySet().forEach(tenantId -> oracle.account(account(tenantId), tenantId).tenant(new OracleTerms(
            tenantId, seen, assigned(tenantId, plans), epochNs -> monthStartNs(tenantId, epochNs))));
        tenantOfSession.forEach((sessionId, tenantId) -> {
            if (clients.contains(sessionId)) {
                oracle.client(sessionId, tenantId);
            } else {
                oracle.session(sessionId, tenantId);
            }
        });
        return oracle;
    }

    private TreeMap<Long, List<OraclePlan>> assigned(final int tenantId, final Map<Integer, List<OraclePlan>> plans) {
        final TreeMap<Long, List<OraclePlan>> assigned = new TreeMap<>();
        planOf.get(tenantId).forEach((fromNs, planId) -> assigned.put(fromNs, plans.get(planId)));
        return assigned;
    }

    /** A session of the binary protocol: its lines are those of the client's own log. */
    public void client(final int sessionId, final int tenantId, final String name) {
        clients.add(sessionId);
        session(sessionId, tenantId, name);
    }

    private long monthStartNs(final int tenantId, final long epochNs) {
        final Long startNs = months.getOrDefault(tenantId, new TreeSet<>()).floor(epochNs);
        return startNs == null ? 0 : startNs;
    }

    private void firstEvidence(final Order order) {
        if (!order.sent) {
            order.sent = true;
            writer.sentUnits++;
            debit(order.tenantId, charge(order.tenantId, 1, 1), order);
            if (nextOrderNotAtVenue) {
                nextOrderNotAtVenue = false;
                return;
            }
            venueOrder(order);
            if (nextOrderTwiceAtVenue) {
                nextOrderTwiceAtVenue = false;
                venueOrder(order);
            }
        }
    }

    /** The venue acknowledges. */
    public void ack(final long orderId) {
        execution(orderId, ExecType.NEW, 0, 0, 0);
    }

    /** The venue executes. @return trade id */
    public long fill(final long orderId, final String qty, final String price) {
        trade++;
        final Order order = orders.get(orderId);
        if (nextFillNotAtVenue) {
            nextFillNotAtVenue = false;
        } else {
            venue.append("{\"ts\":").append(nowNs).append(",\"kind\":\"exec\",\"clOrdId\":\"").append(order.venueId)
                .append("\",\"orderId\":\"v-").append(order.venueId).append("\",\"product\":\"BTC-USD\",\"tradeId\":")
                .append(trade).append(",\"qty\":\"").append(qty).append("\",\"price\":\"").append(price)
                    .append("\"}\n");
        }
        if (nextFillNotJournaled) {
            nextFillNotJournaled = false;
            return trade;
        }
        final int times = nextFillJournaledTwice ? 2 : 1;
        nextFillJournaledTwice = false;
        for (int i = 0; i < times; i++) {
            final long sequence = execution(orderId, ExecType.TRADE, trade, mantissa(qty),
                mantissa(price) + nextFillPriceOff);
            fixOut(order.sessionId, "8", "17=" + sequence + "-0\u000139=1\u0001150=F\u000132=" + qty + "\u000131="
                + price);
            if (i == 0 && times == 2) {
                order.trades.clear();
            }
        }
        nextFillPriceOff = 0;
        return trade;
    }

    /** The venue reports an execution again, as recovery does. */
    public void fillAgain(final long orderId, final long tradeId, final String qty, final String price) {
        execution(orderId, ExecType.TRADE, tradeId, mantissa(qty), mantissa(price));
    }

    /** The venue cancels the rest: the reserve goes back. */
    public void cancel(final long orderId) {
        execution(orderId, ExecType.CANCELED, 0, 0, 0);
    }

    private long execution(final long orderId, final ExecType type, final long tradeId, final long qty,
        final long price) {
        final Order order = orders.get(orderId);
        final UUID id = UUID.fromString(order.venueId);
        final VenueExecutionEncoder e = new VenueExecutionEncoder().wrapAndApplyHeader(writer.input, 0, writer.header);
        e.accountId(1).venueId(1).receivedNs(nowNs).orderId(orderId).requestIdHigh(id.getMostSignificantBits())
            .requestIdLow(id.getLeastSignificantBits()).execType(type).ordStatus(OrdStatus.NEW)
            .liquidity(Liquidity.MAKER).reason(0).lastQty(qty).lastPx(price).tradeId(tradeId).transactNs(nowNs)
            .recovered(BooleanType.FALSE);
        e.text("");
        firstEvidence(order);
        if (type == ExecType.TRADE) {
            if (order.trades.add(tradeId)) {
                writer.newExecution = true;
                writer.filledUnits = 1;
                debit(order.tenantId, charge(order.tenantId, 2, 1), order);
            } else {
                writer.duplicate = true;
            }
        }
        if (type == ExecType.CANCELED && !order.closed) {
            close(order);
        }
        writer.orderId = orderId;
        money(order.tenantId);
        return record(e.encodedLength());
    }

    /** The venue, asked after its line was lost, does not have the order. */
    public void absent(final long orderId) {
        final Order order = orders.get(orderId);
        new VenueOrderStateEncoder().wrapAndApplyHeader(writer.input, 0, writer.header).accountId(1).venueId(1)
            .receivedNs(nowNs).orderId(orderId).answer(VenueAnswer.NOT_FOUND).ordStatus(OrdStatus.NULL_VAL)
            .venueOrderId("").attempt(1);
        close(order);
        writer.orderId = orderId;
        money(order.tenantId);
        record(VenueOrderStateEncoder.BLOCK_LENGTH);
    }

    private void close(final Order order) {
        order.closed = true;
        final Model model = tenants.get(order.tenantId);
        writer.finalState = true;
        writer.reservedMicros -= order.reserve;
        model.reserved -= order.reserve;
        order.reserve = 0;
        final long covered = Math.min(model.receivable, Math.max(0, available(model)));
        model.debited += covered;
        model.receivable -= covered;
    }

    public void scheduleStart(final int sessionId, final long scheduleId) {
        final ScheduleStartEncoder e = new ScheduleStartEncoder().wrapAndApplyHeader(writer.input, 0, writer.header);
        final int tenantId = tenantOfSession.get(sessionId);
        e.sessionId(sessionId).msgSeqNum(0).receivedNs(nowNs).scheduleId(scheduleId).tenantId(tenantId);
        e.messageFlags().clear();
        writer.tenantId = tenantId;
        record(ScheduleStartEncoder.BLOCK_LENGTH);
        schedules.put(new Schedule.Key(tenantId, scheduleId), nowNs);
    }

    public void scheduleStop(final int sessionId, final long scheduleId) {
        final ScheduleStopEncoder e = new ScheduleStopEncoder().wrapAndApplyHeader(writer.input, 0, writer.header);
        final int tenantId = tenantOfSession.get(sessionId);
        e.sessionId(sessionId).msgSeqNum(0).receivedNs(nowNs).scheduleId(scheduleId).tenantId(tenantId)
            .cause(ScheduleStopCause.COMPLETED);
        e.messageFlags().clear();
        final long ms = (nowNs + 1_000 - schedules.remove(new Schedule.Key(tenantId, scheduleId))) / 1_000_000L;
        writer.computeMs = ms;
        debit(tenantId, charge(tenantId, 3, ms), null);
        money(tenantId);
        record(ScheduleStopEncoder.BLOCK_LENGTH);
    }

    /** A random run of so many steps. */
    public void play(final long seed, final int steps) {
        final Random random = new Random(seed);
        final List<Long> open = new ArrayList<>();
        final RejectReason[] refusals = {RejectReason.MAX_QTY, RejectReason.CREDIT_EXHAUSTED,
            RejectReason.RATE_LIMITED_TENANT, RejectReason.BUDGET_EXHAUSTED};
        for (int step = 0; step < steps; step++) {
            final int sessionId = 1 + random.nextInt(3);
            advance(random.nextInt(200) * 1_000_000L);
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> open.add(newOrder(sessionId, null));
                case 4 -> newOrder(sessionId, refusals[random.nextInt(refusals.length)]);
                case 5 -> inquire(sessionId, random.nextBoolean());
                case 6, 7 -> pick(open, random, orderId -> sent(orderId));
                case 8, 9 -> pick(open, random, orderId -> {
                    final long tradeId = fill(orderId, "0.25", "50000.5");
                    if (random.nextInt(4) == 0) {
                        fillAgain(orderId, tradeId, "0.25", "50000.5");
                    }
                });
                case 10 -> pick(open, random, orderId -> {
                    cancel(orderId);
                    if (random.nextInt(3) == 0) {
                        fill(orderId, "0.1", "49999");
                    }
                });
                default -> {
                    final long scheduleId = step;
                    scheduleStart(sessionId, scheduleId);
                    advance(random.nextInt(5_000) * 1_000_000L);
                    scheduleStop(sessionId, scheduleId);
                    if (random.nextInt(20) == 0) {
                        rollMonth(random.nextInt(3));
                    }
                    tick();
                }
            }
        }
    }

    private interface OnOrder {
        void accept(long orderId);
    }

    private static void pick(final List<Long> open, final Random random, final OnOrder action) {
        if (!open.isEmpty()) {
            action.accept(open.get(random.nextInt(open.size())));
        }
    }

    /** Writes the FIX logs ({@code session-N.log}) and {@code venue.jsonl}. */
    public void writeLogs(final Path dir) {
        try {
            Files.createDirectories(dir);
            for (final Map.Entry<Integer, StringBuilder> log : fix.entrySet()) {
                Files.writeString(dir.resolve("session-" + log.getKey() + ".log"), log.getValue(),
                    StandardCharsets.ISO_8859_1);
            }
            Files.writeString(dir.resolve("venue.jsonl"), venue);
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static long mantissa(final String text) {
        return new BigDecimal(text).movePointRight(8).longValueExact();
    }
}
