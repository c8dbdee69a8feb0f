package weir.billing.webhook.out;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.TreeSet;
import weir.billing.audit.DaySummary;
import weir.billing.intake.RecordView;
import weir.billing.rating.Plan;
import weir.billing.rating.Rater;
import weir.billing.rating.Rating;
import weir.billing.rating.RatingState;
import weir.billing.rating.TenantAccount;
import weir.protocol.BudgetAlertId;
import weir.protocol.RejectReason;
import weir.protocol.Venues;
import weir.protocol.sbe.KillScope;
import weir.protocol.sbe.KillSwitchDecoder;
import weir.protocol.sbe.LimitScope;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.TradingSwitchDecoder;
import weir.protocol.sbe.VenueBarDecoder;

/**
 * Makes messages of journal records. Body and id come from the record and the state after it alone: read again, a
 * record makes the same message. Billing thread.
 */
public final class JournalEvents {
    /** A threshold of the budget was passed. */
    public static final String BUDGET_THRESHOLD = "budget.threshold";
    /** A tenant takes cancels alone: its budget is spent, or a switch says so. */
    public static final String TENANT_READONLY = "tenant.readonly";
    /** A tenant is halted. */
    public static final String TENANT_KILLED = "tenant.killed";
    /** A venue takes nothing for a time. */
    public static final String VENUE_BACKOFF = "venue.backoff";

    /** The digests of a day. */
    public static final String SUMMARY_DAILY = "summary.daily";

    private static final int ALL_PERCENT = 100;
    private static final int JOURNAL_DIGITS = 8;
    private static final long NS_PER_S = 1_000_000_000L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RatingState state;
    private final WebhookSettings settings;
    private final String journal;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final KillSwitchDecoder killSwitch = new KillSwitchDecoder();
    private final TradingSwitchDecoder tradingSwitch = new TradingSwitchDecoder();
    private final VenueBarDecoder venueBar = new VenueBarDecoder();

    /** Takes a message. */
    @FunctionalInterface
    interface Publisher {
        void publish(int tenantId, String type, String id, String body);
    }

    /**
     * Events of a journal.
     *
     * @param state     of rating, after each record
     * @param settings  who uses which account
     * @param journalId 32 hex digits: sequences begin again in another journal
     */
    public JournalEvents(final RatingState state, final WebhookSettings settings, final String journalId) {
        this.state = state;
        this.settings = settings;
        this.journal = journalId.substring(0, Math.min(JOURNAL_DIGITS, journalId.length()));
    }

    /** Whether a record can be one that is told: asked of every record, so that only those few cost more. */
    static boolean concerns(final RecordView view, final Rating rating) {
        final int template = view.templateId();
        return rating.alertPercent() != 0 || template == KillSwitchDecoder.TEMPLATE_ID
            || template == TradingSwitchDecoder.TEMPLATE_ID || template == VenueBarDecoder.TEMPLATE_ID;
    }

    void onRecord(final RecordView view, final Rating rating, final Publisher publisher) {
        if (rating.alertPercent() != 0) {
            thresholds(rating, publisher);
        }
        if (view.record().reason() != RejectReason.NONE.code()) {
            return;
        }
        switch (view.templateId()) {
            case KillSwitchDecoder.TEMPLATE_ID -> {
                killSwitch.wrapAndApplyHeader(view.input(), 0, header);
                switched(view, killSwitch.scope(), killSwitch.targetId(), killSwitch.state(), "COMMAND",
                    killSwitch.actor(), publisher);
            }
            case TradingSwitchDecoder.TEMPLATE_ID -> {
                tradingSwitch.wrapAndApplyHeader(view.input(), 0, header);
                switched(view, tradingSwitch.scope(), tradingSwitch.targetId(), tradingSwitch.state(),
                    tradingSwitch.trigger().name(), tradingSwitch.actor(), publisher);
            }
            case VenueBarDecoder.TEMPLATE_ID -> {
                venueBar.wrapAndApplyHeader(view.input(), 0, header);
                barred(view, publisher);
            }
            default -> {
                // nothing to tell
            }
        }
    }

    /**
     * Every tenant learns the digests of the day, so that none can be changed later; the totals of all tenants stay in
     * the summary itself.
     */
    void onSummary(final DaySummary summary, final String keyId, final String signature, final Publisher publisher) {
        final ObjectNode body = JSON.createObjectNode().put("type", SUMMARY_DAILY)
            .put("timestamp", summary.date().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().toString());
        body.putObject("data").put("date", summary.date().toString()).put("first_record", summary.firstSequence())
            .put("last_record", summary.lastSequence()).put("chain_head", summary.chainHead())
            .put("chain_batch", summary.chainBatch()).put("merkle_root", summary.merkleRoot())
            .put("summary_sha256", summary.sha256()).put("key_id", keyId).put("signature", signature);
        publisher.publish(WebhookOutbox.ALL_TENANTS, SUMMARY_DAILY, "summary_daily_" + journal + '_'
            + summary.firstSequence(), text(body));
    }

    private void thresholds(final Rating rating, final Publisher publisher) {
        final TenantAccount tenant = state.tenant(rating.tenantId());
        final Plan plan = state.planInForce(tenant.planId(), rating.epochNs());
        final String currency = plan == null || plan.currency().isBlank() ? "usd"
            : plan.currency().strip().toLowerCase(Locale.ROOT);
        for (final int percent : Rater.alertPercents()) {
            if (percent > rating.alertAbovePercent() && percent <= rating.alertPercent()) {
                final String id = BudgetAlertId.of(tenant.tenantId(), tenant.periodStartNs(), percent,
                    rating.sequence());
                publisher.publish(tenant.tenantId(), BUDGET_THRESHOLD, id,
                    budget(BUDGET_THRESHOLD, rating, tenant, percent, currency));
                if (percent == ALL_PERCENT) {
                    publisher.publish(tenant.tenantId(), TENANT_READONLY, id + "_readonly",
                        budget(TENANT_READONLY, rating, tenant, percent, currency));
                }
            }
        }
    }

    private static String budget(final String type, final Rating rating, final TenantAccount tenant,
        final int percent, final String currency) {
        final ObjectNode body = body(type, rating.epochNs());
        final ObjectNode data = data(body, tenant, rating.sequence());
        if (type.equals(TENANT_READONLY)) {
            data.put("reason", RejectReason.BUDGET_EXHAUSTED.name());
        } else {
            data.put("threshold_pct", percent);
        }
        data.put("spent_micro_" + currency, tenant.spentMicros())
            .put("limit_micro_" + currency, tenant.budgetMicros());
        if (tenant.periodStartNs() > 0) {
            data.put("period_start", time(tenant.periodStartNs()));
        }
        return text(body);
    }

    private void switched(final RecordView view, final KillScope scope, final int targetId, final TradingState to,
        final String trigger, final String actor, final Publisher publisher) {
        if (to != TradingState.CANCEL_ONLY && to != TradingState.HALTED) {
            return;
        }
        final String type = to == TradingState.HALTED ? TENANT_KILLED : TENANT_READONLY;
        for (final TenantAccount tenant : state.tenants()) {
            if (scope == KillScope.GLOBAL || scope == KillScope.TENANT && tenant.tenantId() == targetId) {
                final ObjectNode body = body(type, view.record().epochNs());
                data(body, tenant, view.sequence()).put("reason", "SWITCH").put("scope", scope.name())
                    .put("trigger", trigger).put("actor", actor.strip());
                publisher.publish(tenant.tenantId(), type, id(type, tenant.tenantId(), view.sequence()), text(body));
            }
        }
    }

    /** A bar of an account is told to those who trade on it, that of our address to all who trade at the venue. */
    private void barred(final RecordView view, final Publisher publisher) {
        final boolean everyone = venueBar.scope() == LimitScope.IP;
        final TreeSet<Integer> tenants = new TreeSet<>();
        for (final WebhookSettings.AccountUse use : settings.accounts()) {
            if (everyone ? use.venueId() == venueBar.venueId() : use.accountId() == venueBar.accountId()) {
                tenants.add(use.tenantId());
            }
        }
        for (final int tenantId : tenants) {
            final ObjectNode body = body(VENUE_BACKOFF, view.record().epochNs());
            final ObjectNode data = data(body, state.tenant(tenantId), view.sequence())
                .put("venue", Venues.name(venueBar.venueId())).put("scope", everyone ? "address" : "account")
                .put("status", venueBar.status());
            if (venueBar.barredUntilNs() != VenueBarDecoder.barredUntilNsNullValue()) {
                data.put("until", time(venueBar.barredUntilNs()));
            }
            publisher.publish(tenantId, VENUE_BACKOFF, id(VENUE_BACKOFF, tenantId, view.sequence()), text(body));
        }
    }

    private String id(final String type, final int tenantId, final long sequence) {
        return type.replace('.', '_') + '_' + tenantId + '_' + journal + '_' + sequence;
    }

    private static ObjectNode body(final String type, final long epochNs) {
        return JSON.createObjectNode().put("type", type).put("timestamp", time(epochNs));
    }

    private static ObjectNode data(final ObjectNode body, final TenantAccount tenant, final long sequence) {
        return body.putObject("data").put("tenant", tenant.name()).put("tenant_id", tenant.tenantId())
            .put("record", sequence);
    }

    private static String time(final long epochNs) {
        return Instant.ofEpochSecond(epochNs / NS_PER_S, epochNs % NS_PER_S).toString();
    }

    private static String text(final ObjectNode body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (final JsonProcessingException ex) {
            throw new IllegalStateException("a tree of texts and numbers is JSON", ex);
        }
    }
}
