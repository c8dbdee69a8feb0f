package weir.fix;

class RecoveryOnQuickfixjTest extends RecoveryTest {
    @Override
    DeskTransport transport() {
        return DeskTransport.QUICKFIXJ;
    }
}
