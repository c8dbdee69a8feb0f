package weir.fix;

class OrderFlowOnQuickfixjTest extends OrderFlowTest {
    @Override
    DeskTransport transport() {
        return DeskTransport.QUICKFIXJ;
    }
}
