package weir.config.doctor;

/**
 * What a check came to.
 *
 * @param check    its name, {@code area.thing}
 * @param status   ok, warn or fail
 * @param found    what is there
 * @param expected what should be, and why
 * @param advice   what to do; "" when nothing
 */
public record Finding(String check, Status status, String found, String expected, String advice) {

    /** How bad it is. */
    public enum Status {
        /** As it should be. */
        OK,
        /** Works, and costs latency, time or safety. */
        WARN,
        /** Does not work, or will not for long. */
        FAIL
    }
}
