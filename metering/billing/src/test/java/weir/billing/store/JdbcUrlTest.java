package weir.billing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.billing.fault.BillingError;
import weir.billing.fault.BillingException;

class JdbcUrlTest {
    private static final String HOST = "jdbc:postgresql://db:5432/weir";

    @Test
    void shouldTakeThePasswordFromTheEnvironment() {
        final JdbcUrl url = JdbcUrl.parse(HOST + "?user=w&password=env:WEIR_DB&sslmode=verify-full",
            Map.of("WEIR_DB", "se&cret")::get);
        assertEquals("se&cret", url.properties().getProperty("password"));
        assertEquals(HOST + "?user=w&sslmode=verify-full", url.bare());
        assertEquals(HOST + "?user=w&password=env:WEIR_DB&sslmode=verify-full", url.toString());
    }

    @Test
    void shouldHideAPasswordThatStandsInTheUrl() {
        final JdbcUrl url = JdbcUrl.parse(HOST + "?password=a%26b&sslpassword=key", name -> null);
        assertEquals("a&b", url.properties().getProperty("password"));
        assertEquals("key", url.properties().getProperty("sslpassword"));
        assertEquals(HOST, url.bare());
        assertEquals(HOST + "?password=***&sslpassword=***", url.toString());
    }

    @Test
    void shouldRefuseAReferenceToNothing() {
        assertEquals(BillingError.CONFIGURATION, assertThrows(BillingException.class,
            () -> JdbcUrl.parse(HOST + "?password=env:WEIR_DB", name -> null)).error());
    }

    @Test
    void shouldKnowTwoDatabasesOnly() {
        assertNull(JdbcUrl.problem("jdbc:sqlite:/var/lib/weir/billing.db"));
        assertNull(JdbcUrl.problem(HOST));
        assertNotNull(JdbcUrl.problem(null));
        assertNotNull(JdbcUrl.problem("jdbc:sqlite:"));
        assertNotNull(JdbcUrl.problem("postgresql://db/weir"));
        assertFalse(JdbcUrl.problem("jdbc:mysql://db/weir?password=hunter2").contains("hunter2"));
    }
}
