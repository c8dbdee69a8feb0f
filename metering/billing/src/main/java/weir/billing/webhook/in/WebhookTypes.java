package weir.billing.webhook.in;

/** Which types of events something is done for. */
public final class WebhookTypes {
    /** Thin: events that Stripe took and then could not count. */
    public static final String ERROR_REPORT = "v1.billing.meter.error_report_triggered";
    /** Thin: events whose event_name no meter has. */
    public static final String NO_METER = "v1.billing.meter.no_meter_found";
    /** Leads the types that carry an invoice. */
    public static final String INVOICE = "invoice.";
    /** Leads the types that carry a subscription. */
    public static final String SUBSCRIPTION = "customer.subscription.";

    private WebhookTypes() {
    }

    /**
     * Whether events of a type are handled.
     *
     * @param type of the event
     * @return false: known, and no more than that
     */
    public static boolean isHandled(final String type) {
        return isError(type) || type.startsWith(INVOICE) && !type.equals("invoice.upcoming")
            || type.startsWith(SUBSCRIPTION);
    }

    /**
     * Whether an event reports errors of meter events.
     *
     * @param type of the event
     * @return true for the two thin types
     */
    public static boolean isError(final String type) {
        return type.equals(ERROR_REPORT) || type.equals(NO_METER);
    }
}
