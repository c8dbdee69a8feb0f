package weir.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
    @ParameterizedTest
    @ValueSource(strings = {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        "0x52908400098527886E0F7030069857D2E4169EE7", "0xde709f2102306220921060314715629080e2fb77",
        "0x9008D19f58AAbD9eD0D60971565AA8510560ab41"})
    void shouldWriteTheChecksumAndTakeItWithAndWithout(final String text) {
        assertEquals(text, Address.parse(text).toString());
        assertEquals(text, Address.parse(text.toLowerCase(Locale.ROOT)).toString());
        assertEquals(Address.parse(text), Address.parse(Address.parse(text).lower()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed", "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAedd", "", "0x"})
    void shouldRefuseAWrongChecksumAndWhatIsNoAddress(final String text) {
        assertThrows(IllegalArgumentException.class, () -> Address.parse(text));
    }

    @Test
    void shouldBeTheEndOfTheKeysDigest() {
        assertEquals("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
            Vectors.signer(Vectors.FIRST_KEY).address().toString());
        assertEquals("0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
            Vectors.signer(Vectors.SECOND_KEY).address().toString());
    }
}
