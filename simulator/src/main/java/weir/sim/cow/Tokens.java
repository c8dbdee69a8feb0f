package weir.sim.cow;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tokens, what the house gives for them, and how much of them it still takes. Guarded by the book's monitor. */
final class Tokens {
    private static final int DIGITS = 40;

    private final Map<String, CowToken> byAddress = new LinkedHashMap<>();
    private final Map<String, BigInteger> liquidity = new LinkedHashMap<>();
    private final BigDecimal spread;

    /** @param spreadBps what the house keeps, in hundredths of a percent. */
    Tokens(final List<CowToken> tokens, final int spreadBps) {
        tokens.forEach(token -> byAddress.put(token.address(), token));
        spread = BigDecimal.ONE.subtract(BigDecimal.valueOf(spreadBps, 4));
    }

    /** Null if the solver does not trade it. */
    CowToken get(final String address) {
        return byAddress.get(address);
    }

    CowToken known(final String address) {
        final CowToken token = byAddress.get(address);
        if (token == null) {
            throw new IllegalArgumentException("no token " + address);
        }
        return token;
    }

    CowToken bySymbol(final String symbol) {
        return byAddress.values().stream().filter(token -> token.symbol().equals(symbol)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no token " + symbol));
    }

    String symbol(final String address) {
        final CowToken token = byAddress.get(address);
        return token == null ? address : token.symbol();
    }

    void reprice(final String symbol, final BigDecimal priceUsd) {
        final CowToken token = bySymbol(symbol);
        byAddress.put(token.address(), token.at(priceUsd));
    }

    /** @param whole most of the token that the house takes from now on, null for no end. */
    void limit(final String symbol, final BigDecimal whole) {
        final CowToken token = bySymbol(symbol);
        if (whole == null) {
            liquidity.remove(token.address());
        } else {
            liquidity.put(token.address(), whole.movePointRight(token.decimals()).toBigInteger());
        }
    }

    /** Atoms of a token that the house still takes; null for no end. */
    BigInteger liquidity(final String address) {
        return liquidity.get(address);
    }

    /** The house has taken so much. */
    void take(final String address, final BigInteger atoms) {
        liquidity.computeIfPresent(address, (token, left) -> left.subtract(atoms));
    }

    /** Atoms of the bought token that the house gives for some of the sold one. */
    BigInteger bought(final String sell, final String buy, final BigInteger sold) {
        return new BigDecimal(sold).multiply(rate(sell, buy)).setScale(0, RoundingMode.DOWN).toBigInteger();
    }

    /** Atoms of the sold token that the house takes for some of the bought one. */
    BigInteger sold(final String sell, final String buy, final BigInteger bought) {
        return new BigDecimal(bought).divide(rate(sell, buy), 0, RoundingMode.UP).toBigInteger();
    }

    /** Atoms of a token that are worth so much. */
    BigInteger worth(final String address, final BigDecimal usd) {
        return usd.divide(known(address).atomUsd(), 0, RoundingMode.UP).toBigInteger();
    }

    private BigDecimal rate(final String sell, final String buy) {
        return known(sell).atomUsd().multiply(spread).divide(known(buy).atomUsd(), DIGITS, RoundingMode.DOWN);
    }
}
