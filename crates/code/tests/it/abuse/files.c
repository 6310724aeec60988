/* Programs that do harm with files. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int put(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0) return -1;
    ssize_t wrote = write(fd, text, strlen(text));
    close(fd);
    return wrote == (ssize_t)strlen(text) ? 0 : -1;
}

static int artifacts(void) {
    if (put("plain", "plain")) return 1;
    if (symlink("/etc/passwd", "link") || link("plain", "hard") || mkfifo("fifo", 0644)) return 2;
    int sparse = open("sparse", O_WRONLY | O_CREAT, 0644);
    if (ftruncate(sparse, 512 << 10)) return 3;
    int big = open("big", O_WRONLY | O_CREAT, 0644);
    static char block[1 << 16];
    for (int i = 0; i < 20; i++)
        if (write(big, block, sizeof block) != sizeof block) return 4;
    if (mkdir("dir", 0755) || symlink("dir", "in") || put("dir/through", "through")) return 5;
    struct sockaddr_un name = {AF_UNIX, "socket"};
    return bind(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&name, sizeof name) ? 6 : 0;
}

/* Writes until it may not, and says in MiB how far it came. */
static int fill(const char *folder) {
    static char block[1 << 20];
    memset(block, 1, sizeof block);
    int wrote = 0;
    for (int file = 0; file < 64; file++) {
        char path[256];
        snprintf(path, sizeof path, "%s/fill%d", folder, file);
        int fd = open(path, O_WRONLY | O_CREAT, 0644);
        if (fd < 0) break;
        for (int i = 0; i < 4; i++) {
            if (write(fd, block, sizeof block) != sizeof block) {
                printf("%d\n", wrote);
                return 1;
            }
            wrote++;
        }
        close(fd);
    }
    printf("%d\n", wrote);
    return 0;
}

static int inodes(void) {
    char path[64];
    for (int i = 0; i < 100000; i++) {
        snprintf(path, sizeof path, "/tmp/%d", i);
        int fd = open(path, O_WRONLY | O_CREAT, 0644);
        if (fd < 0) {
            printf("%d %s\n", i, strerrorname_np(errno));
            return 1;
        }
        close(fd);
    }
    return 0;
}

int main(int argc, char **argv) {
    const char *what = argv[1];
    if (!strcmp(what, "artifacts")) return artifacts();
    if (!strcmp(what, "fill")) return fill(argv[2]);
    if (!strcmp(what, "inodes")) return inodes();
    if (!strcmp(what, "memfd")) {
        int fd = memfd_create("x", 0);
        static char block[1 << 20];
        memset(block, 1, sizeof block);
        for (int i = 0; i < 128; i++) {
            lseek(fd, (off_t)(i % 7) << 20, SEEK_SET);
            for (size_t at = 0; at < sizeof block;) {
                ssize_t wrote = write(fd, block + at, sizeof block - at);
                if (wrote <= 0) return 1;
                at += wrote;
            }
            if (i % 7 == 6) {
                fd = memfd_create("x", 0);
            }
        }
        return 0;
    }
    if (!strcmp(what, "sparse")) {
        signal(SIGXFSZ, SIG_IGN);
        int fd = open("/w/sparse", O_WRONLY | O_CREAT, 0644);
        int refused = ftruncate(fd, (off_t)1 << 40);
        printf("%s\n", refused ? strerrorname_np(errno) : "grown");
        return refused ? 1 : 0;
    }
    if (!strcmp(what, "xfsz")) {
        static char block[1 << 20];
        int fd = open("/w/long", O_WRONLY | O_CREAT, 0644);
        for (int i = 0; i < 64; i++)
            if (write(fd, block, sizeof block) < 0) return 1;
        return 0;
    }
    if (!strcmp(what, "read")) {
        char buffer[4096];
        int fd = open(argv[2], O_RDONLY | O_NONBLOCK);
        ssize_t got = fd < 0 ? -1 : read(fd, buffer, sizeof buffer);
        if (got < 0) {
            printf("%s\n", strerrorname_np(errno));
            return 1;
        }
        fwrite(buffer, 1, got, stdout);
        return 0;
    }
    if (!strcmp(what, "write")) {
        int fd = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0644);
        int wrote = fd < 0 ? -1 : write(fd, "harm", 4);
        printf("%s\n", wrote == 4 ? "written" : strerrorname_np(errno));
        return wrote == 4 ? 0 : 1;
    }
    if (!strcmp(what, "descriptors")) {
        for (int fd = 3; fd < 1024; fd++)
            if (fcntl(fd, F_GETFD) >= 0) {
                printf("%d\n", fd);
                return 1;
            }
        return 0;
    }
    if (!strcmp(what, "open")) {
        int count = 3;
        while (open("/dev/null", O_RDONLY) >= 0) count++;
        printf("%d %s\n", count, strerrorname_np(errno));
        return 0;
    }
    if (!strcmp(what, "locks")) {
        int fd = open("/usr/bin/env", O_RDONLY);
        int notes = inotify_init();
        printf("%s ", notes < 0 ? strerrorname_np(errno) : "inotify");
        printf("%s\n", fcntl(fd, F_SETLEASE, F_RDLCK) ? strerrorname_np(errno) : "lease");
        return flock(fd, LOCK_EX | LOCK_NB) ? 1 : 0;
    }
    return 99;
}
