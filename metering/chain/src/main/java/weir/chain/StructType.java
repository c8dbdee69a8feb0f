package weir.chain;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A struct of EIP-712, made from its encoded type: {@code Mail(Person from,Person to,string contents)Person(string
 * name,address wallet)}. Members are {@code address}, {@code bool}, {@code string}, {@code bytes}, {@code bytes1} to
 * {@code bytes32}, {@code uint8} to {@code uint256} and {@code int8} to {@code int256} in steps of eight, structs named
 * in the same text, and arrays of all of them, {@code T[]} and {@code T[n]}. Immutable.
 */
public final class StructType {
    private static final Pattern STRUCT = Pattern.compile("([A-Za-z_$][\\w$]*)\\(([^()]*)\\)");
    private static final Pattern MEMBER = Pattern.compile("([A-Za-z_$][\\w$]*)((?:\\[\\d*])*) ([A-Za-z_$][\\w$]*)");
    private static final Pattern ARRAY = Pattern.compile("(.+)\\[(\\d*)]");
    private static final Pattern NUMBER = Pattern.compile("(u?)int(\\d{1,3})");
    private static final Pattern BYTES = Pattern.compile("bytes(\\d{1,2})");
    private static final int WORD = 32;

    private final String name;
    private final String encodedType;
    private final Map<String, String> members;
    private final Map<String, StructType> structs;
    private final byte[] typeHash;

    private StructType(final String name, final String encodedType, final Map<String, String> members,
        final Map<String, StructType> structs) {
        this.name = name;
        this.encodedType = encodedType;
        this.members = members;
        this.structs = structs;
        typeHash = Keccak256.hash(encodedType);
    }

    /**
     * Reads an encoded type.
     *
     * @param encodedType the struct, then the structs it uses, sorted by name, as EIP-712 orders them
     * @return the struct
     * @throws IllegalArgumentException when it is none, in another order, or uses a type that is not there
     */
    public static StructType of(final String encodedType) {
        final Map<String, Map<String, String>> all = new LinkedHashMap<>();
        final Matcher structs = STRUCT.matcher(encodedType);
        int end = 0;
        while (structs.find() && structs.start() == end) {
            end = structs.end();
            if (all.put(structs.group(1), members(structs.group(2))) != null) {
                throw new IllegalArgumentException("struct " + structs.group(1) + " is there twice");
            }
        }
        if (end != encodedType.length() || all.isEmpty()) {
            throw new IllegalArgumentException("'" + encodedType + "' is no encoded type from " + end);
        }
        final StructType type = build(all.keySet().iterator().next(), all, new HashMap<>(), new ArrayList<>());
        if (!type.encodedType.equals(encodedType)) {
            throw new IllegalArgumentException("expected " + type.encodedType);
        }
        return type;
    }

    /**
     * Name of the struct.
     *
     * @return as in the encoded type
     */
    public String name() {
        return name;
    }

    /**
     * Digest of the encoded type.
     *
     * @return 32 bytes
     */
    public byte[] typeHash() {
        return typeHash.clone();
    }

    /**
     * {@code hashStruct} of EIP-712.
     *
     * @param values by member name, all and no other: {@link Address}, {@link Boolean}, {@link String}, {@code byte[]},
     *               {@link BigInteger}, {@link Long} or {@link Integer}, {@link List} for arrays, {@link Map} for
     *               structs
     * @return 32 bytes
     * @throws IllegalArgumentException naming the member that is missing, unknown, of another type or out of range
     */
    public byte[] hash(final Map<String, ?> values) {
        if (!members.keySet().equals(values.keySet())) {
            throw new IllegalArgumentException(name + " has members " + members.keySet() + ", not " + values.keySet());
        }
        final ByteArrayOutputStream data = new ByteArrayOutputStream(WORD * (1 + members.size()));
        data.writeBytes(typeHash);
        members.forEach((member, type) -> {
            try {
                data.writeBytes(word(type, values.get(member)));
            } catch (final ClassCastException | IllegalArgumentException | NullPointerException ex) {
                throw new IllegalArgumentException(name + '.' + member + " is no " + type + ": " + ex.getMessage(), ex);
            }
        });
        return Keccak256.hash(data.toByteArray());
    }

    /**
     * What is signed: the domain and the struct behind {@code 0x1901}.
     *
     * @param domainSeparator of {@link Eip712Domain#separator()}
     * @param structHash      of {@link #hash(Map)}
     * @return 32 bytes
     */
    public static byte[] digest(final byte[] domainSeparator, final byte[] structHash) {
        return Keccak256.hash(new byte[] {0x19, 0x01}, domainSeparator, structHash);
    }

    private static Map<String, String> members(final String text) {
        final Map<String, String> members = new LinkedHashMap<>();
        for (final String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            final Matcher member = MEMBER.matcher(part);
            if (!member.matches()) {
                throw new IllegalArgumentException("'" + part + "' is no member: expected TYPE NAME");
            }
            if (members.put(member.group(3), member.group(1) + member.group(2)) != null) {
                throw new IllegalArgumentException("member " + member.group(3) + " is there twice");
            }
        }
        return members;
    }

    private static StructType build(final String name, final Map<String, Map<String, String>> all,
        final Map<String, StructType> built, final List<String> path) {
        final StructType done = built.get(name);
        if (done != null) {
            return done;
        }
        if (path.contains(name)) {
            throw new IllegalArgumentException("struct " + name + " contains itself");
        }
        path.add(name);
        final Map<String, String> members = all.get(name);
        final Map<String, StructType> structs = new HashMap<>();
        for (final String type : members.values()) {
            final String element = element(type);
            if (all.containsKey(element)) {
                structs.put(element, build(element, all, built, path));
            } else if (!isAtom(element)) {
                throw new IllegalArgumentException("type " + element + " is not known");
            }
        }
        path.remove(name);
        final TreeSet<String> used = new TreeSet<>();
        uses(name, all, used);
        used.remove(name);
        final StringBuilder text = new StringBuilder(text(name, members));
        used.forEach(each -> text.append(text(each, all.get(each))));
        final StructType type = new StructType(name, text.toString(), members, structs);
        built.put(name, type);
        return type;
    }

    private static void uses(final String name, final Map<String, Map<String, String>> all,
        final TreeSet<String> used) {
        for (final String type : all.get(name).values()) {
            final String element = element(type);
            if (all.containsKey(element) && used.add(element)) {
                uses(element, all, used);
            }
        }
    }

    private static String text(final String name, final Map<String, String> members) {
        final StringBuilder text = new StringBuilder(name).append('(');
        members.forEach((member, type) ->
            text.append(text.charAt(text.length() - 1) == '(' ? "" : ",").append(type).append(' ').append(member));
        return text.append(')').toString();
    }

    private static String element(final String type) {
        final int bracket = type.indexOf('[');
        return bracket < 0 ? type : type.substring(0, bracket);
    }

    private static boolean isAtom(final String type) {
        switch (type) {
            case "address":
            case "bool":
            case "string":
            case "bytes":
                return true;
            default:
                final Matcher bytes = BYTES.matcher(type);
                final Matcher number = NUMBER.matcher(type);
                return bytes.matches() && within(bytes.group(1), 1, WORD, 1)
                    || number.matches() && within(number.group(2), 8, 256, 8);
        }
    }

    private static boolean within(final String text, final int min, final int max, final int step) {
        final int value = Integer.parseInt(text);
        return value >= min && value <= max && value % step == 0;
    }

    private byte[] word(final String type, final Object value) {
        final Matcher array = ARRAY.matcher(type);
        if (array.matches()) {
            final List<?> items = (List<?>)value;
            if (!array.group(2).isEmpty() && items.size() != Integer.parseInt(array.group(2))) {
                throw new IllegalArgumentException(items.size() + " items");
            }
            final ByteArrayOutputStream data = new ByteArrayOutputStream(WORD * items.size());
            items.forEach(item -> data.writeBytes(word(array.group(1), item)));
            return Keccak256.hash(data.toByteArray());
        }
        final StructType struct = structs.get(type);
        if (struct != null) {
            final Map<String, Object> values = new HashMap<>();
            ((Map<?, ?>)value).forEach((member, each) -> values.put((String)member, each));
            return struct.hash(values);
        }
        switch (type) {
            case "string":
                return Keccak256.hash(((String)value).getBytes(StandardCharsets.UTF_8));
            case "bytes":
                return Keccak256.hash((byte[])value);
            case "address":
                return right(((Address)value).bytes());
            case "bool":
                return right(new byte[] {(byte)((Boolean)value ? 1 : 0)});
            default:
                return type.startsWith("bytes") ? left((byte[])value, Integer.parseInt(type.substring(5)))
                    : number(type, value);
        }
    }

    private static byte[] right(final byte[] bytes) {
        final byte[] word = new byte[WORD];
        System.arraycopy(bytes, 0, word, WORD - bytes.length, bytes.length);
        return word;
    }

    private static byte[] left(final byte[] bytes, final int length) {
        if (bytes.length != length) {
            throw new IllegalArgumentException(bytes.length + " bytes");
        }
        return Arrays.copyOf(bytes, WORD);
    }

    private static byte[] number(final String type, final Object value) {
        final BigInteger number = value instanceof BigInteger ? (BigInteger)value
            : BigInteger.valueOf(value instanceof Integer ? (Integer)value : (Long)value);
        final boolean unsigned = type.charAt(0) == 'u';
        final int bits = Integer.parseInt(type.substring(unsigned ? 4 : 3));
        if (unsigned ? number.signum() < 0 || number.bitLength() > bits : number.bitLength() > bits - 1) {
            throw new IllegalArgumentException("out of range");
        }
        final byte[] word = new byte[WORD];
        if (number.signum() < 0) {
            Arrays.fill(word, (byte)0xff);
            final byte[] bytes = number.toByteArray();
            System.arraycopy(bytes, 0, word, WORD - bytes.length, bytes.length);
        } else {
            Signature.word(number, word, 0);
        }
        return word;
    }
}
