package weir.config.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import weir.billing.door.DoorKeys;
import weir.billing.fault.BillingException;
import weir.billing.readout.Books;
import weir.billing.readout.TenantRow;
import weir.cli.CommandActions;
import weir.cli.ExitCodes;
import weir.cli.Output;
import weir.config.failure.CommandFailure;

/** Shows what a tenant used, has reserved and has left: from the database, or asked of a billing process. */
final class UsageActions {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MICROS_DIGITS = 6;

    private UsageActions() {
    }

    static int usage(final CommandActions.UsageOptions options, final Output output) throws Exception {
        try {
            if (options.url().isPresent()) {
                final CommandActions.UsageOptions.Tls tls = options.tls().orElseThrow();
                final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT)
                    .sslContext(DoorKeys.fromPem(tls.key(), tls.certificate(), tls.trusted())).build();
                print(ask(client, options, "usage"), ask(client, options, "balance"), output);
            } else {
                final String jdbcUrl = BillingWiring.jdbcUrl(Configs.load(options.config(), System.getenv()));
                try (Books books = Books.open(jdbcUrl)) {
                    final TenantRow tenant = books.tenant(options.tenant()).orElseThrow(() -> new CommandFailure(
                        "UNKNOWN_TENANT", "billing has seen no record of a tenant " + options.tenant()));
                    print(books.usage(tenant), books.balance(tenant), output);
                }
            }
        } catch (final BillingException ex) {
            throw new CommandFailure(ex.error().name(), ex.getMessage());
        }
        return ExitCodes.OK;
    }

    private static JsonNode ask(final HttpClient client, final CommandActions.UsageOptions options, final String what)
        throws InterruptedException {
        final URI url = options.url().orElseThrow().resolve("/v1/tenants/" + options.tenant() + '/' + what);
        try {
            final HttpResponse<String> answer = client.send(HttpRequest.newBuilder(url).timeout(TIMEOUT).build(),
                HttpResponse.BodyHandlers.ofString());
            final JsonNode node = new ObjectMapper().readTree(answer.body());
            if (answer.statusCode() != 200) {
                throw new CommandFailure("READ_OUT_REFUSED", url + " answered " + answer.statusCode() + ' '
                    + node.path("code").asText() + ": " + node.path("detail").asText());
            }
            return node;
        } catch (final IOException ex) {
            throw new CommandFailure("READ_OUT_UNREACHABLE", url + ": " + ex);
        }
    }

    private static void print(final JsonNode usage, final JsonNode balance, final Output output) {
        final Output.Table table = output.table("usage", "period", "meter", "units", "amount", "price", "tier",
            "left in tier");
        for (final JsonNode period : usage.path("periods")) {
            for (final JsonNode row : period.path("meters")) {
                final JsonNode tier = row.path("tier");
                table.row(period.path("periodStart").asText(), row.path("meter").asText(), row.path("units").asLong(),
                    amount(row, "amountMicros"), row.has("priceMicros") ? amount(row, "priceMicros") : "",
                    tier.isMissingNode() ? "" : tier.path("number").asInt() + " of " + tier.path("of").asInt(),
                    tier.has("unitsLeft") ? tier.path("unitsLeft").asLong() : "");
            }
        }
        table.end();
        final Map<String, Object> result = new LinkedHashMap<>();
        result.put("tenant", balance.path("tenant").asText());
        result.put("position", balance.path("position").asLong());
        result.put("time", balance.path("positionTime").asText());
        result.put("currency", balance.path("currency").asText());
        result.put("granted", amount(balance, "grantedMicros"));
        result.put("used", amount(balance, "usedMicros"));
        result.put("reserved", amount(balance, "reservedMicros"));
        result.put("left", amount(balance, "leftMicros"));
        result.put("receivable", amount(balance, "receivableMicros"));
        final JsonNode budget = balance.path("budget");
        result.put("spent", amount(budget, "spentMicros"));
        if (budget.has("budgetMicros")) {
            result.put("budget", amount(budget, "budgetMicros"));
        }
        output.result("balance", result);
    }

    private static String amount(final JsonNode node, final String field) {
        return BigDecimal.valueOf(node.path(field).asLong(), MICROS_DIGITS).toPlainString();
    }
}
