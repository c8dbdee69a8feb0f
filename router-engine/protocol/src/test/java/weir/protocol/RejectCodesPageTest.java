package weir.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code docs/reject-codes.md} is generated from {@link RejectReason}; {@code -Dweir.docs.write=true} writes it. */
class RejectCodesPageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "reject-codes.md");
    private static final Set<Integer> HTTP = Set.of(200, 400, 401, 402, 403, 404, 409, 422, 429, 503);

    @Test
    void shouldHavePageThatMatchesTheEnum() throws IOException {
        final String page = page();
        if (Boolean.getBoolean("weir.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertEquals(page, Files.readString(PAGE), "run with -Dweir.docs.write=true and commit the page");
    }

    @Test
    void shouldMapEveryReasonToFixAndHttp() {
        final Set<Integer> codes = new HashSet<>();
        for (final RejectReason reason : RejectReason.values()) {
            assertTrue(codes.add(reason.code()), () -> "code used twice: " + reason);
            assertSame(reason, RejectReason.ofCode(reason.code()));
            assertTrue(isOrdRejReason(reason.ordRejReason()), () -> "OrdRejReason(103) of " + reason);
            assertTrue(isCxlRejReason(reason.cxlRejReason()), () -> "CxlRejReason(102) of " + reason);
            assertTrue(isBusinessRejectReason(reason.businessRejectReason()), () -> "380 of " + reason);
            assertTrue(HTTP.contains(reason.httpStatus()), () -> "HTTP of " + reason);
            assertEquals(reason == RejectReason.NONE, reason.httpStatus() == 200);
            assertFalse(reason.description().isBlank() || reason.description().endsWith("."),
                () -> "description of " + reason);
        }
    }

    /** FIX 5.0 SP2, OrdRejReason(103): 0 to 18, 99. */
    private static boolean isOrdRejReason(final int value) {
        return value >= 0 && value <= 18 || value == 99;
    }

    /** FIX 5.0 SP2, CxlRejReason(102): 0 to 8, 18, 99. */
    private static boolean isCxlRejReason(final int value) {
        return value >= 0 && value <= 8 || value == 18 || value == 99;
    }

    /** FIX 5.0 SP2, BusinessRejectReason(380): 0 to 8, 18. */
    private static boolean isBusinessRejectReason(final int value) {
        return value >= 0 && value <= 8 || value == 18;
    }

    private static String page() {
        final StringBuilder page = new StringBuilder("""
            # Reject codes

            Generated from `RejectReason`; do not edit. A refused new order is answered with ExecutionReport(8) 39=8
            and OrdRejReason(103), a refused cancel or replace with OrderCancelReject(9) and CxlRejReason(102),
            anything else with BusinessMessageReject(j) and BusinessRejectReason(380). Text(58) is
            `CODE key=value ...`.

            | code | number | 103 | 102 | 380 | HTTP | meaning |
            |---|---|---|---|---|---|---|
            """);
        for (final RejectReason reason : RejectReason.values()) {
            if (reason != RejectReason.NONE) {
                page.append("| `").append(reason).append("` | ").append(reason.code()).append(" | ")
                    .append(reason.ordRejReason()).append(" | ").append(reason.cxlRejReason()).append(" | ")
                    .append(reason.businessRejectReason()).append(" | ").append(reason.httpStatus()).append(" | ")
                    .append(reason.description()).append(" |\n");
            }
        }
        return page.toString();
    }
}
