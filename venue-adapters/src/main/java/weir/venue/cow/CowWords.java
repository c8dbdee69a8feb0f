package weir.venue.cow;

import java.util.HashMap;
import java.util.Map;
import weir.protocol.RejectReason;

/** The venue's error types in our codes ("Order Book API", OrderPostError and PriceEstimationError). Stateless. */
final class CowWords {
    private static final Map<String, RejectReason> REFUSALS = new HashMap<>();

    static {
        for (final String word : new String[] {"QuoteNotFound", "QuoteNotVerified", "InvalidQuote", "MissingFrom",
            "WrongOwner", "InvalidEip1271Signature", "InsufficientBalance", "InsufficientAllowance", "InvalidSignature",
            "NonZeroFee", "TransferSimulationFailed", "IncompatibleSigningScheme", "TooMuchGas",
            "UnsupportedBuyTokenDestination", "UnsupportedSellTokenSource", "UnsupportedOrderType", "InvalidValidFrom",
            "InvalidNativeSellToken", "SameBuyAndSellToken", "UnsupportedToken", "InvalidAppData",
            "AppDataHashMismatch", "AppDataMismatch", "AppdataFromMismatch", "OldOrderActivelyBidOn", "Forbidden",
            "NoLiquidity", "InsufficientLiquidity", "TokenTemporarilySuspended", "TradingOutsideAllowedWindow",
            "CustomSolverError", "NotFound"}) {
            REFUSALS.put(word, RejectReason.VENUE_REJECTED);
        }
        REFUSALS.put("ZeroAmount", RejectReason.QTY_NOT_POSITIVE);
        REFUSALS.put("TooManyLimitOrders", RejectReason.VENUE_OPEN_ORDERS);
        REFUSALS.put("InsufficientValidTo", RejectReason.EXPIRE_TIME_INVALID);
        REFUSALS.put("ExcessiveValidTo", RejectReason.EXPIRE_TIME_INVALID);
        REFUSALS.put("SellAmountOverflow", RejectReason.VALUE_OVERFLOW);
        REFUSALS.put("SellAmountDoesNotCoverFee", RejectReason.NOTIONAL_BELOW_MINIMUM);
    }

    private CowWords() {
    }

    /** Null when the word is not known. */
    static RejectReason refusal(final String word) {
        return REFUSALS.get(word);
    }
}
