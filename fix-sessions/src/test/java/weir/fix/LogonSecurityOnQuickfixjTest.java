package weir.fix;

class LogonSecurityOnQuickfixjTest extends LogonSecurityTest {
    @Override
    DeskTransport transport() {
        return DeskTransport.QUICKFIXJ;
    }
}
