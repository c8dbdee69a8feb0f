package weir.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weir.chain.Vectors.values;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The example of EIP-712 itself, and what wallets and the order book agree on. */
final class StructTypeTest {
    private static final Address USDC_BASE = Address.parse("0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913");
    private static final Address USDC_SEPOLIA = Address.parse("0x036CbD53842c5426634e7929541eC2318f3dCF7e");
    private static final Address ME = Address.parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");

    private static void check(final Eip712Domain domain, final byte[] structHash, final String key,
        final String digest, final String signature) {
        final byte[] signed = StructType.digest(domain.separator(), structHash);
        assertEquals(digest, Hex.of(signed));
        assertEquals(signature, Vectors.signer(key).sign(signed).toString());
        assertEquals(Vectors.signer(key).address(),
            Signature.parse(Hex.bytes(signature)).signer(signed).orElseThrow());
    }

    @Test
    void shouldHashAndSignTheExampleOfTheStandard() {
        final StructType mail =
            StructType.of("Mail(Person from,Person to,string contents)Person(string name,address wallet)");
        assertEquals("0xa0cedeb2dc280ba39b857546d74f5549c3a1d7bdc2dd96bf881f76108e23dac2", Hex.of(mail.typeHash()));
        final byte[] hash = mail.hash(values(
            "from", values("name", "Cow", "wallet", Address.parse("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826")),
            "to", values("name", "Bob", "wallet", Address.parse("0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB")),
            "contents", "Hello, Bob!"));
        assertEquals("0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e", Hex.of(hash));
        final Eip712Domain domain = new Eip712Domain("Ether Mail", "1", 1L,
            Address.parse("0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"));
        assertEquals("0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f", Hex.of(domain.separator()));
        final byte[] digest = StructType.digest(domain.separator(), hash);
        assertEquals("0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2", Hex.of(digest));
        final SecretKeySigner cow = SecretKeySigner.of(Keccak256.hash("cow"));
        assertEquals("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826", cow.address().toString());
        assertEquals("0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"
            + "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c", cow.sign(digest).toString());
    }

    @Test
    void shouldHashAndSignAnOrderOfTheOrderBook() {
        final StructType order = StructType.of("Order(address sellToken,address buyToken,address receiver,"
            + "uint256 sellAmount,uint256 buyAmount,uint32 validTo,bytes32 appData,uint256 feeAmount,string kind,"
            + "bool partiallyFillable,string sellTokenBalance,string buyTokenBalance)");
        assertEquals("0xd5a25ba2e97094ad7d83dc28a6572da797d6b3e7fc6663bd93efb789fc17e489", Hex.of(order.typeHash()));
        final Eip712Domain domain = new Eip712Domain("Gnosis Protocol", "v2", 1L,
            Address.parse("0x9008D19f58AAbD9eD0D60971565AA8510560ab41"));
        assertEquals("0xc078f884a2676e1345748b1feace7b0abee5d00ecadb6e574dcdd109a63e8943", Hex.of(domain.separator()));
        final byte[] hash = order.hash(values(
            "sellToken", Address.parse("0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"),
            "buyToken", Address.parse("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"),
            "receiver", Vectors.signer(Vectors.SECOND_KEY).address(),
            "sellAmount", new BigInteger("1000000000000000000"), "buyAmount", 3_000_000_000L,
            "validTo", 1_767_225_600L, "appData", Keccak256.hash("{}"), "feeAmount", 0, "kind", "sell",
            "partiallyFillable", false, "sellTokenBalance", "erc20", "buyTokenBalance", "erc20"));
        assertEquals("0x8fa2bf1b424ad46a400aa1c82ef05e26a4e026bfe204238a334d5636aeaef4ac", Hex.of(hash));
        check(domain, hash, Vectors.SECOND_KEY, "0x2e81305e808be357d349a6e5533469088279ade99d81c3f22071b636fc20e1d1",
            "0x874f7ebddceb92338965dc1c10eb2bcb19bf802f71f39cf7eabb9ed7d87f374906dea0246f509ed856ee6e389f363d84ac44e"
            + "ce40be9532a0bf8dfcaa18874d01b");
        final byte[] uid = Hex.bytes("0x2e81305e808be357d349a6e5533469088279ade99d81c3f22071b636fc20e1d1"
            + "70997970c51812dc3a010c7d01b50e0d17dc79c86955b900");
        final StructType cancellations = StructType.of("OrderCancellations(bytes[] orderUids)");
        assertEquals("0x4c89efb91ae246f78d2fe68b47db2fa1444a121a4f2dc3fda7a5a408c2e3588e",
            Hex.of(cancellations.typeHash()));
        check(domain, cancellations.hash(Map.of("orderUids", List.of(uid))), Vectors.SECOND_KEY,
            "0xeb6f2aa01568410880bad082900e2392c31971fbdc7fec7866d60646301fd355",
            "0x9f867ae73d18ed3f6d0b79b670ef2fc7983e882bb331afadb6a7d0b9751026e97adca2acbf4dd6cdf79198a3aafd09eb2ec4f6"
            + "ea3f71e7e4206eb50e59196de01b");
        assertEquals("0x7b41b3a6e2b3cae020a3b2f9cdc997e0d420643957e7fea81747e984e47c88ec",
            Hex.of(StructType.of("OrderCancellation(bytes orderUid)").typeHash()));
    }

    @Test
    void shouldHashAndSignATransferOfUsdcForEitherChain() {
        final StructType transfer = StructType.of("TransferWithAuthorization(address from,address to,uint256 value,"
            + "uint256 validAfter,uint256 validBefore,bytes32 nonce)");
        assertEquals("0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267", Hex.of(transfer.typeHash()));
        final byte[] hash = transfer.hash(values("from", ME,
            "to", Address.parse("0x209693Bc6afc0C5328bA36FaF03C514EF312287C"), "value", 10_000, "validAfter", 0,
            "validBefore", 1_893_456_000L, "nonce",
            Hex.bytes("0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480")));
        assertEquals("0xab9241773b65e687007170fbebe1cf9629a6401c6a7a8d776e8b4dbe48663faa", Hex.of(hash));
        check(new Eip712Domain("USDC", "2", 84_532L, USDC_SEPOLIA), hash, Vectors.FIRST_KEY,
            "0xa2907ad09b1edfb8ed9dd7154a119efd2e824e676f03bc11261cd46cb4b83260",
            "0xf8ddbb5111d4b6eb84728ba07da18b2b5307fd6d682c5e913861fd2564839bfb0b5f2241ccafdc54036063456e970ec9abf4bd"
            + "ac429b00af9583fb187ed7be8d1b");
        check(new Eip712Domain("USD Coin", "2", 8_453L, USDC_BASE), hash, Vectors.FIRST_KEY,
            "0xfc21cff43fdb2cb711afc380bceaad85e4d07a06116c168a935a28f4b4ce229f",
            "0x1c1fbfc9e064b7ae69e3fd5df5fdbbd1356626dc2889d2b5de33f62776303552180d589247421781ab2902e5fdd6081dfc7798"
            + "d6b460ce813816b8127cbc6b8f1b");
    }

    @Test
    void shouldHashAndSignAPermit() {
        final StructType permit =
            StructType.of("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        final byte[] hash = permit.hash(values("owner", ME,
            "spender", Address.parse("0x000000000022D473030F116dDEE9F6B43aC78BA3"), "value", 1_000_000, "nonce", 0,
            "deadline", 1_893_456_000L));
        assertEquals("0x38f9b4d81fcb9d1b7951e6f454c57fd3703f16c56613715d45cee1ee3da7aada", Hex.of(hash));
        check(new Eip712Domain("USDC", "2", 84_532L, USDC_SEPOLIA), hash, Vectors.FIRST_KEY,
            "0x9f51cf56f8edf91de938e3249fe61fdad3afb155141c91cb3e89dc01a40a49f1",
            "0x2d9ac5b158ffbbd3063476298ab34854951336e751859d4631d2efdebf4789c6066d3f9329738cec64e5e58579930ffed85ef4"
            + "f9b2356f662857c4eb281b965d1b");
    }

    @Test
    void shouldHashAVoucherOfAChannel() {
        final Eip712Domain domain = new Eip712Domain("x402 Batch Settlement", "1", 84_532L,
            Address.parse("0x4020074e9dF2ce1deE5A9C1b5c3f541D02a10003"));
        assertEquals("0xfdef80764086b1e0fc6ba99f0cb9aa1d59109fda7c23d60334c89d2de44dffce", Hex.of(domain.separator()));
        final StructType config = StructType.of("ChannelConfig(address payer,address payerAuthorizer,address receiver,"
            + "address receiverAuthorizer,address token,uint40 withdrawDelay,bytes32 salt)");
        assertEquals("0x1c9a06ceab9b0ebbd3301dc56c9111bb6d9af421356dc9ccb3b7084c755db308", Hex.of(config.typeHash()));
        final byte[] channel = StructType.digest(domain.separator(), config.hash(values("payer", ME,
            "payerAuthorizer", ME, "receiver", Address.parse("0x209693Bc6afc0C5328bA36FaF03C514EF312287C"),
            "receiverAuthorizer", Address.parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8"), "token", USDC_SEPOLIA,
            "withdrawDelay", 900, "salt", new byte[32])));
        assertEquals("0x75cae6224fe626f13d8190cf4d95e1ab9b0aa1ab958a5d8e23ba1ebc7f0faf34", Hex.of(channel));
        final StructType voucher = StructType.of("Voucher(bytes32 channelId,uint128 maxClaimableAmount)");
        check(domain, voucher.hash(values("channelId", channel, "maxClaimableAmount", 5_000)), Vectors.FIRST_KEY,
            "0xd9fe136d90698841d5dfb7b8534aca73af34dd7aab91795ddebd67adea75fc86",
            "0x67efd5a06751eab6f9742b95fd3db9b6c8530581fbb3977f3d81d2fd5b80caf7243799767c8c673ee30f25f8664ce83b0fc834"
            + "877617e0d7a02373920f7140991c");
    }

    @Test
    void shouldHashStructsInArraysAndNestedTuples() {
        final StructType permit = StructType.of("PermitWitnessTransferFrom(TokenPermissions permitted,address spender,"
            + "uint256 nonce,uint256 deadline,Witness witness)TokenPermissions(address token,uint256 amount)"
            + "Witness(address to,uint256 validAfter)");
        assertEquals("0xebc156cd23678a74c94df13d772ef5478420637f0c94bd10d509e1dc98f521c7", Hex.of(permit.typeHash()));
        final StructType batch = StructType.of("Batch(Item[] items,int8[2] pair)Item(uint8 value)");
        final byte[] one = StructType.of("Item(uint8 value)").hash(values("value", 1));
        final byte[] two = StructType.of("Item(uint8 value)").hash(values("value", 255));
        final byte[] minus = Hex.bytes("ff".repeat(32));
        final byte[] plus = Hex.bytes("00".repeat(31) + "7f");
        assertEquals(Hex.of(Keccak256.hash(batch.typeHash(), Keccak256.hash(one, two), Keccak256.hash(minus, plus))),
            Hex.of(batch.hash(values("items", List.of(values("value", 1), values("value", 255)), "pair",
                List.of(-1, 127)))));
    }

    @Test
    void shouldRefuseWhatIsNoTypeOrNoValueOfIt() {
        for (final String wrong : new String[] {"", "A", "A(uint7 x)", "A(uint264 x)", "A(bytes33 x)", "A(B x)",
            "A(uint256 x,uint256 x)", "A(B b)B(A a)", "A(C c,B b)C(bool x)B(bool x)", "A(bool x)B(bool y)",
            "A(uint256  x)", "A(bool x) "}) {
            assertThrows(IllegalArgumentException.class, () -> StructType.of(wrong), wrong);
        }
        final StructType type = StructType.of("A(uint8 small,bytes4 four,int8 signed,bool[2] two)");
        final Map<String, Object> right = values("small", 255, "four", new byte[4], "signed", -128, "two",
            List.of(true, false));
        assertEquals(32, type.hash(right).length);
        for (final Object[] wrong : new Object[][] {{"small", 256}, {"small", -1}, {"small", "1"},
            {"four", new byte[3]},
            {"signed", -129}, {"signed", 128}, {"two", List.of(true)}, {"two", null}, {"other", 1}}) {
            final Map<String, Object> values = values("small", 255, "four", new byte[4], "signed", -128, "two",
                List.of(true, false));
            values.put((String)wrong[0], wrong[1]);
            final String message = assertThrows(IllegalArgumentException.class, () -> type.hash(values)).getMessage();
            assertTrue(message.contains((String)wrong[0]), message);
        }
    }
}
