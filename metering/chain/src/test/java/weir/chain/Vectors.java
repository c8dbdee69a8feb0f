package weir.chain;

import java.util.LinkedHashMap;
import java.util.Map;

/** Keys and helpers of the tests. The keys are the public development keys of every local node. */
final class Vectors {
    static final String FIRST_KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
    static final String SECOND_KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

    private Vectors() {
    }

    static Map<String, Object> values(final Object... pairs) {
        final Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put((String)pairs[i], pairs[i + 1]);
        }
        return values;
    }

    static SecretKeySigner signer(final String key) {
        return SecretKeySigner.of(Hex.bytes(key));
    }
}
