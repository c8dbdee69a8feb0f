package weir.billing.stripe;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.InvoiceLineItem;
import com.stripe.model.Price;
import com.stripe.model.Product;
import com.stripe.model.Subscription;
import com.stripe.model.SubscriptionItem;
import com.stripe.net.ApiResource;
import com.stripe.param.InvoiceItemCreateParams;
import com.stripe.param.InvoiceItemUpdateParams;
import com.stripe.param.InvoiceLineItemListParams;
import com.stripe.param.PriceCreateParams;
import com.stripe.param.PriceListParams;
import com.stripe.param.ProductCreateParams;
import com.stripe.param.ProductListParams;
import com.stripe.param.SubscriptionCreateParams;
import com.stripe.param.SubscriptionListParams;
import com.stripe.param.SubscriptionUpdateParams;
import com.stripe.param.billing.MeterEventAdjustmentCreateParams;
import com.stripe.param.billing.MeterEventSummaryListParams;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import weir.billing.store.InvoiceStore;

/**
 * The calls about products, prices, subscriptions, invoices, adjustments and thin events, through stripe-java. What is
 * created is looked for first, by lookup key or metadata, so that a call whose answer was lost creates nothing twice.
 * Thread safe.
 */
final class StripeObjectCalls {
    private static final String PLAN_KEY = "weir_plan_version";
    private static final String TIERS_KEY = "weir_tiers_continue";
    private static final long PAGE = 100;
    private static final long MS_PER_SECOND = 1_000L;
    private static final long SECONDS_PER_DAY = 86_400L;

    private final StripeClient client;

    /**
     * A subscription as Stripe has it.
     *
     * @param id             Stripe's id
     * @param status         such as active
     * @param priceIds       prices of its items
     * @param sinceSeconds   time from which these items count: the newest was created then
     */
    record Found(String id, String status, Set<String> priceIds, long sinceSeconds) {
    }

    StripeObjectCalls(final StripeGateway gateway) {
        client = gateway.client();
    }

    /** Product of a plan version. @return id */
    String ensureProduct(final int planId, final int version, final String requestKey) throws StripeException {
        final String name = planId + "-v" + version;
        for (final Product product : client.products().list(ProductListParams.builder().setActive(true).setLimit(PAGE)
            .build()).autoPagingIterable()) {
            if (product.getMetadata() != null && name.equals(product.getMetadata().get(PLAN_KEY))) {
                return product.getId();
            }
        }
        return client.products().create(ProductCreateParams.builder()
            .setName("Weir plan " + planId + ", version " + version).putMetadata(PLAN_KEY, name).build(),
            StripeGateway.key(requestKey)).getId();
    }

    /** Metered graduated price. @return id */
    String ensurePrice(final PriceTerms terms, final String meterId, final String productId, final String requestKey)
        throws StripeException {
        final String lookupKey = terms.lookupKey(meterId);
        for (final Price price : client.prices().list(PriceListParams.builder().addLookupKey(lookupKey).setLimit(PAGE)
            .build()).autoPagingIterable()) {
            if (lookupKey.equals(price.getLookupKey())) {
                return price.getId();
            }
        }
        final PriceCreateParams.Builder create = PriceCreateParams.builder().setCurrency(terms.currency())
            .setProduct(productId).setLookupKey(lookupKey).setNickname(terms.label())
            .setBillingScheme(PriceCreateParams.BillingScheme.TIERED)
            .setTiersMode(PriceCreateParams.TiersMode.GRADUATED)
            .setRecurring(PriceCreateParams.Recurring.builder()
                .setInterval(PriceCreateParams.Recurring.Interval.MONTH)
                .setUsageType(PriceCreateParams.Recurring.UsageType.METERED).setMeter(meterId).build());
        for (final PriceTerms.Tier tier : terms.tiers()) {
            final PriceCreateParams.Tier.Builder row = PriceCreateParams.Tier.builder()
                .setUnitAmountDecimal(tier.amount());
            create.addTier((tier.upTo() == Long.MAX_VALUE ? row.setUpTo(PriceCreateParams.Tier.UpTo.INF)
                : row.setUpTo(tier.upTo())).build());
        }
        return client.prices().create(create.build(), StripeGateway.key(requestKey)).getId();
    }

    /** The tenant's subscription, found by its metadata or created in flexible billing mode. */
    Found ensureSubscription(final String customerId, final String tenant, final List<String> priceIds,
        final BillingCycle.Anchor anchor, final String requestKey) throws StripeException {
        for (final Subscription one : client.subscriptions().list(SubscriptionListParams.builder()
            .setCustomer(customerId).setLimit(PAGE).build()).autoPagingIterable()) {
            if (one.getMetadata() != null && tenant.equals(one.getMetadata().get(StripeGateway.TENANT_KEY))) {
                return found(one);
            }
        }
        final SubscriptionCreateParams.Builder create = SubscriptionCreateParams.builder().setCustomer(customerId)
            .putMetadata(StripeGateway.TENANT_KEY, tenant)
            .setBillingMode(SubscriptionCreateParams.BillingMode.builder()
                .setType(SubscriptionCreateParams.BillingMode.Type.FLEXIBLE).build());
        if (anchor.dayOfMonth() == BillingCycle.LAST_DAY) {
            final OffsetDateTime at = Instant.ofEpochSecond(anchor.seconds()).atOffset(ZoneOffset.UTC);
            create.setBillingCycleAnchorConfig(SubscriptionCreateParams.BillingCycleAnchorConfig.builder()
                .setDayOfMonth((long) BillingCycle.LAST_DAY).setHour((long) at.getHour())
                .setMinute((long) at.getMinute()).setSecond((long) at.getSecond()).build());
        } else {
            create.setBillingCycleAnchor(anchor.seconds());
        }
        for (final String price : priceIds) {
            create.addItem(SubscriptionCreateParams.Item.builder().setPrice(price).build());
        }
        return found(client.subscriptions().create(create.build(), StripeGateway.key(requestKey)));
    }

    /**
     * Changes the items of a subscription to other prices, if it does not have them already. With create_prorations an
     * item that is taken away leaves an invoice item for its usage until now, at its price.
     */
    Found changePrices(final String subscriptionId, final List<String> priceIds, final String requestKey)
        throws StripeException {
        final Subscription now = client.subscriptions().retrieve(subscriptionId);
        final Set<String> missing = new HashSet<>(priceIds);
        final SubscriptionUpdateParams.Builder update = SubscriptionUpdateParams.builder()
            .setProrationBehavior(SubscriptionUpdateParams.ProrationBehavior.CREATE_PRORATIONS);
        boolean change = false;
        for (final SubscriptionItem item : now.getItems().autoPagingIterable()) {
            if (!missing.remove(item.getPrice().getId())) {
                update.addItem(SubscriptionUpdateParams.Item.builder().setId(item.getId()).setDeleted(true).build());
                change = true;
            }
        }
        for (final String price : priceIds) {
            if (missing.contains(price)) {
                update.addItem(SubscriptionUpdateParams.Item.builder().setPrice(price).build());
                change = true;
            }
        }
        return change ? found(client.subscriptions().update(subscriptionId, update.build(),
            StripeGateway.key(requestKey))) : found(now);
    }

    private static Found found(final Subscription one) {
        final Set<String> prices = new HashSet<>();
        long since = one.getStartDate() == null ? 0 : one.getStartDate();
        for (final SubscriptionItem item : one.getItems().autoPagingIterable()) {
            prices.add(item.getPrice().getId());
            since = Math.max(since, item.getCreated() == null ? 0 : item.getCreated());
        }
        return new Found(one.getId(), one.getStatus(), prices, since);
    }

    /** Cancels a meter event. @return Stripe's status */
    String cancel(final String eventName, final String identifier, final String requestKey) throws StripeException {
        return client.billing().meterEventAdjustments().create(MeterEventAdjustmentCreateParams.builder()
            .setEventName(eventName).setType(MeterEventAdjustmentCreateParams.Type.CANCEL)
            .setCancel(MeterEventAdjustmentCreateParams.Cancel.builder().setIdentifier(identifier).build()).build(),
            StripeGateway.key(requestKey)).getStatus();
    }

    /**
     * Puts the difference between what was rated and the lines of usage on a draft, or makes the item that is there
     * come to it.
     *
     * @param draft      the invoice, and the units that its lines of usage must hold
     * @param prices     ids of the prices whose lines are usage of ours; what else is on the invoice is not looked at
     * @param ratedMinor what they were rated at, whole minor units
     * @param requestKey idempotency key of the call, to which the amounts are added: another amount is another call
     */
    TiersItems.Answer evenOut(final InvoiceStore.TiersDraft draft, final Set<String> prices, final long ratedMinor,
        final String requestKey) throws StripeException {
        if (!"draft".equals(client.invoices().retrieve(draft.invoiceId()).getStatus())) {
            return new TiersItems.Answer(TiersItems.Outcome.CLOSED, 0);
        }
        long units = 0;
        long usageMinor = 0;
        InvoiceLineItem ours = null;
        for (final InvoiceLineItem line : client.invoices().lineItems().list(draft.invoiceId(),
            InvoiceLineItemListParams.builder().setLimit(PAGE).build()).autoPagingIterable()) {
            if (line.getMetadata() != null && line.getMetadata().containsKey(TIERS_KEY)) {
                ours = line;
            } else if (line.getPricing() != null && line.getPricing().getPriceDetails() != null
                && prices.contains(line.getPricing().getPriceDetails().getPrice())) {
                units += line.getQuantity() == null ? 0 : line.getQuantity();
                usageMinor += line.getAmount();
            }
        }
        if (units != draft.units()) {
            return new TiersItems.Answer(TiersItems.Outcome.LATER, 0);
        }
        final long minor = ratedMinor - usageMinor;
        if (ours == null && minor == 0) {
            return new TiersItems.Answer(TiersItems.Outcome.EVEN, 0);
        }
        final String description = "Tiers continue over a change of prices within the period: " + ratedMinor
            + " was rated, " + usageMinor + " is what the lines of usage come to";
        final String key = requestKey + '-' + ratedMinor + '-' + usageMinor;
        if (ours == null) {
            client.invoiceItems().create(InvoiceItemCreateParams.builder().setCustomer(draft.customerId())
                .setInvoice(draft.invoiceId()).setAmount(minor).setCurrency(draft.currency())
                .setDescription(description).setPeriod(InvoiceItemCreateParams.Period.builder()
                    .setStart(draft.fromMs() / MS_PER_SECOND).setEnd(draft.untilMs() / MS_PER_SECOND).build())
                .putMetadata(TIERS_KEY, "1").build(), StripeGateway.key(key));
        } else if (ours.getAmount() != minor) {
            client.invoiceItems().update(ours.getParent().getInvoiceItemDetails().getInvoiceItem(),
                InvoiceItemUpdateParams.builder().setAmount(minor).setDescription(description).build(),
                StripeGateway.key(key));
        }
        return new TiersItems.Answer(TiersItems.Outcome.ITEM, minor);
    }

    /** A thin event with its data. @return JSON */
    String thinEvent(final String eventId) throws StripeException {
        return client.rawRequest(ApiResource.RequestMethod.GET, "/v2/core/events/"
            + URLEncoder.encode(eventId, StandardCharsets.UTF_8), null).body();
    }

    /** Units that Stripe counted for a customer on a UTC day. */
    BigDecimal day(final String meterId, final String customerId, final long day) throws StripeException {
        BigDecimal sum = BigDecimal.ZERO;
        final List<BigDecimal> rows = new ArrayList<>();
        client.billing().meters().eventSummaries().list(meterId, MeterEventSummaryListParams.builder()
            .setCustomer(customerId).setStartTime(day * SECONDS_PER_DAY).setEndTime((day + 1) * SECONDS_PER_DAY)
            .setValueGroupingWindow(MeterEventSummaryListParams.ValueGroupingWindow.DAY).setLimit(PAGE).build())
            .autoPagingIterable().forEach(row -> rows.add(row.getAggregatedValue()));
        for (final BigDecimal row : rows) {
            sum = sum.add(row);
        }
        return sum;
    }
}
