package weir.sim.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.stripe.exception.InvalidRequestException;
import com.stripe.model.Invoice;
import com.stripe.model.Price;
import com.stripe.model.Subscription;
import com.stripe.model.testhelpers.TestClock;
import com.stripe.param.InvoiceCreatePreviewParams;
import com.stripe.param.InvoiceItemCreateParams;
import com.stripe.param.InvoiceItemUpdateParams;
import com.stripe.param.InvoiceListParams;
import com.stripe.param.PriceCreateParams;
import com.stripe.param.SubscriptionCreateParams;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvoiceTest {
    private static final long NOON = BillingFixture.JAN_1 + 43_200;

    @TempDir
    private Path dir;
    private BillingFixture billing;

    @BeforeEach
    void setUp() throws Exception {
        billing = new BillingFixture(dir);
    }

    @AfterEach
    void tearDown() {
        billing.close();
    }

    private Invoice bill(final Price price, final long units) throws Exception {
        billing.subscribe(true, price);
        billing.advance(NOON + 1);
        billing.use(units, NOON);
        billing.advance(BillingFixture.FEB_1 + Invoices.DRAFT_SECONDS);
        return billing.invoices().get(0);
    }

    @Test
    void shouldBill57345CentsWhen12345UnitsAreGraduated() throws Exception {
        final Invoice invoice = bill(billing.tiered(PriceCreateParams.TiersMode.GRADUATED), 12_345);
        assertEquals(List.of(10_000L, 45_000L, 2_345L), BillingFixture.amounts(invoice));
        assertEquals(57_345, invoice.getTotal());
        assertEquals(57_345, invoice.getAmountPaid());
        assertEquals("paid", invoice.getStatus());
        assertEquals("subscription_cycle", invoice.getBillingReason());
        assertEquals(BillingFixture.JAN_1, invoice.getPeriodStart());
        assertEquals(BillingFixture.FEB_1, invoice.getPeriodEnd());
        assertEquals(2_345, invoice.getLines().getData().get(2).getQuantity());
    }

    @Test
    void shouldBill12345CentsWhen12345UnitsAreByVolume() throws Exception {
        final Invoice invoice = bill(billing.tiered(PriceCreateParams.TiersMode.VOLUME), 12_345);
        assertEquals(List.of(12_345L), BillingFixture.amounts(invoice));
    }

    @Test
    void shouldBillTheFirstTierAloneUpToItsBoundary() throws Exception {
        assertEquals(List.of(10_000L),
            BillingFixture.amounts(bill(billing.tiered(PriceCreateParams.TiersMode.GRADUATED), 1_000)));
    }

    @Test
    void shouldBillTheNextTierOneUnitPastTheBoundary() throws Exception {
        assertEquals(List.of(10_000L, 5L),
            BillingFixture.amounts(bill(billing.tiered(PriceCreateParams.TiersMode.GRADUATED), 1_001)));
    }

    @Test
    void shouldBillAllUnitsAtTheLowerPriceOneUnitPastTheBoundaryByVolume() throws Exception {
        assertEquals(List.of(5_005L),
            BillingFixture.amounts(bill(billing.tiered(PriceCreateParams.TiersMode.VOLUME), 1_001)));
    }

    @Test
    void shouldBillWholePackages() throws Exception {
        assertEquals(8, bill(billing.packages(4, 100), 101).getTotal());
    }

    @Test
    void shouldRoundALineToWholeCents() throws Exception {
        assertEquals(3_086, bill(billing.perUnit("0.25"), 12_345).getTotal());
    }

    @Test
    void shouldRoundHalfACentUp() throws Exception {
        assertEquals(1, bill(billing.perUnit("0.5"), 1).getTotal());
    }

    @Test
    void shouldKeepTwelveDecimalsWhenTheyAddUp() throws Exception {
        assertEquals(2, bill(billing.perUnit("0.000000000001"), 1_500_000_000_000L).getTotal());
    }

    @Test
    void shouldBillNothingWhenUsageIsNegative() throws Exception {
        final Invoice invoice = bill(billing.perUnit("5"), -7);
        assertEquals(0, invoice.getTotal());
        assertEquals(0, invoice.getLines().getData().get(0).getQuantity());
        assertEquals("paid", invoice.getStatus());
    }

    @Test
    void shouldCountLateUsageAsLongAsTheInvoiceIsADraft() throws Exception {
        billing.subscribe(true, billing.perUnit("2"));
        billing.advance(BillingFixture.FEB_1 + 60);
        assertEquals("draft", billing.invoices().get(0).getStatus());
        billing.use(10, BillingFixture.FEB_1 - 1);
        billing.use(100, BillingFixture.FEB_1);
        assertEquals(20, billing.invoices().get(0).getTotal(), "the draft follows the usage");
        billing.advance(BillingFixture.FEB_1 + Invoices.DRAFT_SECONDS);
        billing.use(1_000, BillingFixture.FEB_1 - 1);
        assertEquals(20, billing.invoices().get(0).getTotal(), "a final invoice does not");
        billing.advance(BillingFixture.MAR_1 + Invoices.DRAFT_SECONDS);
        assertEquals(200, billing.invoices().get(0).getTotal());
        assertTrue(billing.eventTypes().containsAll(List.of("customer.created", "customer.subscription.created",
            "customer.subscription.updated", "invoice.created", "invoice.finalized", "invoice.paid")),
            billing.eventTypes().toString());
    }

    @Test
    void shouldBillLicensedInAdvanceAndUsageBehind() throws Exception {
        billing.subscribe(true, billing.licensed(1_500), billing.perUnit("3"));
        assertEquals(List.of(1_500L), BillingFixture.amounts(billing.invoices().get(0)));
        assertEquals("subscription_create", billing.invoices().get(0).getBillingReason());
        billing.use(10, BillingFixture.JAN_1);
        billing.advance(BillingFixture.FEB_1 + Invoices.DRAFT_SECONDS);
        assertEquals(List.of(30L, 1_500L), BillingFixture.amounts(billing.invoices().get(0)));
    }

    @Test
    void shouldShowAZeroLineFirstInClassicModeOnly() throws Exception {
        final Subscription flexible = billing.subscribe(true, billing.perUnit("3"));
        assertNull(flexible.getLatestInvoice());
        assertEquals(0, billing.invoices().size());
        billing.subscribe(false, billing.perUnit("3"));
        assertEquals(List.of(0L), BillingFixture.amounts(billing.invoices().get(0)));
    }

    @Test
    void shouldPreviewWhatTheInvoiceWillSay() throws Exception {
        final Subscription subscription =
            billing.subscribe(true, billing.tiered(PriceCreateParams.TiersMode.GRADUATED));
        billing.use(12_345, BillingFixture.JAN_1);
        final Invoice preview = billing.stripe.client.invoices().createPreview(
            InvoiceCreatePreviewParams.builder().setSubscription(subscription.getId()).build());
        assertEquals(57_345, preview.getAmountDue());
        assertEquals(3, billing.stripe.client.invoices().lineItems().list(preview.getId()).getData().size());
        assertEquals(0, billing.invoices().size());
    }

    @Test
    void shouldGiveNegativeTotalsToTheBalance() throws Exception {
        billing.subscribe(true, billing.perUnit("3"));
        billing.stripe.client.invoiceItems().create(InvoiceItemCreateParams.builder()
            .setCustomer(billing.customer.getId()).setAmount(-100L).setCurrency("usd").setDescription("x").build());
        billing.use(20, BillingFixture.JAN_1);
        billing.advance(BillingFixture.FEB_1 + Invoices.DRAFT_SECONDS);
        final Invoice first = billing.invoices().get(0);
        assertEquals(-40, first.getTotal());
        assertEquals(0, first.getAmountDue());
        assertEquals(-40, first.getEndingBalance());
        billing.use(20, BillingFixture.FEB_1 + 1);
        billing.advance(BillingFixture.MAR_1 + Invoices.DRAFT_SECONDS);
        assertEquals(20, billing.invoices().get(0).getAmountPaid());
        assertEquals(0, billing.stripe.client.customers().retrieve(billing.customer.getId()).getBalance());
    }

    @Test
    void shouldPutAnItemOnTheDraftThatItNamesAndOnNoInvoiceThatIsFinal() throws Exception {
        billing.subscribe(true, billing.perUnit("3"));
        billing.use(20, BillingFixture.JAN_1);
        billing.advance(BillingFixture.FEB_1 + 1);
        final Invoice draft = billing.invoices().get(0);
        assertEquals("draft", draft.getStatus());
        final InvoiceItemCreateParams item = InvoiceItemCreateParams.builder().setCustomer(billing.customer.getId())
            .setInvoice(draft.getId()).setAmount(-10L).setCurrency("usd").setPeriod(InvoiceItemCreateParams.Period
                .builder().setStart(BillingFixture.JAN_1).setEnd(BillingFixture.FEB_1).build())
            .putMetadata("why", "test").build();
        assertEquals(draft.getId(), billing.stripe.client.invoiceItems().create(item).getInvoice());
        final Invoice changed = billing.invoices().get(0);
        assertEquals(List.of(60L, -10L), BillingFixture.amounts(changed));
        assertEquals(BillingFixture.FEB_1, changed.getLines().getData().get(1).getPeriod().getEnd());
        assertEquals("test", changed.getLines().getData().get(1).getMetadata().get("why"));
        billing.advance(BillingFixture.FEB_1 + Invoices.DRAFT_SECONDS);
        assertEquals(50, billing.invoices().get(0).getAmountPaid());
        final InvalidRequestException refused = assertThrows(InvalidRequestException.class,
            () -> billing.stripe.client.invoiceItems().create(item));
        assertEquals("invoice_not_editable", refused.getCode());
        assertEquals(50, billing.invoices().get(0).getTotal());
    }

    @Test
    void shouldChangeAnItemAsLongAsItsInvoiceIsADraft() throws Exception {
        billing.subscribe(true, billing.perUnit("3"));
        billing.use(20, BillingFixture.JAN_1);
        billing.advance(BillingFixture.FEB_1 + 1);
        final String id = billing.stripe.client.invoiceItems().create(InvoiceItemCreateParams.builder()
            .setCustomer(billing.customer.getId()).setInvoice(billing.invoices().get(0).getId()).setAmount(-10L)
            .setCurrency("usd").putMetadata("why", "test").build()).getId();
        final InvoiceItemUpdateParams less = InvoiceItemUpdateParams.builder().setAmount(-7L).setDescription("less")
            .build();
        assertEquals(-7, billing.stripe.client.invoiceItems().update(id, less).getAmount());
        final Invoice changed = billing.invoices().get(0);
        assertEquals(List.of(60L, -7L), BillingFixture.amounts(changed));
        assertEquals(53, changed.getTotal());
        assertEquals("less", changed.getLines().getData().get(1).getDescription());
        assertEquals("test", changed.getLines().getData().get(1).getMetadata().get("why"));
        billing.advance(BillingFixture.FEB_1 + Invoices.DRAFT_SECONDS);
        assertEquals("invoice_not_editable", assertThrows(InvalidRequestException.class,
            () -> billing.stripe.client.invoiceItems().update(id, less)).getCode());
        assertEquals(53, billing.invoices().get(0).getTotal());
    }

    @Test
    void shouldFollowTheSimulatorsOwnClockWithoutATestClock() throws Exception {
        final var customer = billing.stripe.customer("beta");
        final Price price = billing.perUnit("2");
        billing.stripe.client.subscriptions().create(SubscriptionCreateParams.builder()
            .setCustomer(customer.getId()).addItem(SubscriptionCreateParams.Item.builder()
                .setPrice(price.getId()).build()).build());
        billing.stripe.send(billing.stripe.event("order_sent", customer.getId(), "21", "own-1"));
        billing.stripe.clock.advanceSeconds(31 * 86_400 + Invoices.DRAFT_SECONDS);
        final List<Invoice> invoices = billing.stripe.client.invoices().list(InvoiceListParams.builder()
            .setCustomer(customer.getId()).build()).getData();
        assertEquals(2, invoices.size(), "classic by default at this version: a zero invoice first");
        assertEquals(42, invoices.get(0).getAmountPaid());
        assertEquals(StripeFixture.START.getEpochSecond() + 31 * 86_400, invoices.get(0).getCreated());
    }

    @Test
    void shouldAdvanceATestClockByTwoIntervalsAtMost() throws Exception {
        billing.subscribe(true, billing.perUnit("2"));
        assertThrows(InvalidRequestException.class, () -> billing.advance(BillingFixture.MAR_1 + 1));
        final TestClock advancing = billing.advance(BillingFixture.MAR_1);
        assertEquals("advancing", advancing.getStatus());
        assertEquals("ready",
            billing.stripe.client.testHelpers().testClocks().retrieve(advancing.getId()).getStatus());
        assertEquals(2, billing.invoices().size());
    }
}
