package weir.chain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Against a real node: what it answers is what the client reads, and its {@code ecrecover} names our signer. It needs
 * {@code npm install --no-package-lock --ignore-scripts} once in {@code src/test/node}.
 */
final class AnvilTest {
    private static final Path TOOLS = Path.of("src/test/node");
    private static final Path ANVIL = TOOLS.resolve("node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
    private static final Address ECRECOVER = Address.parse("0x0000000000000000000000000000000000000001");

    private Process process;
    private JsonRpcClient node;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Files.isRegularFile(ANVIL), "npm install in " + TOOLS);
        final int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ANVIL.toFile().setExecutable(true);
        process = new ProcessBuilder(ANVIL.toString(), "--host", "127.0.0.1", "--port", Integer.toString(port),
            "--hardfork", "prague", "--quiet").redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
        node = new JsonRpcClient(HttpClient.newHttpClient(), URI.create("http://127.0.0.1:" + port),
            Duration.ofSeconds(10));
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        Throwable last = null;
        while (System.nanoTime() - deadlineNs < 0) {
            assertTrue(process.isAlive(), "anvil ended with " + (process.isAlive() ? 0 : process.exitValue()));
            try {
                of(node.chainId());
                return;
            } catch (final ExecutionException ex) {
                last = ex.getCause();
                Thread.sleep(50);
            }
        }
        throw new AssertionError("anvil does not answer: " + last);
    }

    @AfterEach
    void stop() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private static <T> T of(final CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    @Test
    void shouldReadARealNodeAndBeRecognisedByItsPrecompile() throws Exception {
        assertEquals(31_337L, of(node.chainId()));
        final long block = of(node.blockNumber());
        of(node.ask("evm_mine", new ObjectMapper().createArrayNode()));
        assertEquals(block + 1, of(node.blockNumber()));
        final SecretKeySigner signer = Vectors.signer(Vectors.SECOND_KEY);
        assertEquals(BigInteger.TEN.pow(22), of(node.balance(signer.address())), "10,000 ether of a development key");
        for (int i = 0; i < 20; i++) {
            final byte[] digest = Keccak256.hash("order " + i);
            final byte[] returned = of(node.call(ECRECOVER, call(digest, signer.sign(digest))));
            assertArrayEquals(signer.address().bytes(), Arrays.copyOfRange(returned, 12, 32));
        }
        final Throwable none = org.junit.jupiter.api.Assertions.assertThrows(ExecutionException.class,
            () -> of(node.tokenBalance(signer.address(), signer.address()))).getCause();
        assertTrue(none instanceof IOException, "no token there: " + none);
        final Throwable unknown = org.junit.jupiter.api.Assertions.assertThrows(ExecutionException.class,
            () -> of(node.ask("eth_none", new ObjectMapper().createArrayNode()))).getCause();
        assertTrue(unknown instanceof JsonRpcException, "no method: " + unknown);
    }

    /** Digest, v, r, s: a word each. */
    private static byte[] call(final byte[] digest, final Signature signature) {
        final byte[] data = new byte[128];
        System.arraycopy(digest, 0, data, 0, 32);
        data[63] = (byte)signature.v();
        System.arraycopy(signature.bytes(), 0, data, 64, 64);
        return data;
    }
}
