package weir.fix;

class HostileInputOnQuickfixjTest extends HostileInputTest {
    @Override
    DeskTransport transport() {
        return DeskTransport.QUICKFIXJ;
    }

    @Override
    boolean provesBeside() {
        return true;
    }
}
