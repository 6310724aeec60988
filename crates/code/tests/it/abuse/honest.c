/* Programs that do no harm. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "true";
    if (!strcmp(what, "true")) return 0;
    if (!strcmp(what, "exit")) return atoi(argv[2]);
    if (!strcmp(what, "echo")) {
        char buffer[65536];
        ssize_t got;
        while ((got = read(0, buffer, sizeof buffer)) > 0)
            if (write(1, buffer, got) != got) return 1;
        return 0;
    }
    if (!strcmp(what, "signal")) {
        kill(getpid(), atoi(argv[2]));
        return 0;
    }
    if (!strcmp(what, "abort")) abort();
    if (!strcmp(what, "segv")) *(volatile int *)8 = 1;
    if (!strcmp(what, "spin")) {
        struct timespec used;
        do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
        while (used.tv_sec * 1000 + used.tv_nsec / 1000000 < atoi(argv[2]));
        return 0;
    }
    if (!strcmp(what, "touch")) {
        size_t size = (size_t)atoi(argv[2]) << 20;
        volatile char *held = malloc(size);
        for (size_t at = 0; at < size; at += 4096) held[at] = 1;
        sleep(argc > 3 ? atoi(argv[3]) : 0);
        return 0;
    }
    if (!strcmp(what, "write")) {
        FILE *file = fopen(argv[2], "w");
        if (!file) return 1;
        fputs(argv[3], file);
        return fclose(file) ? 1 : 0;
    }
    if (!strcmp(what, "cat")) {
        FILE *file = fopen(argv[2], "r");
        if (!file) return 1;
        for (int c; (c = fgetc(file)) != EOF;) putchar(c);
        return 0;
    }
    if (!strcmp(what, "sleep")) {
        sleep(atoi(argv[2]));
        return 0;
    }
    return 99;
}
