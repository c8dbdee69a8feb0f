package weir.billing.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BatchIdentifierTest {
    /** RFC 4648 section 10, without padding, lower case. */
    @Test
    void shouldEncodeTheVectorsOfRfc4648() {
        final String[][] vectors = {{"", ""}, {"f", "my"}, {"fo", "mzxq"}, {"foo", "mzxw6"}, {"foob", "mzxw6yq"},
            {"fooba", "mzxw6ytb"}, {"foobar", "mzxw6ytboi"}};
        for (final String[] vector : vectors) {
            assertEquals(vector[1], BatchIdentifier.base32(vector[0].getBytes(StandardCharsets.US_ASCII)));
        }
    }

    @Test
    void shouldFollowFromItsRecordsAlone() {
        final String identifier = BatchIdentifier.of("00ff", 1, "request", 5, 9);
        assertEquals(identifier, BatchIdentifier.of("00ff", 1, "request", 5, 9));
        assertEquals(55, identifier.length());
        assertNotEquals(identifier, BatchIdentifier.of("00ff", 1, "request", 5, 10));
        assertNotEquals(identifier, BatchIdentifier.of("00ff", 2, "request", 5, 9));
        assertNotEquals(identifier, BatchIdentifier.of("00fe", 1, "request", 5, 9));
    }
}
