/* Programs that do harm with their streams. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
    static char block[1 << 16];
    const char *what = argv[1];
    int fd = !strcmp(what, "err") ? 2 : 1;
    memset(block, !strcmp(what, "blank") ? '\n' : 'x', sizeof block);
    if (!strcmp(what, "deaf")) {
        /* reads nothing and fills its own pipe */
        sleep(100);
        return 0;
    }
    signal(SIGPIPE, SIG_IGN);
    if (!strcmp(what, "lines"))
        for (size_t at = 63; at < sizeof block; at += 64) block[at] = '\n';
    for (;;)
        if (write(fd, block, sizeof block) < 0) return 1;
}
