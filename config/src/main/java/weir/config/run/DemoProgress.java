package weir.config.run;

import java.util.Collection;
import java.util.Map;
import weir.cli.Output;
import weir.sim.desk.DeskClient;

/** One line a second on what the desks have seen. */
final class DemoProgress {
    private final Output output;
    private final Collection<DeskClient> desks;
    private final long startNs = System.nanoTime();

    DemoProgress(final Output output, final Collection<DeskClient> desks) {
        this.output = output;
        this.desks = desks;
    }

    void line() {
        long orders = 0;
        long open = 0;
        long fills = 0;
        long refused = 0;
        long reports = 0;
        for (final DeskClient desk : desks) {
            orders += desk.ledger().orders().size();
            open += desk.ledger().openOrders().size();
            fills += desk.ledger().executions();
            reports += desk.reports().size();
            refused += desk.ledger().countsByCode().values().stream().mapToLong(Long::longValue).sum();
        }
        output.say(String.format("  %3d s  orders %5d  open %4d  fills %5d  refused %4d  reports %6d",
            (System.nanoTime() - startNs) / 1_000_000_000L, orders, open, fills, refused, reports));
    }

    void end() {
        line();
        for (final DeskClient desk : desks) {
            final Map<String, Long> status = desk.ledger().countsByStatus();
            output.say("  " + desk.desk() + ": by OrdStatus(39) " + status);
        }
    }
}
