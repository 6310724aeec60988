/* Calls that would change or look behind what holds a program. Prints the names of those that are not refused. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int failed;

/* A call is refused if it fails with the error that the filter gives. */
static void refused(const char *name, long result, int error) {
    int got = errno;
    if (result >= 0 || got != error) {
        printf("%s %ld %s\n", name, result, result < 0 ? strerrorname_np(got) : "");
        failed = 1;
    }
}
#define REFUSED(name, call) (errno = 0, refused(name, call, EPERM))
#define UNKNOWN(name, call) (errno = 0, refused(name, call, ENOSYS))

static void processes(void) {
    pid_t child = fork();
    if (!child) {
        pause();
        _exit(0);
    }
    int here = 1, there = 0;
    struct iovec to = {&here, sizeof here}, from = {&there, sizeof there};
    REFUSED("ptrace parent", ptrace(PTRACE_ATTACH, 1, 0, 0));
    REFUSED("ptrace child", ptrace(PTRACE_ATTACH, child, 0, 0));
    REFUSED("process_vm_readv", process_vm_readv(child, &to, 1, &from, 1, 0));
    REFUSED("process_vm_writev", process_vm_writev(child, &to, 1, &from, 1, 0));
    long pidfd = syscall(SYS_pidfd_open, child, 0);
    REFUSED("pidfd_getfd", syscall(SYS_pidfd_getfd, pidfd, 0, 0));
    REFUSED("kcmp", syscall(SYS_kcmp, child, child, 0, 0, 0));
    kill(child, 9);
}

static void mounts(void) {
    REFUSED("mount", mount("tmpfs", "/tmp", "tmpfs", 0, 0));
    REFUSED("umount", umount2("/proc", MNT_DETACH));
    REFUSED("pivot_root", syscall(SYS_pivot_root, ".", "."));
    REFUSED("chroot", chroot("/tmp"));
    REFUSED("open_tree", syscall(SYS_open_tree, -100, "/", 1));
    REFUSED("fsopen", syscall(SYS_fsopen, "tmpfs", 0));
    REFUSED("move_mount", syscall(SYS_move_mount, -100, "/tmp", -100, "/w", 0));
    REFUSED("mount_setattr", syscall(SYS_mount_setattr, -100, "/", 0, 0, 0));
    REFUSED("open_by_handle_at", syscall(SYS_open_by_handle_at, -100, 0, 0));
    REFUSED("name_to_handle_at", syscall(SYS_name_to_handle_at, -100, "/", 0, 0, 0));
}

static void namespaces(void) {
    REFUSED("unshare user", unshare(CLONE_NEWUSER));
    REFUSED("unshare all", unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET));
    REFUSED("setns", setns(open("/proc/self/ns/user", O_RDONLY), 0));
    REFUSED("clone user", syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
    UNKNOWN("clone3", syscall(SYS_clone3, 0, 0));
}

static void parts(void) {
    REFUSED("keyctl", syscall(SYS_keyctl, 0, 0, 0, 0, 0));
    REFUSED("add_key", syscall(SYS_add_key, "user", "x", "x", 1, -2));
    REFUSED("request_key", syscall(SYS_request_key, "user", "x", 0, 0));
    REFUSED("bpf", syscall(SYS_bpf, 0, 0, 0));
    REFUSED("perf_event_open", syscall(SYS_perf_event_open, 0, 0, 0, 0, 0));
    REFUSED("userfaultfd", syscall(SYS_userfaultfd, 1));
    REFUSED("io_uring", syscall(SYS_io_uring_setup, 1, 0));
    REFUSED("personality", syscall(SYS_personality, 0x0040000));
    REFUSED("shmget", syscall(SYS_shmget, 0, 4096, 0600));
    REFUSED("msgget", syscall(SYS_msgget, 0, 0600));
    REFUSED("mq_open", syscall(SYS_mq_open, "x", O_CREAT, 0600, 0));
    REFUSED("reboot", syscall(SYS_reboot, 0, 0, 0, 0));
    REFUSED("swapon", syscall(SYS_swapon, "/tmp/x", 0));
    REFUSED("init_module", syscall(SYS_init_module, 0, 0, 0));
    REFUSED("kexec_load", syscall(SYS_kexec_load, 0, 0, 0, 0));
    REFUSED("acct", syscall(SYS_acct, 0));
    REFUSED("quotactl", syscall(SYS_quotactl, 0, 0, 0, 0));
    REFUSED("TIOCSTI", ioctl(0, TIOCSTI, "x"));
    UNKNOWN("a call of the future", syscall(600));
}

static void network(void) {
    static const int families[] = {AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_ALG, AF_VSOCK, AF_KEY, AF_BLUETOOTH};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        for (int kind = SOCK_STREAM; kind <= SOCK_SEQPACKET; kind++) {
            errno = 0;
            int fd = socket(families[i], kind, 0);
            if (fd >= 0 || errno != EAFNOSUPPORT) printf("family %d\n", families[i]), failed = 1;
        }
}

static void privileges(void) {
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof line, status)) {
        unsigned long long set = 0;
        if (sscanf(line, "Cap%*3s: %llx", &set) == 1 && set && strncmp(line, "CapBnd", 6)) printf("%s", line), failed = 1;
        if (!strncmp(line, "NoNewPrivs:", 11) && atoi(line + 11) != 1) printf("%s", line), failed = 1;
        if (!strncmp(line, "Seccomp:", 8) && atoi(line + 8) != 2) printf("%s", line), failed = 1;
        if (!strncmp(line, "Groups:", 7) && strspn(line + 7, " \t\n") != strlen(line + 7)) printf("%s", line), failed = 1;
    }
    const char *places[] = {"/", "/w", "/tmp", "/data", "/usr", "/app", "/dev", "/proc"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct statvfs flags;
        if (statvfs(places[i], &flags)) return;
        int writable = !strcmp(places[i], "/w") || !strcmp(places[i], "/tmp") || !strcmp(places[i], "/data") || !strcmp(places[i], "/proc");
        if (!writable && !(flags.f_flag & ST_RDONLY)) printf("%s can be written\n", places[i]), failed = 1;
        if ( !(flags.f_flag & ST_NOSUID)) printf("%s keeps set-uid\n", places[i]), failed = 1;
    }
}

/* Sends to, or listens at, an abstract name. */
static int rendezvous(int listening) {
    struct sockaddr_un name = {AF_UNIX, "\0meeting"};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (listening) {
        if (bind(fd, (void *)&name, sizeof name) || listen(fd, 4)) return 1;
        puts("listening");
        fflush(stdout);
        return accept(fd, 0, 0) < 0;
    }
    int result = connect(fd, (void *)&name, sizeof name);
    puts(result ? strerrorname_np(errno) : "connected");
    return 0;
}

int main(int argc, char **argv) {
    const char *what = argv[1];
    if (!strcmp(what, "processes")) processes();
    if (!strcmp(what, "mounts")) mounts();
    if (!strcmp(what, "namespaces")) namespaces();
    if (!strcmp(what, "parts")) parts();
    if (!strcmp(what, "network")) network();
    if (!strcmp(what, "privileges")) privileges();
    if (!strcmp(what, "space")) {
        char name[64] = "";
        readlink("/proc/self/ns/net", name, sizeof name - 1);
        puts(name);
    }
    if (!strcmp(what, "listen")) return rendezvous(1);
    if (!strcmp(what, "connect")) return rendezvous(0);
    if (!strcmp(what, "foreign")) {
#ifdef __x86_64__
        long result = 20;
        __asm__ volatile("int $0x80" : "+a"(result)::"memory");
        printf("%ld\n", result);
        return 0;
#else
        abort();
#endif
    }
    return failed;
}
