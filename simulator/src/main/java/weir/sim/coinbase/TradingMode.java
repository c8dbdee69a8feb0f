package weir.sim.coinbase;

/** What a product accepts at the moment (the flags of GET /products/{id}). */
enum TradingMode {
    ONLINE, POST_ONLY, LIMIT_ONLY, CANCEL_ONLY, AUCTION, DISABLED;

    /** Why an order is refused in this mode, or null. */
    String refusal(final OrderRequest request) {
        return switch (this) {
            case ONLINE -> null;
            case POST_ONLY -> request.postOnly() ? null : "Post only mode";
            case LIMIT_ONLY -> request.type() == '1' ? "Limit only mode" : null;
            case CANCEL_ONLY -> "Cancel only mode";
            case AUCTION -> "Auction mode";
            case DISABLED -> "Trading pair not available";
            default -> throw new IllegalStateException(name());
        };
    }
}
