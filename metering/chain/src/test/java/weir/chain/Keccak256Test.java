package weir.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class Keccak256Test {
    @Test
    void shouldHashAsTheChainDoesAndNotAsSha3() {
        assertEquals(
            "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
            Hex.of(Keccak256.hash("")));
        assertEquals("0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45",
            Hex.of(Keccak256.hash("abc")));
        assertEquals("0xb48d38f93eaa084033fc5970bf96e559c33c4cdc07d889ab00b4d63f9590739d",
            Hex.of(Keccak256.hash("{}")));
        assertEquals(Hex.of(Keccak256.hash("abcdef")), Hex.of(Keccak256.hash("abc".getBytes(StandardCharsets.US_ASCII),
            "def".getBytes(StandardCharsets.US_ASCII))));
    }

    @Test
    void shouldPrefixAPersonalMessage() {
        assertEquals("0xab7ed205423220f3507d992f147b2a8af277158df548f42a781a9aeac4af4032",
            Hex.of(Keccak256.personalMessage("hello x402".getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void shouldRefuseTextThatIsNoHexadecimalWithoutRepeatingIt() {
        for (final String wrong : new String[] {"0xabc", "0xzz", "0x1\u0661"}) {
            final String message = assertThrows(IllegalArgumentException.class, () -> Hex.bytes(wrong)).getMessage();
            assertEquals(false, message.contains(wrong.substring(2)), message);
        }
    }
}
