package weir.billing.grant;

import weir.protocol.sbe.GrantKind;

/**
 * What is to be granted.
 *
 * @param grantId      unique for all time, positive
 * @param tenantId     tenant
 * @param kind         kind
 * @param amountMicros micro-units as on the wire: negative for a refund, positive for a chargeback
 * @param reference    whatever ties it to its cause, at most 36 ASCII characters
 */
public record GrantOrder(long grantId, int tenantId, GrantKind kind, long amountMicros, String reference) {
    /** Longest reference, characters. */
    public static final int REFERENCE_MAX = 36;

    /**
     * What the engine books for it.
     *
     * @return micro-units: positive credits, negative takes
     */
    public long effectMicros() {
        return kind == GrantKind.CHARGEBACK ? -Math.abs(amountMicros) : amountMicros;
    }
}
