package weir.sim.stripe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * {@code /v1/products} and {@code /v1/prices}: create, get, list, update. Amounts of a price never change. A metered
 * price must name an existing meter (2025-03-31.basil removed metered prices without one). Guarded by the simulator's
 * lock.
 */
final class Catalog {
    static final String PRODUCT = "product";
    static final String PRICE = "price";
    private static final Set<String> INTERVALS = Set.of("day", "week", "month", "year");

    private final StripeStore store;
    private final boolean livemode;

    Catalog(final StripeStore store, final boolean livemode) {
        this.store = store;
        this.livemode = livemode;
    }

    StripeAnswer createProduct(final StripeRequest request) {
        request.allow("name", "description", "metadata", "active", "unit_label");
        final ObjectNode product = product(request.required("name"));
        product.put("description", request.get("description"));
        product.put("unit_label", request.get("unit_label"));
        product.set("metadata", Customers.metadata(request));
        store.put(product);
        return StripeAnswer.ok(product);
    }

    StripeAnswer getProduct(final StripeRequest request, final String id) {
        request.allow();
        return StripeAnswer.ok(known(PRODUCT, id, 404, "id"));
    }

    StripeAnswer getPrice(final StripeRequest request, final String id) {
        request.allow();
        return StripeAnswer.ok(shown(known(PRICE, id, 404, "id"), request.expands("tiers")));
    }

    StripeAnswer updateProduct(final StripeRequest request, final String id) {
        request.allow("name", "description", "metadata", "active", "unit_label");
        final ObjectNode product = known(PRODUCT, id, 404, "id").deepCopy();
        for (final String field : List.of("name", "description", "unit_label")) {
            if (request.get(field) != null) {
                product.put(field, request.get(field));
            }
        }
        return updated(request, product);
    }

    StripeAnswer updatePrice(final StripeRequest request, final String id) {
        request.allow("active", "lookup_key", "metadata", "nickname", "transfer_lookup_key");
        final ObjectNode price = known(PRICE, id, 404, "id").deepCopy();
        if (request.get("nickname") != null) {
            price.put("nickname", request.get("nickname"));
        }
        if (request.get("lookup_key") != null) {
            price.put("lookup_key", lookupKey(request));
        }
        return updated(request, price);
    }

    private StripeAnswer updated(final StripeRequest request, final ObjectNode object) {
        if (request.get("active") != null) {
            object.put("active", "true".equals(request.get("active")));
        }
        object.set("metadata", Customers.merged(object.get("metadata"), request));
        store.put(object);
        return StripeAnswer.ok(shown(object, request.expands("tiers")));
    }

    StripeAnswer listProducts(final StripeRequest request) {
        request.allow("active", "ids", "created", "limit", "starting_after", "ending_before");
        final List<ObjectNode> products = new ArrayList<>(store.all(PRODUCT));
        Collections.reverse(products);
        final var ids = request.hash("ids");
        products.removeIf(product -> inactive(request, product)
            || !ids.isEmpty() && !ids.containsValue(product.get("id").asText()));
        return StripeAnswer.ok(StripeStore.page(request, products));
    }

    StripeAnswer listPrices(final StripeRequest request) {
        request.allow("active", "product", "lookup_keys", "currency", "type", "recurring", "created", "limit",
            "starting_after", "ending_before");
        final List<ObjectNode> prices = new ArrayList<>(store.all(PRICE));
        Collections.reverse(prices);
        final var keys = request.hash("lookup_keys");
        final String meter = request.get("recurring[meter]");
        prices.removeIf(price -> inactive(request, price)
            || request.get("product") != null && !request.get("product").equals(price.get("product").asText())
            || meter != null && !meter.equals(price.path("recurring").path("meter").asText())
            || !keys.isEmpty() && !keys.containsValue(price.path("lookup_key").asText()));
        prices.replaceAll(price -> shown(price, request.expands("data.tiers")));
        return StripeAnswer.ok(StripeStore.page(request, prices));
    }

    private static boolean inactive(final StripeRequest request, final ObjectNode object) {
        return request.get("active") != null
            && !request.get("active").equals(object.get("active").asText());
    }

    /** A lookup key names one price; {@code transfer_lookup_key} takes it from the one that has it. */
    private String lookupKey(final StripeRequest request) {
        final String key = request.get("lookup_key");
        for (final ObjectNode price : List.copyOf(store.all(PRICE))) {
            if (key != null && key.equals(price.path("lookup_key").asText(null))) {
                if (!"true".equals(request.get("transfer_lookup_key"))) {
                    throw StripeRefusal.invalid("lookup_key", "A price (`" + price.get("id").asText()
                        + "`) already uses that lookup key.");
                }
                final ObjectNode without = price.deepCopy();
                without.putNull("lookup_key");
                store.put(without);
            }
        }
        return key;
    }

    StripeAnswer createPrice(final StripeRequest request) {
        request.allow("currency", "product", "product_data", "unit_amount", "unit_amount_decimal", "billing_scheme",
            "tiers_mode", "tiers", "recurring", "nickname", "metadata", "lookup_key", "transform_quantity", "active",
            "tax_behavior", "transfer_lookup_key");
        final String currency = request.required("currency");
        if (!currency.matches("[a-zA-Z]{3}")) {
            throw StripeRefusal.invalid("currency", "Invalid currency: " + currency);
        }
        if (request.get("recurring[aggregate_usage]") != null) {
            throw StripeRefusal.invalid("parameter_unknown", "recurring[aggregate_usage]",
                "Received unknown parameter: recurring[aggregate_usage]");
        }
        final ObjectNode price = store.create(PRICE, "price_", livemode);
        price.put("active", true);
        price.put("currency", currency.toLowerCase(Locale.ROOT));
        price.put("nickname", request.get("nickname"));
        price.set("metadata", Customers.metadata(request));
        recurring(request, price);
        amounts(request, price);
        price.put("product", productOf(request));
        price.put("lookup_key", lookupKey(request));
        store.put(price);
        return StripeAnswer.ok(shown(price, request.expands("tiers")));
    }

    private static void amounts(final StripeRequest request, final ObjectNode price) {
        final String scheme = request.get("billing_scheme") == null ? "per_unit" : request.get("billing_scheme");
        price.put("billing_scheme", scheme);
        final boolean tiered = "tiered".equals(scheme);
        if (!tiered && !"per_unit".equals(scheme)) {
            throw StripeRefusal.invalid("billing_scheme", "Invalid billing_scheme: must be one of per_unit or tiered");
        }
        if (!tiered) {
            price.putNull("tiers_mode");
            if (!request.indexed("tiers").isEmpty()) {
                throw StripeRefusal.invalid("tiers", "You can only use tiers with billing_scheme=tiered.");
            }
            amount(request, "unit_amount", "unit_amount", price);
            if (price.get("unit_amount_decimal").isNull()) {
                throw StripeRefusal.missing("unit_amount");
            }
        } else {
            tiers(request, price);
        }
        final String divideBy = request.get("transform_quantity[divide_by]");
        if (divideBy == null) {
            price.putNull("transform_quantity");
        } else if (tiered) {
            throw StripeRefusal.invalid("transform_quantity", "You cannot use transform_quantity with tiers.");
        } else {
            final long divisor = request.integer("transform_quantity[divide_by]", 1);
            final String round = request.required("transform_quantity[round]");
            if (divisor < 1 || !"up".equals(round) && !"down".equals(round)) {
                throw StripeRefusal.invalid("transform_quantity", "divide_by must be positive, round up or down.");
            }
            price.putObject("transform_quantity").put("divide_by", divisor).put("round", round);
        }
    }

    private static void tiers(final StripeRequest request, final ObjectNode price) {
        final String mode = request.required("tiers_mode");
        if (!"graduated".equals(mode) && !"volume".equals(mode)) {
            throw StripeRefusal.invalid("tiers_mode", "Invalid tiers_mode: must be one of graduated or volume");
        }
        price.put("tiers_mode", mode);
        price.putNull("unit_amount");
        price.putNull("unit_amount_decimal");
        final ArrayNode tiers = price.putArray("tiers");
        long last = 0;
        boolean open = true;
        for (final String prefix : request.indexed("tiers")) {
            if (!open) {
                throw StripeRefusal.invalid("tiers", "The tier with up_to=inf must be the last one.");
            }
            final ObjectNode tier = tiers.addObject();
            if ("inf".equals(request.required(prefix + "[up_to]"))) {
                tier.putNull("up_to");
                open = false;
            } else {
                final long upTo = request.integer(prefix + "[up_to]", 0);
                if (upTo <= last) {
                    throw StripeRefusal.invalid(prefix + "[up_to]", "The up_to of tiers must rise.");
                }
                tier.put("up_to", upTo);
                last = upTo;
            }
            amount(request, prefix + "[unit_amount", "unit_amount", tier);
            amount(request, prefix + "[flat_amount", "flat_amount", tier);
        }
        if (tiers.isEmpty() || open) {
            throw StripeRefusal.invalid("tiers", "The last tier must have up_to=inf.");
        }
    }

    /** Cents as {@code unit_amount} or, with up to 12 decimals, as {@code unit_amount_decimal}. */
    private static void amount(final StripeRequest request, final String param, final String field,
                               final ObjectNode into) {
        final String close = param.contains("[") ? "]" : "";
        final String whole = request.get(param + close);
        final String decimal = request.get(param + "_decimal" + close);
        if (whole != null && decimal != null) {
            throw StripeRefusal.invalid(param + close, "You may only specify one of these parameters: " + field + ", "
                + field + "_decimal.");
        }
        final String text = whole != null ? whole : decimal;
        if (text == null) {
            into.putNull(field);
            into.putNull(field + "_decimal");
            return;
        }
        final BigDecimal amount;
        try {
            amount = new BigDecimal(text).stripTrailingZeros();
        } catch (final NumberFormatException e) {
            throw StripeRefusal.invalid(param + close, "Invalid decimal: " + text);
        }
        if (amount.scale() > (whole != null ? 0 : 12)) {
            throw StripeRefusal.invalid(param + close, whole != null ? "Invalid integer: " + text
                : "Invalid decimal: " + text + " must have at most 12 decimal places");
        }
        if (amount.scale() <= 0) {
            into.put(field, amount.longValueExact());
        } else {
            into.putNull(field);
        }
        into.put(field + "_decimal", amount.toPlainString());
    }

    private void recurring(final StripeRequest request, final ObjectNode price) {
        final String interval = request.get("recurring[interval]");
        price.put("type", interval == null ? "one_time" : "recurring");
        if (interval == null) {
            price.putNull("recurring");
            return;
        }
        if (!INTERVALS.contains(interval)) {
            throw StripeRefusal.invalid("recurring[interval]",
                "Invalid recurring[interval]: must be one of day, week, month, or year");
        }
        final String usage = request.get("recurring[usage_type]");
        final String meter = request.get("recurring[meter]");
        if ("metered".equals(usage) && meter == null) {
            throw StripeRefusal.invalid("recurring[meter]",
                "You must provide a meter when creating a price with usage_type=metered.");
        }
        if (meter != null && !"metered".equals(usage)) {
            throw StripeRefusal.invalid("recurring[meter]", "A meter needs usage_type=metered.");
        }
        if (meter != null && store.get(Meters.TYPE, meter) == null) {
            throw StripeRefusal.noSuch(400, "billing meter", meter, "recurring[meter]");
        }
        final ObjectNode recurring = price.putObject("recurring");
        recurring.put("interval", interval);
        recurring.put("interval_count", request.integer("recurring[interval_count]", 1));
        recurring.put("meter", meter);
        recurring.putNull("trial_period_days");
        recurring.put("usage_type", usage == null ? "licensed" : usage);
    }

    private String productOf(final StripeRequest request) {
        final String name = request.get("product_data[name]");
        if (name != null) {
            final ObjectNode product = product(name);
            store.put(product);
            return product.get("id").asText();
        }
        return known(PRODUCT, request.required("product"), 400, "product").get("id").asText();
    }

    private ObjectNode product(final String name) {
        final ObjectNode product = store.create(PRODUCT, "prod_", livemode);
        product.put("active", true);
        product.put("name", name);
        product.putObject("metadata");
        product.put("type", "service");
        product.set("updated", product.get("created"));
        return product;
    }

    ObjectNode known(final String type, final String id, final int status, final String param) {
        final ObjectNode object = store.get(type, id);
        if (object == null) {
            throw StripeRefusal.noSuch(status, type, id, param);
        }
        return object;
    }

    /** Tiers are shown only when expanded. */
    static ObjectNode shown(final ObjectNode price, final boolean tiers) {
        final ObjectNode shown = price.deepCopy();
        if (!tiers) {
            shown.remove("tiers");
        }
        return shown;
    }
}
