package weir.sim.kraken;

/** A root error: the request as a whole is answered {@code "result":"error"} and nothing of it is carried out. */
final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /** @param code as the venue spells it, such as requiredArgumentMissing. */
    ApiError(final String code, final String detail) {
        super(code + ": " + detail, null, false, false);
        this.code = code;
    }

    String code() {
        return code;
    }

    static ApiError missing(final String name) {
        return new ApiError("requiredArgumentMissing", name);
    }

    static ApiError invalid(final String name) {
        return new ApiError("invalidArgument", name);
    }
}
