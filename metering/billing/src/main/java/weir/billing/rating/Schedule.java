package weir.billing.rating;

/**
 * An execution schedule that is active.
 *
 * @param scheduleId schedule
 * @param tenantId   who pays
 * @param startNs    journaled epoch nanoseconds of its start
 */
public record Schedule(long scheduleId, int tenantId, long startNs) {
}
