package weir.config.model;

import java.util.List;

/**
 * A chain on which a venue settles, and what orders for it say.
 *
 * @param chainId             EIP-155
 * @param settlementContract  that checks signatures, {@code 0x} and 40 digits
 * @param tokens              that instruments are made of: {@code BASE-QUOTE}
 * @param validityMs          of an order without an end
 * @param immediateValidityMs of market, immediate-or-cancel and fill-or-kill orders
 * @param slippageBps         what a market order may be worse than its quote
 * @param cancelGraceMs       from the yes to a cancel until no settlement under way can fill the order
 * @param expiryGraceMs       from the end of validity until every settlement is listed
 * @param barMinMs            silence after a refusal for the rate that says no time; doubles
 * @param barMaxMs            longest such silence
 */
public record VenueChain(long chainId, String settlementContract, List<Token> tokens, int validityMs,
    int immediateValidityMs, int slippageBps, int cancelGraceMs, int expiryGraceMs, int barMinMs, int barMaxMs) {

    /** Copies the list. */
    public VenueChain {
        tokens = List.copyOf(tokens);
    }

    /**
     * A token.
     *
     * @param symbol   in instruments
     * @param address  of its contract
     * @param decimals of its atoms
     */
    public record Token(String symbol, String address, int decimals) {
    }
}
