package weir.billing.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids written out by hand: base64url of eight bytes each (RFC 4648 section 5, without padding). */
class ReplacementIdTest {

    @Test
    void shouldReadOrderFilledAndRequest() {
        final ReplacementId read = ReplacementId.of("rAAAAAAAAABcAAAAAAX14QAgAAAAAAA__8");
        assertEquals(23, read.orderId());
        assertEquals(100_000_000, read.filledE8());
        assertEquals(0x8000_0000_0000_FFFFL, read.requestLow());
        assertEquals(0xFFFF, read.sequence());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "r", "01234567-89ab-4def-8123-456789abcdef", "rAAAAAAAAABcAAAAAAX14QAgAAAAAAA__",
        "xAAAAAAAAABcAAAAAAX14QAgAAAAAAA__8",
        "rAAAAAAAAAAAAAAAAAX14QAgAAAAAAA__8", "rAAAAAAAAAB*AAAAAAX14QAgAAAAAAA__8",
        "r_________________________________"})
    void shouldReadNothingFromOtherIds(final String text) {
        assertNull(ReplacementId.of(text));
    }
}
