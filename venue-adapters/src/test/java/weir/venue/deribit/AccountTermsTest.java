package weir.venue.deribit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** Limits of private/get_account_summary in the forms that the venue documents. */
final class AccountTermsTest {
    private final ObjectMapper json = new ObjectMapper();

    private String tier(final String limits) throws Exception {
        final long tier = AccountTerms.tier(json.readTree(limits));
        return (tier >> Integer.SIZE) + "/" + (int)tier;
    }

    @Test
    void shouldReadTheTierOfTheAccount() throws Exception {
        assertEquals("20/5", tier("{\"non_matching_engine\":{\"burst\":1500,\"rate\":1000},"
            + "\"limits_per_currency\":false,\"matching_engine\":{\"trading\":{\"total\":{\"burst\":20,\"rate\":5}},"
            + "\"spot\":{\"burst\":250,\"rate\":200},\"maximum_quotes\":{\"burst\":500,\"rate\":500},"
            + "\"cancel_all\":{\"burst\":250,\"rate\":200}}}"));
    }

    @Test
    void shouldTakeTheLeastWhereLimitsAreByCurrencyAndKind() throws Exception {
        assertEquals("15/4", tier("{\"limits_per_currency\":true,\"matching_engine\":{\"btc\":{\"trading\":"
            + "{\"perpetuals\":{\"burst\":30,\"rate\":4},\"total\":{\"burst\":50,\"rate\":20}}},\"eth\":"
            + "{\"trading\":{\"total\":{\"burst\":15,\"rate\":10}}}}}"));
    }

    @Test
    void shouldKeepWhatItHasWhenNothingIsStated() throws Exception {
        assertEquals("0/0", tier("{}"));
    }
}
