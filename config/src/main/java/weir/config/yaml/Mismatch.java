package weir.config.yaml;

/** Says that a value is not of a form. Control flow inside this package: it has no stack trace and never leaves it. */
final class Mismatch extends Exception {
    private static final long serialVersionUID = 1L;

    private final ProblemCode code;
    private final String expected;
    private final String suggestion;
    private final boolean hideValue;

    Mismatch(final ProblemCode code, final String expected, final String suggestion, final boolean hideValue) {
        super(expected, null, false, false);
        this.code = code;
        this.expected = expected;
        this.suggestion = suggestion.isEmpty() ? "write " + expected : suggestion;
        this.hideValue = hideValue;
    }

    Mismatch(final ProblemCode code, final String expected, final String suggestion) {
        this(code, expected, suggestion, false);
    }

    Problem at(final Scalar scalar) {
        return new Problem(code, scalar.location(), scalar.key(), expected, hideValue ? "another form"
            : scalar.shown(), suggestion);
    }
}
