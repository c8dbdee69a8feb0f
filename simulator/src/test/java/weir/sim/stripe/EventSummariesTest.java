package weir.sim.stripe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Customer;
import com.stripe.model.billing.Meter;
import com.stripe.model.billing.MeterEventSummary;
import com.stripe.param.billing.MeterCreateParams;
import com.stripe.param.billing.MeterEventCreateParams;
import com.stripe.param.billing.MeterEventSummaryListParams;
import com.stripe.param.billing.MeterEventSummaryListParams.ValueGroupingWindow;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventSummariesTest {
    private static final long NOON = StripeFixture.START.getEpochSecond();
    private static final long MIDNIGHT = NOON - 12 * 3600;

    @TempDir
    private Path dir;
    private StripeFixture stripe;
    private Meter meter;
    private Customer customer;

    @BeforeEach
    void setUp() throws StripeException {
        stripe = new StripeFixture(dir);
        meter = stripe.meter("order_sent");
        customer = stripe.customer("alpha");
    }

    @AfterEach
    void tearDown() {
        stripe.close();
    }

    private void use(final String value, final long timestamp) throws StripeException {
        stripe.send(MeterEventCreateParams.builder().setEventName("order_sent")
            .putPayload("stripe_customer_id", customer.getId()).putPayload("value", value).setTimestamp(timestamp)
            .build());
    }

    private List<MeterEventSummary> summaries(final long start, final long end, final ValueGroupingWindow window)
        throws StripeException {
        final MeterEventSummaryListParams.Builder params = MeterEventSummaryListParams.builder()
            .setCustomer(customer.getId()).setStartTime(start).setEndTime(end);
        if (window != null) {
            params.setValueGroupingWindow(window);
        }
        return stripe.client.billing().meters().eventSummaries().list(meter.getId(), params.build()).getData();
    }

    @Test
    void shouldCountStartInclusiveAndEndExclusive() throws Exception {
        use("1", NOON - 61);
        use("10", NOON - 60);
        use("100", NOON - 1);
        use("1000", NOON);
        final List<MeterEventSummary> rows = summaries(NOON - 60, NOON, null);
        assertEquals(1, rows.size());
        assertEquals(110.0, rows.get(0).getAggregatedValue().doubleValue());
        assertTrue(rows.get(0).getId().startsWith("mtrusg_"));
        assertTrue(summaries(NOON + 60, NOON + 120, null).isEmpty());
    }

    @Test
    void shouldGroupByHourAndDayWhenAsked() throws Exception {
        use("1", MIDNIGHT - 1);
        use("2", MIDNIGHT);
        use("3", MIDNIGHT + 3599);
        use("4", MIDNIGHT + 3600);
        final List<MeterEventSummary> hours =
            summaries(MIDNIGHT - 3600, MIDNIGHT + 7200, ValueGroupingWindow.HOUR);
        assertEquals(List.of(4.0, 5.0, 1.0),
            hours.stream().map(row -> row.getAggregatedValue().doubleValue()).toList());
        final List<MeterEventSummary> days =
            summaries(MIDNIGHT - 86_400, MIDNIGHT + 86_400, ValueGroupingWindow.DAY);
        assertEquals(List.of(9.0, 1.0), days.stream().map(row -> row.getAggregatedValue().doubleValue()).toList());
        assertEquals(MIDNIGHT, days.get(0).getStartTime());
    }

    @Test
    void shouldRefuseWhenTimesAreNotAligned() {
        assertThrows(InvalidRequestException.class, () -> summaries(NOON + 1, NOON + 60, null));
        assertThrows(InvalidRequestException.class,
            () -> summaries(NOON + 60, NOON + 3600, ValueGroupingWindow.HOUR));
        assertThrows(InvalidRequestException.class,
            () -> summaries(NOON, NOON + 86_400, ValueGroupingWindow.DAY));
        assertThrows(InvalidRequestException.class, () -> summaries(NOON + 60, NOON + 60, null));
    }

    @Test
    void shouldShowEventsOnlyWhenLagHasPassed() throws Exception {
        stripe.control("POST", "config", "{\"summaryLagMs\":2000}");
        use("1", NOON);
        assertTrue(summaries(NOON, NOON + 60, null).isEmpty());
        stripe.clock.advanceSeconds(2);
        assertEquals(1.0, summaries(NOON, NOON + 60, null).get(0).getAggregatedValue().doubleValue());
    }

    @Test
    void shouldAggregateByTheMetersFormula() throws Exception {
        for (final MeterCreateParams.DefaultAggregation.Formula formula : List.of(
            MeterCreateParams.DefaultAggregation.Formula.COUNT, MeterCreateParams.DefaultAggregation.Formula.LAST)) {
            final String name = "m_" + formula;
            final Meter other = stripe.client.billing().meters().create(MeterCreateParams.builder()
                .setDisplayName(name).setEventName(name).setDefaultAggregation(
                    MeterCreateParams.DefaultAggregation.builder().setFormula(formula).build()).build());
            for (final int value : new int[] {7, 5}) {
                stripe.send(MeterEventCreateParams.builder().setEventName(name)
                    .putPayload("stripe_customer_id", customer.getId()).putPayload("value", "" + value)
                    .setTimestamp(NOON - value).build());
            }
            final double value = stripe.client.billing().meters().eventSummaries().list(other.getId(),
                MeterEventSummaryListParams.builder().setCustomer(customer.getId()).setStartTime(NOON - 60)
                    .setEndTime(NOON).build()).getData().get(0).getAggregatedValue()
                .doubleValue();
            assertEquals(formula == MeterCreateParams.DefaultAggregation.Formula.COUNT ? 2.0 : 5.0, value);
        }
    }
}
