package weir.chain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whom a typed signature is for. A part that is null is no part of the domain's type, as EIP-712 has it.
 *
 * @param name              of the application, or null
 * @param version           of its signing domain, or null
 * @param chainId           of the chain (EIP-155), or null
 * @param verifyingContract that checks the signature, or null
 */
public record Eip712Domain(String name, String version, Long chainId, Address verifyingContract) {

    /**
     * {@code hashStruct} of the domain.
     *
     * @return 32 bytes
     */
    public byte[] separator() {
        final List<String> members = new ArrayList<>();
        final Map<String, Object> values = new LinkedHashMap<>();
        add("string name", name, members, values);
        add("string version", version, members, values);
        add("uint256 chainId", chainId, members, values);
        add("address verifyingContract", verifyingContract, members, values);
        return StructType.of("EIP712Domain(" + String.join(",", members) + ')').hash(values);
    }

    private static void add(final String member, final Object value, final List<String> members,
        final Map<String, Object> values) {
        if (value != null) {
            members.add(member);
            values.put(member.substring(member.indexOf(' ') + 1), value);
        }
    }
}
