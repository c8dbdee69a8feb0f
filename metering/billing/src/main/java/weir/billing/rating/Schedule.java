package weir.billing.rating;

/**
 * An execution schedule that is active.
 *
 * @param scheduleId schedule
 * @param tenantId   who pays
 * @param startNs    journaled epoch nanoseconds of its start
 */
public record Schedule(long scheduleId, int tenantId, long startNs) {
    /**
     * Which it is: ids are of their tenant.
     *
     * @return key
     */
    public Key key() {
        return new Key(tenantId, scheduleId);
    }

    /**
     * Names a schedule.
     *
     * @param tenantId   whose it is
     * @param scheduleId its id there
     */
    public record Key(int tenantId, long scheduleId) {
    }
}
