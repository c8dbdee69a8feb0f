package weir.venue.intx;

import weir.protocol.RejectReason;

/** What the venue's numbers of a refusal over FIX mean here; what is behind them is in the text. Stateless. */
final class FixWords {
    /** SessionRejectReason(373): SendingTime(52) is off. */
    static final int SENDING_TIME = 10;
    private static final int PRICE_VIOLATION = 2;

    private FixWords() {
    }

    /** OrdRejReason(103): 0 unknown, 1 invalid parameter, 2 price violation; the text says more where it is known. */
    static RejectReason ofOrder(final int reason, final String text) {
        final RejectReason known = VenueWords.reason(text);
        return known != null && known != RejectReason.VENUE_REJECTED && known != RejectReason.UNKNOWN_ORDER ? known
            : reason == PRICE_VIOLATION ? RejectReason.PRICE_COLLAR : RejectReason.VENUE_REJECTED;
    }

    /** CxlRejReason(102): 0 too late, 1 unknown order, 3 already pending. */
    static RejectReason ofCancel(final int reason) {
        switch (reason) {
            case 0:
                return RejectReason.ORDER_FINAL;
            case 1:
                return RejectReason.UNKNOWN_ORDER;
            case 3:
                return RejectReason.CANCEL_PENDING;
            default:
                return RejectReason.VENUE_REJECTED;
        }
    }

    /** Of a replace, which has no number for what is wrong with its values: the text says it. */
    static RejectReason ofReplace(final int reason, final String text) {
        final RejectReason known = reason >= 0 ? null : VenueWords.reason(text);
        return known == null ? ofCancel(reason) : known;
    }

    /** BusinessRejectReason(380), the venue's own numbers: 2 unknown instrument, 4 not available. */
    static RejectReason ofBusiness(final int reason) {
        switch (reason) {
            case 2:
                return RejectReason.UNKNOWN_SYMBOL;
            case 4:
                return RejectReason.VENUE_DOWN;
            default:
                return RejectReason.VENUE_REJECTED;
        }
    }
}
