package weir.chain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * What is asked of a node over JSON-RPC 2.0. Every call returns at once; its future ends with the answer, a {@link
 * JsonRpcException} of the node, or an {@link IOException} when there was no answer that can be read. Any thread; the
 * threads of the HTTP client complete the futures. The address may hold a key and is in no message.
 */
public final class JsonRpcClient {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String LATEST = "latest";
    private static final long BODY_GRACE_MS = 100;

    private final HttpClient client;
    private final URI node;
    private final Duration timeout;
    private final AtomicLong ids = new AtomicLong();

    /**
     * Binds the client; asks nothing yet.
     *
     * @param client  of the caller
     * @param node    address of the node
     * @param timeout of one call
     */
    public JsonRpcClient(final HttpClient client, final URI node, final Duration timeout) {
        this.client = client;
        this.node = node;
        this.timeout = timeout;
    }

    /**
     * {@code eth_chainId}.
     *
     * @return the chain's id (EIP-155)
     */
    public CompletableFuture<Long> chainId() {
        return ask("eth_chainId", MAPPER.createArrayNode())
            .thenApply(read(result -> quantity(result).longValueExact()));
    }

    /**
     * {@code eth_blockNumber}.
     *
     * @return the latest block
     */
    public CompletableFuture<Long> blockNumber() {
        return ask("eth_blockNumber", MAPPER.createArrayNode())
            .thenApply(read(result -> quantity(result).longValueExact()));
    }

    /**
     * {@code eth_getBalance} at the latest block.
     *
     * @param owner whose
     * @return of the native token, in wei
     */
    public CompletableFuture<BigInteger> balance(final Address owner) {
        return ask("eth_getBalance", MAPPER.createArrayNode().add(owner.lower()).add(LATEST))
            .thenApply(read(JsonRpcClient::quantity));
    }

    /**
     * {@code eth_call} at the latest block.
     *
     * @param contract called
     * @param data     selector and arguments
     * @return what it returns
     */
    public CompletableFuture<byte[]> call(final Address contract, final byte[] data) {
        final ObjectNode transaction = MAPPER.createObjectNode().put("to", contract.lower()).put("data", Hex.of(data));
        return ask("eth_call", MAPPER.createArrayNode().add(transaction).add(LATEST))
            .thenApply(read(result -> Hex.bytes(result.asText())));
    }

    /**
     * {@code balanceOf(address)} of an ERC-20 token.
     *
     * @param token contract
     * @param owner whose
     * @return in the token's atoms
     */
    public CompletableFuture<BigInteger> tokenBalance(final Address token, final Address owner) {
        return call(token, selector("balanceOf(address)", owner)).thenApply(JsonRpcClient::word);
    }

    /**
     * {@code allowance(address,address)} of an ERC-20 token.
     *
     * @param token   contract
     * @param owner   whose tokens
     * @param spender who may move them
     * @return in the token's atoms
     */
    public CompletableFuture<BigInteger> tokenAllowance(final Address token, final Address owner,
        final Address spender) {
        return call(token, selector("allowance(address,address)", owner, spender)).thenApply(JsonRpcClient::word);
    }

    /**
     * Any method.
     *
     * @param method     name
     * @param parameters in order
     * @return the result
     */
    public CompletableFuture<JsonNode> ask(final String method, final ArrayNode parameters) {
        final long id = ids.incrementAndGet();
        final ObjectNode body = MAPPER.createObjectNode().put("jsonrpc", "2.0").put("id", id).put("method", method);
        body.set("params", parameters);
        final HttpRequest request = HttpRequest.newBuilder(node).timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())).build();
        final CompletableFuture<HttpResponse<String>> call =
            client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        // the request's own timeout ends with the headers
        return call.copy().orTimeout(timeout.toMillis() + BODY_GRACE_MS, TimeUnit.MILLISECONDS)
            .whenComplete((answer, failure) -> {
                if (failure instanceof TimeoutException) {
                    call.cancel(true); // nor is its connection kept
                }
            })
            .thenApply(answer -> result(method, id, answer));
    }

    private static JsonNode result(final String method, final long id, final HttpResponse<String> answer) {
        final JsonNode root;
        try {
            root = MAPPER.readTree(answer.body());
        } catch (final JsonProcessingException ex) {
            throw new CompletionException(new IOException(method + ": HTTP " + answer.statusCode() + " without JSON"));
        }
        final JsonNode error = root.path("error");
        if (error.isObject()) {
            throw new CompletionException(new JsonRpcException(error.path("code").asInt(),
                error.path("message").asText(), error.path("data").asText("")));
        }
        if (root.path("id").asLong() != id || !root.has("result")) {
            throw new CompletionException(
                new IOException(method + ": HTTP " + answer.statusCode() + " is no answer to call " + id));
        }
        return root.get("result");
    }

    /** A result of another form than documented is no answer. */
    private static <T> Function<JsonNode, T> read(final Function<JsonNode, T> reader) {
        return result -> {
            try {
                return reader.apply(result);
            } catch (final IllegalArgumentException | ArithmeticException ex) {
                throw new CompletionException(new IOException("result " + result + " is not of the documented form"));
            }
        };
    }

    private static BigInteger quantity(final JsonNode result) {
        final String text = result.asText();
        if (!text.startsWith("0x") || text.length() < 3) {
            throw new IllegalArgumentException("no quantity");
        }
        return new BigInteger(text.substring(2), 16);
    }

    private static BigInteger word(final byte[] returned) {
        if (returned.length != 32) {
            throw new CompletionException(new IOException(returned.length + " bytes returned; is there a token?"));
        }
        return new BigInteger(1, returned);
    }

    private static byte[] selector(final String function, final Address... arguments) {
        final byte[] data = new byte[4 + 32 * arguments.length];
        System.arraycopy(Keccak256.hash(function), 0, data, 0, 4);
        for (int i = 0; i < arguments.length; i++) {
            System.arraycopy(arguments[i].bytes(), 0, data, 4 + 32 * i + 12, Address.LENGTH);
        }
        return data;
    }
}
