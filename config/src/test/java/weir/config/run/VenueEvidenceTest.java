package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Binance may object to without a breach, in runs that met no limit by a test's wish and in those that did. */
class VenueEvidenceTest {

    @ParameterizedTest
    @CsvSource({"-1007, true, true", "-1021, true, true", "-2011, true, true", "-2013, true, true",
        "-1003, false, true", "-1015, false, true", "-1000, false, false", "-1013, false, false",
        "-1022, false, false", "-1102, false, false", "-2015, false, false", "0, false, false", "null, false, false",
        ", false, false"})
    void shouldTakeAnErrorForAnAnswerOnlyWhenItIsListed(final String code, final boolean ever, final boolean limiting)
        throws Exception {
        final String line = code == null ? "{\"kind\":\"error\"}" : "{\"kind\":\"error\",\"code\":" + code + '}';
        assertEquals(ever, VenueEvidence.isAnswer(new ObjectMapper().readTree(line), false), line);
        assertEquals(limiting, VenueEvidence.isAnswer(new ObjectMapper().readTree(line), true), line);
    }
}
