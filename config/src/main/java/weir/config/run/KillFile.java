package weir.config.run;

import java.util.ArrayList;
import java.util.List;
import weir.config.failure.CommandFailure;
import weir.config.model.WeirConfig;
import weir.protocol.sbe.TradingState;

/**
 * What a kill file asks for. An empty file: the router is halted and everything open is cancelled. Else one order a
 * line: {@code kill SCOPE NAME} (halted, open orders cancelled), {@code halt SCOPE NAME} or {@code cancel-only SCOPE
 * NAME}; scopes are router (no name), venue, tenant, desk, account, strategy (TENANT/NUMBER); {@code #} begins a
 * comment. A line that cannot be understood asks for the whole: better too much stopped than too little.
 *
 * @param target     of the order
 * @param state      that it gets
 * @param cancelOpen whether what is open is cancelled
 * @param line       as written
 */
record KillFile(SwitchTarget target, TradingState state, boolean cancelOpen, String line) {

    static List<KillFile> parse(final WeirConfig config, final String text) {
        final List<KillFile> orders = new ArrayList<>();
        boolean any = false;
        for (final String whole : text.split("\\R")) {
            final String line = whole.replaceFirst("#.*", "").strip();
            if (!line.isEmpty()) {
                any = true;
                orders.add(order(config, line));
            }
        }
        if (!any) {
            orders.add(new KillFile(SwitchTarget.ROUTER, TradingState.HALTED, true, "(empty file)"));
        }
        return orders;
    }

    private static KillFile order(final WeirConfig config, final String line) {
        final String[] words = line.split("\\s+");
        final boolean router = words.length == 2 && words[1].equals("router");
        final boolean known = words[0].equals("kill") || words[0].equals("halt") || words[0].equals("cancel-only");
        try {
            if (known && (router || words.length == 3 && !words[1].equals("router"))) {
                return new KillFile(SwitchTarget.of(config, words[1], router ? "" : words[2]),
                    words[0].equals("cancel-only") ? TradingState.CANCEL_ONLY : TradingState.HALTED,
                    words[0].equals("kill"), line);
            }
        } catch (final CommandFailure ex) {
            return all(line);
        }
        return all(line);
    }

    private static KillFile all(final String line) {
        return new KillFile(SwitchTarget.ROUTER, TradingState.HALTED, true, "not understood: " + line);
    }
}
