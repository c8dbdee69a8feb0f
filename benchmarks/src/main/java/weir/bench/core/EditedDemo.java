package weir.bench.core;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import weir.config.load.ConfigLoader;
import weir.config.load.ConfigSource;
import weir.config.load.DemoSource;
import weir.config.model.WeirConfig;
import weir.protocol.Venues;

/**
 * The demo's configuration at Coinbase with money and quotas that no benchmark uses up; with every control on, or with
 * those of a tenant off that a configuration can leave out. One tenant.
 */
final class EditedDemo implements ConfigSource {
    private static final String TENANT = "tenants/alpha.yaml";
    private static final String WIDE = """

        limits:
          - id: 101
            name: none
            at: dispatch
            scope: key
            shape: concurrent
            capacity: 1000000
            costs: { new: 1 }
            source: none
        """;

    private final DemoSource demo = new DemoSource(Set.of(Venues.COINBASE));
    private final boolean controls;

    private EditedDemo(final boolean controls) {
        this.controls = controls;
    }

    static WeirConfig load(final boolean controls) {
        return ConfigLoader.load(new EditedDemo(controls), DemoSource.newSecrets()).orThrow();
    }

    @Override
    public String name() {
        return demo.name();
    }

    @Override
    public List<String> list(final String folder) {
        final List<String> names = new ArrayList<>(demo.list(folder));
        names.remove("tenants/beta.yaml");
        return names;
    }

    @Override
    public boolean has(final String name) {
        return demo.has(name);
    }

    @Override
    public String read(final String name) throws IOException {
        final String text = demo.read(name);
        if (name.equals("venues/coinbase.yaml")) {
            return controls ? text : text.substring(0, text.indexOf("\nlimits:")) + WIDE;
        }
        if (name.equals("router.yaml")) {
            // The clock of a benchmark stands still or leaps: what would bound it is out of reach, or off.
            return text + (controls ? "gateway:\n  burst: 10000000\n  refill: 10000000/s\n" : "gateway:\n  burst: 0\n");
        }
        if (!name.equals(TENANT)) {
            return text;
        }
        final String wide = edit(text, "amount: 1000.00", "amount: 1000000000.00", "budget: 10000.00",
            "budget: 1000000000.00", "limit: 1000000 ", "limit: 1000000000 ");
        if (controls) {
            return wide;
        }
        // No rate, no risk limit, no quota, no budget; the order is still charged, journaled and routed.
        return edit(wide, "rate: { burst: 2000, refill: 1000/s }\n", "", "budget: 1000000000.00\n", "",
            wide.substring(wide.indexOf("risk:"), wide.indexOf("instruments:")), "");
    }

    private static String edit(final String text, final String... pairs) {
        String result = text;
        for (int i = 0; i < pairs.length; i += 2) {
            if (!result.contains(pairs[i])) {
                throw new IllegalStateException("the demo's tenant no longer says '" + pairs[i].strip() + "'");
            }
            result = result.replace(pairs[i], pairs[i + 1]);
        }
        return result;
    }

    @Override
    public String shown(final String name) {
        return demo.shown(name);
    }
}
