package weir.billing.stripe;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import weir.billing.ledger.Ledger;
import weir.billing.rating.Discrepancy;

/**
 * Where Stripe's side posts what an invoice rounds. The caller of {@link StripeSide#doWork} stores the books and
 * commits.
 *
 * @param ledger   books
 * @param position last record taken
 * @param reports  takes differences that are no rounding
 */
public record StripeBooks(Ledger ledger, LongSupplier position, Consumer<Discrepancy> reports) {
}
