package weir.config.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.config.load.ConfigLoader;
import weir.config.load.DemoSource;
import weir.config.model.WeirConfig;
import weir.config.recovery.CoreSpace;
import weir.engine.RouterCore;

/** What the doctor takes for the heap of a core is what one takes. */
class CoreSpaceTest {
    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void measure(final String... settings) {
        final Map<String, String> environment = new HashMap<>(DemoSource.newSecrets());
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        final WeirConfig config = ConfigLoader.load(new DemoSource(), environment).orThrow();
        final List<RouterCore> cores = new ArrayList<>();
        final long before = usedBytes();
        cores.add(new RouterCore(CoreWiring.context(config)));
        cores.add(new RouterCore(CoreWiring.context(config)));
        final long measured = (usedBytes() - before) / cores.size();
        final long said = CoreSpace.coreBytes(config.router().engine());
        assertTrue(said >= measured && said < measured + measured / 3,
            "a core takes " + measured + " bytes, said are " + said);
    }

    @Test
    void shouldKnowTheHeapOfACore() {
        measure();
        measure("WEIR_ENGINE_MAX_OPEN_ORDERS", "131072", "WEIR_ENGINE_CL_ORD_IDS_PER_DAY", "131072");
        measure("WEIR_ENGINE_MAX_TRADES", "2097152", "WEIR_ENGINE_MAX_GRANTS", "524288");
    }

    /** 10,000 tenants with an account each, 1,000 sessions, 100,000 open orders. */
    @Test
    void shouldKnowTheHeapOfALargeRouter() {
        measure("WEIR_ENGINE_MAX_TENANTS", "10000", "WEIR_ENGINE_MAX_ACCOUNTS", "10000", "WEIR_ENGINE_MAX_SESSIONS",
            "1024", "WEIR_ENGINE_MAX_OPEN_ORDERS", "102400", "WEIR_ENGINE_CL_ORD_IDS_PER_DAY", "1048576",
            "WEIR_ENGINE_MAX_TRADES", "1048576");
    }
}
