package weir.fix;

class TlsOnQuickfixjTest extends TlsTest {
    @Override
    DeskTransport transport() {
        return DeskTransport.QUICKFIXJ;
    }
}
