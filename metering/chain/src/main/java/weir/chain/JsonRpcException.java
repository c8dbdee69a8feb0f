package weir.chain;

/** A node answered a call with an error. Cold. */
public final class JsonRpcException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String data;

    JsonRpcException(final int code, final String message, final String data) {
        super(code + " " + message + (data.isEmpty() ? "" : ' ' + data));
        this.code = code;
        this.data = data;
    }

    /**
     * Error code: of JSON-RPC 2.0 or of the node.
     *
     * @return 3 for a call that reverted, as most nodes have it
     */
    public int code() {
        return code;
    }

    /**
     * What came with it; for a call that reverted its return data.
     *
     * @return empty when nothing did
     */
    public String data() {
        return data;
    }
}
