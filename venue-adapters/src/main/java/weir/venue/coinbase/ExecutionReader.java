package weir.venue.coinbase;

import java.math.BigDecimal;
import weir.protocol.Scale;
import weir.protocol.sbe.ExecType;
import weir.protocol.sbe.Liquidity;
import weir.protocol.sbe.OrdStatus;
import weir.venue.VenueExecution;

/** ExecutionReport(8) of the venue to {@link VenueExecution}. Agent's thread. */
final class ExecutionReader {
    private final Decimals decimals;

    ExecutionReader(final Decimals decimals) {
        this.decimals = decimals;
    }

    void read(final FixFields fields, final VenueExecution target) {
        target.reset();
        target.execType = execType(fields.getChar(150));
        target.lastQty = decimals.exact(fields.get(32));
        target.lastPx = decimals.exact(fields.get(31));
        target.cumQty = decimals.exact(fields.get(14));
        target.leavesQty = decimals.exact(fields.get(151));
        target.avgPx = decimals.rounded(fields.get(6));
        target.orderQty = decimals.exact(fields.get(38));
        target.price = decimals.exact(fields.get(44));
        target.ordStatus = ordStatus(fields.getChar(39), target.cumQty);
        target.liquidity = liquidity(fields.getChar(1057));
        target.tradeId = tradeId(fields.get(1003));
        target.transactNs = fields.getTimestampNs(60);
        target.venueOrderId = fields.getOrEmpty(37);
        target.execId = fields.getOrEmpty(17);
        target.text = fields.getOrEmpty(58);
        if (fields.getChar(150) == 'F') {
            fees(fields, target);
        }
    }

    /** NoMiscFees(136): amounts of one currency added up; MiscFeeBasis(891) 2 is a percentage of the fill. */
    private void fees(final FixFields fields, final VenueExecution target) {
        String amount = null;
        String currency = "";
        String basis = "";
        for (int i = fields.indexOf(136) + 1; i > 0 && i <= fields.count(); i++) {
            final int tag = i < fields.count() ? fields.tagAt(i) : 0;
            if (tag == 138) {
                currency = fields.valueAt(i);
            } else if (tag == 891) {
                basis = fields.valueAt(i);
            } else if (tag != 139) {
                addFee(target, amount, currency, basis);
                amount = tag == 137 ? fields.valueAt(i) : null;
                currency = "";
                basis = "";
                if (tag != 137) {
                    break;
                }
            }
        }
    }

    private void addFee(final VenueExecution target, final String amount, final String currency, final String basis) {
        if (amount == null) {
            return;
        }
        long fee = decimals.rounded(amount);
        if (fee == Scale.NULL || target.fee != Scale.NULL && !target.feeCurrency.equals(currency)) {
            return;
        }
        if ("2".equals(basis) && target.lastQty != Scale.NULL) {
            fee = Decimals.mantissa(Decimals.value(fee).multiply(Decimals.value(target.lastQty))
                .divide(BigDecimal.valueOf(100)));
        }
        target.fee = target.fee == Scale.NULL ? fee : target.fee + fee;
        target.feeCurrency = currency;
    }

    static OrdStatus ordStatus(final char value, final long cumQty) {
        switch (value) {
            case '0':
                return OrdStatus.NEW;
            case '1':
                return OrdStatus.PARTIALLY_FILLED;
            case '2':
                return OrdStatus.FILLED;
            case '4':
                return OrdStatus.CANCELED;
            case '6':
                return OrdStatus.PENDING_CANCEL;
            case '8':
                return OrdStatus.REJECTED;
            case 'A':
                return OrdStatus.PENDING_NEW;
            case 'C':
                return OrdStatus.EXPIRED;
            case 'E':
                return OrdStatus.PENDING_REPLACE;
            default:
                // 39=5 of the venue's replaced report, and whatever it may add: the order works
                return cumQty > 0 ? OrdStatus.PARTIALLY_FILLED : OrdStatus.NEW;
        }
    }

    static ExecType execType(final char value) {
        switch (value) {
            case '0':
                return ExecType.NEW;
            case '4':
                return ExecType.CANCELED;
            case '5':
                return ExecType.REPLACED;
            case '6':
                return ExecType.PENDING_CANCEL;
            case '8':
                return ExecType.REJECTED;
            case 'A':
                return ExecType.PENDING_NEW;
            case 'C':
                return ExecType.EXPIRED;
            case 'D':
                return ExecType.RESTATED;
            case 'E':
                return ExecType.PENDING_REPLACE;
            case 'F':
                return ExecType.TRADE;
            default:
                return ExecType.ORDER_STATUS;
        }
    }

    static Liquidity liquidity(final char aggressor) {
        return aggressor == 'Y' ? Liquidity.TAKER : aggressor == 'N' ? Liquidity.MAKER : Liquidity.UNKNOWN;
    }

    /** TradeID(1003): a number at the venue; should it ever be text, its 64-bit FNV-1a hash: it still differs. */
    static long tradeId(final String text) {
        if (text == null || text.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseLong(text);
        } catch (final NumberFormatException ex) {
            long hash = 0xcbf29ce484222325L;
            for (int i = 0; i < text.length(); i++) {
                hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
            }
            return hash;
        }
    }
}
