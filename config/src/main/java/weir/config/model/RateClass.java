package weir.config.model;

/**
 * A token bucket for client messages.
 *
 * @param burst     messages at once; 0 = no bound
 * @param perSecond messages per second in the long run; 0 = no bound
 */
public record RateClass(int burst, int perSecond) {
    /** No bound. */
    public static final RateClass NONE = new RateClass(0, 0);
}
