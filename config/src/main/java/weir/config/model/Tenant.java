package weir.config.model;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import weir.protocol.sbe.CreditMode;
import weir.protocol.sbe.GrantKind;
import weir.protocol.sbe.PeriodKind;
import weir.protocol.sbe.QuotaMeter;
import weir.protocol.sbe.TradingState;

/**
 * A paying client.
 *
 * @param id             number in messages and records
 * @param name           as in the file
 * @param state          trading state at start
 * @param creditMode     prepaid or postpaid
 * @param plan           name of its plan
 * @param budgetMicros   most it may spend in a plan period, 0 = no bound
 * @param timeZone       of its calendar periods
 * @param stripeCustomer Stripe customer id; without one it is found by its metadata, or created
 * @param rate           rate class over all its sessions
 * @param risk           bounds of a single order and of all open ones
 * @param permissions    what it may send
 * @param quotas         period quotas
 * @param instruments    symbols it may trade
 * @param defaultAccount name of the account orders go to
 * @param accounts       its own venue accounts
 * @param desks          its FIX sessions
 * @param grants         credit that it starts with
 * @param clients        its sessions of binary order entry
 * @param controls       what stops it by itself, and further rate classes
 * @param webhooks       where it wants its events
 */
public record Tenant(int id, String name, TradingState state, CreditMode creditMode, String plan, long budgetMicros,
    ZoneId timeZone, Optional<String> stripeCustomer, RateClass rate, Risk risk, Set<Permission> permissions,
    List<Quota> quotas, List<String> instruments, String defaultAccount, List<VenueAccount> accounts,
    List<Desk> desks, List<InitialGrant> grants, List<BinaryClient> clients, TenantControls controls,
    List<TenantWebhook> webhooks) {

    /** Copies the collections. */
    public Tenant {
        permissions = Set.copyOf(permissions);
        quotas = List.copyOf(quotas);
        instruments = List.copyOf(instruments);
        accounts = List.copyOf(accounts);
        desks = List.copyOf(desks);
        grants = List.copyOf(grants);
        clients = List.copyOf(clients);
        webhooks = List.copyOf(webhooks);
    }

    /**
     * Bounds.
     *
     * @param maxOrderQtyE8  most of one order, exponent -8; {@link weir.protocol.Scale#NULL} = no bound
     * @param maxNotionalE8  most price x quantity of one order, exponent -8; NULL = no bound
     * @param maxOpenOrders  orders not final, 0 = no bound
     * @param priceCollarBps distance of a limit price from the reference price, 1/10000; 0 = no collar
     * @param controls       further pre-trade controls, those that are off left out
     */
    public record Risk(long maxOrderQtyE8, long maxNotionalE8, int maxOpenOrders, int priceCollarBps,
        List<Control> controls) {

        /** Copies the list. */
        public Risk {
            controls = List.copyOf(controls);
        }
    }

    /**
     * A pre-trade control.
     *
     * @param key    which one
     * @param target symbol or venue that it is narrowed to, empty = none
     * @param value  as RiskConfig carries it
     */
    public record Control(RiskKey key, String target, long value) {
    }

    /**
     * A period quota.
     *
     * @param id       number within the tenant
     * @param meter    what is counted
     * @param kind     fixed length, or a calendar period in the tenant's time zone
     * @param periodNs length, for {@link PeriodKind#FIXED} only, else 0
     * @param limit    units per period
     */
    public record Quota(int id, QuotaMeter meter, PeriodKind kind, long periodNs, long limit) {
    }

    /**
     * Credit at start, applied once per grant id for the life of the journal.
     *
     * @param grantId      unique over all tenants
     * @param kind         top-up, refund, adjustment, chargeback
     * @param amountMicros micro-units of the plan's currency
     * @param reference    at most 36 characters
     */
    public record InitialGrant(long grantId, GrantKind kind, long amountMicros, String reference) {
    }
}
