package weir.sim.desk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LogonSignatureTest {
    /** Computed by: printf '...' | openssl dgst -sha256 -hmac s3cret -binary | base64. */
    @Test
    void shouldMatchVectorMadeWithOpenssl() {
        assertEquals("IB0r6ibE7DKGZdCZTx+GWbNfHk7avt71UW6acODB2So=",
            LogonSignature.rawData("s3cret", "20260102-03:04:05.678", "1", "ALPHA1", "WEIR"));
    }
}
