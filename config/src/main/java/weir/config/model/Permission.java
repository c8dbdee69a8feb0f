package weir.config.model;

/** What a tenant or session may send; as {@code Permissions} of the schema. */
public enum Permission {
    /** NewOrderSingle(D). */
    NEW_ORDER,
    /** OrderCancelReplaceRequest(G). */
    REPLACE,
    /** OrderCancelRequest(F). */
    CANCEL,
    /** OrderStatusRequest(H). */
    STATUS,
    /** OrderMassCancelRequest(q). */
    MASS_CANCEL,
    /** OrdType(40)=1. */
    MARKET
}
