package weir.sim.cow;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import weir.sim.market.Json;

/**
 * Who owns tokens. There is no key: an owner is who can sign.
 *
 * @param name       for people and the control API.
 * @param owner      address, lower case.
 * @param balances   whole tokens by symbol; a token that is not named is there without end.
 * @param allowances what the vault relayer may move, whole tokens by symbol; not named is without end.
 */
public record CowAccount(String name, String owner, Map<String, BigDecimal> balances,
    Map<String, BigDecimal> allowances) {

    /** Checks the parts. @throws IllegalArgumentException if the owner is no address. */
    public CowAccount {
        owner = owner.toLowerCase(Locale.ROOT);
        if (!owner.matches("0x[0-9a-f]{40}")) {
            throw new IllegalArgumentException("account " + name + ": owner is no address");
        }
        balances = Map.copyOf(balances);
        allowances = Map.copyOf(allowances);
    }

    /** An owner of whatever is wanted. */
    public CowAccount(final String name, final String owner) {
        this(name, owner, Map.of(), Map.of());
    }

    /**
     * Reads {@code [{"name":"a","owner":"0x..","balances":{"WETH":"10"},"allowances":{"USDC":"0"}}]}; the last two are
     * optional.
     *
     * @throws IOException              if the file cannot be read as JSON.
     * @throws IllegalArgumentException if a key is unknown or missing.
     */
    public static List<CowAccount> read(final Path file) throws IOException {
        final List<CowAccount> accounts = new ArrayList<>();
        for (final JsonNode node : Json.readArray(file)) {
            Json.requireKeys(node, file, "name", "owner", "balances", "allowances");
            accounts.add(new CowAccount(Json.text(node, "name"), Json.text(node, "owner"),
                amounts(node.path("balances")), amounts(node.path("allowances"))));
        }
        return accounts;
    }

    private static Map<String, BigDecimal> amounts(final JsonNode node) {
        final Map<String, BigDecimal> amounts = new HashMap<>();
        node.properties().forEach(each -> amounts.put(each.getKey(), new BigDecimal(each.getValue().asText())));
        return amounts;
    }
}
