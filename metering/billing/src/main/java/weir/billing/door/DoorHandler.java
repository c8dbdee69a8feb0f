package weir.billing.door;

/** Answers one kind of request. Runs on the door's workers, several at once: it holds no state without a lock. */
@FunctionalInterface
public interface DoorHandler {
    /**
     * Answers a request that was read to its end.
     *
     * @param request what was asked
     * @return the answer
     * @throws DoorRefusal for an answer that is a problem; any other failure is logged and answered 500 without detail
     */
    DoorAnswer handle(DoorRequest request) throws DoorRefusal;
}
