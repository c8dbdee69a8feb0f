package weir.fix.ingress;

/** What became of a frame offered to the engine. */
public enum Outcome {
    /** It is in the stream. */
    SENT,
    /** The stream stayed full, or nobody listened, for the whole of the bounded retry. */
    BUSY,
    /** The publication is closed or at its end: nothing can be sent any more. */
    CLOSED
}
