package weir.config.doctor;

import java.util.ArrayList;
import java.util.List;

/** Collects findings in the order in which they are made. One thread. */
final class Findings {
    private final List<Finding> list = new ArrayList<>();

    void ok(final String check, final String found, final String expected) {
        list.add(new Finding(check, Finding.Status.OK, found, expected, ""));
    }

    void warn(final String check, final String found, final String expected, final String advice) {
        list.add(new Finding(check, Finding.Status.WARN, found, expected, advice));
    }

    void fail(final String check, final String found, final String expected, final String advice) {
        list.add(new Finding(check, Finding.Status.FAIL, found, expected, advice));
    }

    /** Fails below the first bound, warns below the second. */
    void atLeast(final String check, final long value, final long failBelow, final long warnBelow, final String found,
        final String expected, final String advice) {
        if (value < failBelow) {
            fail(check, found, expected, advice);
        } else if (value < warnBelow) {
            warn(check, found, expected, advice);
        } else {
            ok(check, found, expected);
        }
    }

    List<Finding> list() {
        return List.copyOf(list);
    }
}
