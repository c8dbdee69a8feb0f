/* Single-steps a thread and writes the address of each instruction, eight bytes: step TID COUNT FILE. See count.sh. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: step TID COUNT FILE\n");
        return 2;
    }
    const int thread = atoi(argv[1]);
    FILE *out = fopen(argv[3], "w");
    int status;
    int signal = 0;
    if (!out || ptrace(PTRACE_SEIZE, thread, 0, 0) || ptrace(PTRACE_INTERRUPT, thread, 0, 0)) {
        perror("step");
        return 1;
    }
    waitpid(thread, &status, __WALL);
    for (long i = atol(argv[2]); i > 0; i--) {
        struct user_regs_struct registers;
        if (ptrace(PTRACE_GETREGS, thread, 0, &registers)) {
            break;
        }
        fwrite(&registers.rip, sizeof registers.rip, 1, out);
        if (ptrace(PTRACE_SINGLESTEP, thread, 0, (void *)(long)signal)) {
            break;
        }
        waitpid(thread, &status, __WALL);
        if (!WIFSTOPPED(status)) {
            break;
        }
        signal = WSTOPSIG(status) == 5 ? 0 : WSTOPSIG(status); /* a trap is the step's own */
    }
    ptrace(PTRACE_DETACH, thread, 0, 0);
    return fclose(out);
}
