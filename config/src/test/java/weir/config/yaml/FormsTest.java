package weir.config.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.config.model.SecretRef;
import weir.protocol.sbe.LimitShape;

class FormsTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private static Scalar plain(final String text) {
        return new Scalar(text, false, new Location("f.yaml", 3, 5), "key");
    }

    private static <T> T read(final Form<T> form, final String text) throws Mismatch {
        return form.read(plain(text));
    }

    private static Problem refused(final Form<?> form, final String text) {
        return assertThrows(Mismatch.class, () -> form.read(plain(text))).at(plain(text));
    }

    @ParameterizedTest
    @CsvSource({"250ms,250000000", "1s,1000000000", "2m,120000000000", "7us,7000", "3ns,3", "1h,3600000000000"})
    void shouldReadDurationWithUnit(final String text, final long expectedNs) throws Mismatch {
        assertEquals(expectedNs, read(Forms.durationNs(0, Long.MAX_VALUE), text));
    }

    @Test
    void shouldSuggestTheUnitWhenDurationHasNone() {
        final Problem problem = refused(Forms.durationMs(1, 10_000), "250");
        assertEquals(ProblemCode.CONFIG_TYPE, problem.code());
        assertEquals("add the unit: 250ms", problem.suggestion());
    }

    @Test
    void shouldRefuseDurationThatOverflows64Bits() {
        assertEquals(ProblemCode.CONFIG_RANGE,
            refused(Forms.durationNs(0, Long.MAX_VALUE), "999999999999999999d").code());
    }

    @Test
    void shouldRefuseDurationOfPartsOfMillisecondsWhenMillisecondsAreNeeded() {
        assertEquals("whole milliseconds", refused(Forms.durationMs(0, 10_000), "1500us").expected());
    }

    @ParameterizedTest
    @CsvSource({"64KiB,65536", "10MiB,10485760", "1GiB,1073741824", "12B,12"})
    void shouldReadSizeWithUnit(final String text, final long expected) throws Mismatch {
        assertEquals(expected, read(Forms.sizeBytes(0, Long.MAX_VALUE), text));
    }

    @Test
    void shouldRefuseUnitOfAnotherKind() {
        assertTrue(refused(Forms.sizeBytes(0, Long.MAX_VALUE), "10s").suggestion().startsWith("units are "));
    }

    @Test
    void shouldReadRatesAndParts() throws Mismatch {
        assertEquals(90, read(Forms.ratePerSecond(1, 100), "90/s"));
        assertEquals(1_000, read(Forms.basisPoints(10_000), "10%"));
        assertEquals(250, read(Forms.basisPoints(10_000), "250bps"));
        assertEquals(ProblemCode.CONFIG_RANGE, refused(Forms.ratePerSecond(1, 100), "101/s").code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e3", "1.", ".5", "0x10", "1,000", "+1", "NaN", "--1", ""})
    void shouldRefuseWhatIsNoPlainDecimal(final String text) {
        assertEquals(ProblemCode.CONFIG_TYPE, refused(Forms.decimalE8(0, Long.MAX_VALUE), text).code());
    }

    @Test
    void shouldReadDecimalExactlyAndRefuseWhatWouldBeRounded() throws Mismatch {
        assertEquals(1L, read(Forms.decimalE8(0, Long.MAX_VALUE), "0.00000001"));
        assertEquals(10_000_000L, read(Forms.decimalE8(0, Long.MAX_VALUE), "0.1000000000"));
        assertEquals(ProblemCode.CONFIG_RANGE, refused(Forms.decimalE8(0, Long.MAX_VALUE), "0.000000001").code());
        assertEquals(ProblemCode.CONFIG_RANGE, refused(Forms.decimalE8(0, Long.MAX_VALUE), "92233720369").code());
    }

    @Test
    void shouldRefusePriceBelowOneMicroUnit() {
        assertEquals(ProblemCode.CONFIG_RANGE, refused(Forms.micros(1, 100), "0").code());
        assertEquals(ProblemCode.CONFIG_RANGE, refused(Forms.micros(1, 100), "0.0000001").code());
    }

    @Test
    void shouldRefuseIntegerInQuotesWithAHint() {
        final Scalar quoted = new Scalar("5", true, new Location("f.yaml", 1, 1), "key");
        final Problem problem = assertThrows(Mismatch.class, () -> Forms.integer(0, 9).read(quoted)).at(quoted);
        assertEquals("remove the quotes", problem.suggestion());
    }

    @Test
    void shouldRefuseNumberWhereTextIsNeeded() {
        assertEquals("put it in quotes", refused(Forms.text(10), "12").suggestion());
        assertEquals(ProblemCode.CONFIG_TYPE, refused(Forms.text(10), "true").code());
    }

    @Test
    void shouldNameTheNearestConstantWhenEnumIsMisspelt() {
        final Problem problem = refused(Forms.choice(LimitShape.class), "slidingwindow");
        assertEquals("did you mean 'sliding-window'?", problem.suggestion());
        assertFalse(problem.expected().contains("null"), problem.expected());
    }

    @Test
    void shouldNeverRepeatAValueThatStandsWhereASecretReferenceBelongs() {
        final Problem problem = refused(Forms.secret(false), "hunter2-the-real-password");
        assertFalse(problem.oneLine().contains("hunter2"), problem.oneLine());
        assertEquals(ProblemCode.CONFIG_SECRET, problem.code());
    }

    @Test
    void shouldReadSecretReferenceWithItsPlace() throws Mismatch {
        final SecretRef ref = read(Forms.secret(false), "env:API_KEY");
        assertEquals(new SecretRef(SecretRef.Kind.ENV, "API_KEY", "f.yaml", 3), ref);
    }

    @Test
    void shouldRefuseHashForASecretThatSigns() {
        final String hash = "pbkdf2:10000:c2FsdHNhbHQ=:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
        assertEquals("a hash cannot sign", refused(Forms.secret(false), hash).suggestion());
    }

    @ParameterizedTest
    @CsvSource({"1,1,0", "n,0,1", "9 + n,9,1", "2*n+1,1,2", "n*3*2,0,6", "1+1+n+n,2,2", "2 * 5,10,0"})
    void shouldCompileCostFormula(final String text, final int fixed, final int item) {
        assertEquals(new CostFormula(fixed, item), CostFormula.parse(text).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"n*n", "9 -n", "9 + m", "", "+", "n n", "(n)", "99999999999", "65536*65536", "1.5"})
    void shouldRefuseFormulaThatIsNotLinearOrNoFormula(final String text) {
        assertTrue(CostFormula.parse(text).isEmpty(), text);
    }

    @Test
    void shouldReadTimesZonesAndAddresses() throws Mismatch {
        assertEquals(1_767_225_600L * SECOND_NS, read(Forms.instantNs(), "2026-01-01T00:00:00Z"));
        assertEquals("America/New_York", read(Forms.zone(), "America/New_York").getId());
        assertEquals("did you mean 'America/New_York'?", refused(Forms.zone(), "America/NewYork").suggestion());
        assertEquals(new HostPort("::1", 80), read(Forms.hostPort(), "[::1]:80"));
        assertEquals(ProblemCode.CONFIG_TYPE, refused(Forms.hostPort(), "host:70000").code());
        assertEquals(ProblemCode.CONFIG_TYPE, refused(Forms.addressRange(), "10.1.2.3/8").code());
    }

    @Test
    void shouldFindNearestWordByEditDistance() {
        assertEquals("did you mean 'capacity'?", Suggestion.nearest("capcaity", List.of("period", "capacity")));
        assertEquals("", Suggestion.nearest("zzz", List.of("period", "capacity")));
        assertEquals(1, Suggestion.distance("capcaity", "capacity"));
    }
}
