/* Programs that do harm with processes, threads, memory and time. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile long sink;

static void spin(void) {
    for (;;) sink++;
}

static void *thread(void *unused) {
    pause();
    return unused;
}

/* Counts children or threads until one is refused. Far enough to tell, too few to hurt where nothing holds. */
static int count(int threads) {
    int made = 0;
    for (; made < 150; made++) {
        pthread_t id;
        if (threads) {
            if (pthread_create(&id, 0, thread, 0)) break;
        } else {
            pid_t child = fork();
            if (child < 0) break;
            if (!child) {
                pause();
                _exit(0);
            }
        }
    }
    printf("%d\n", made);
    fflush(stdout);
    _exit(0);
}

static int touch(size_t mib) {
    volatile char *held = mmap(0, mib << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (held == MAP_FAILED) return 1;
    for (size_t at = 0; at < mib << 20; at += 4096) held[at] = 1;
    return 0;
}

static int deep(int level) {
    volatile char frame[1024];
    frame[0] = level;
    return deep(level + 1) + frame[0];
}

static int others(void) {
    DIR *all = opendir("/proc");
    int found = 0;
    for (struct dirent *entry; (entry = readdir(all));) {
        int pid = atoi(entry->d_name);
        if (pid && pid != getpid()) found++, printf("%d\n", pid);
    }
    return found != 0 || getppid() != 1;
}

int main(int argc, char **argv) {
    const char *what = argv[1];
    if (!strcmp(what, "bomb"))
        for (;;) fork();
    if (!strcmp(what, "children")) return count(0);
    if (!strcmp(what, "threads")) return count(1);
    if (!strcmp(what, "chain")) {
        for (int i = 0;; i++) {
            pid_t child = fork();
            if (child > 0) _exit(0);
            if (child < 0) spin();
            setsid();
        }
    }
    if (!strcmp(what, "touch")) return touch(100);
    if (!strcmp(what, "family")) {
        for (int i = 0; i < 12; i++)
            if (!fork()) {
                touch(10);
                sleep(5);
                _exit(0);
            }
        sleep(5);
        return 0;
    }
    if (!strcmp(what, "reserve")) {
        void *held = mmap(0, (size_t)8 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        return held == MAP_FAILED;
    }
    if (!strcmp(what, "others")) return others();
    if (!strcmp(what, "kill-all")) {
        kill(-1, SIGKILL);
        kill(getppid(), SIGKILL);
        kill(1, SIGTERM);
        kill(0, SIGCONT);
        return getppid() == 1 ? 0 : 1;
    }
    if (!strcmp(what, "stop")) raise(SIGSTOP);
    if (!strcmp(what, "stop-group")) kill(0, SIGSTOP);
    if (!strcmp(what, "stubborn")) {
        for (int signal = 1; signal < 65; signal++) sigaction(signal, &(struct sigaction){.sa_handler = SIG_IGN}, 0);
        spin();
    }
    if (!strcmp(what, "divide")) {
        volatile int numerator = 7, denominator = sink;
        return numerator / denominator;
    }
    if (!strcmp(what, "daemon")) {
        if (fork()) return 0;
        setsid();
        sleep(2);
        close(open("/tmp/late", O_CREAT | O_WRONLY, 0644));
        sleep(3);
        return 0;
    }
    if (!strcmp(what, "zombies")) {
        for (int i = 0; i < 20; i++)
            if (!fork()) _exit(0);
        usleep(50000);
        return 0;
    }
    if (!strcmp(what, "sleep")) sleep(100);
    if (!strcmp(what, "read")) return getchar() == EOF ? 3 : 4;
    if (!strcmp(what, "unflushed")) {
        printf("an answer");
        sleep(100);
    }
    if (!strcmp(what, "closed-spin")) {
        close(0), close(1), close(2);
        spin();
    }
    if (!strcmp(what, "clock")) {
        struct timespec now, began;
        clock_gettime(CLOCK_MONOTONIC, &began);
        do clock_gettime(CLOCK_MONOTONIC, &now);
        while (now.tv_sec < began.tv_sec + 60);
    }
    if (!strcmp(what, "spinners")) {
        for (int i = 0; i < 3; i++)
            if (!fork()) spin();
        spin();
    }
    if (!strcmp(what, "xcpu")) {
        signal(SIGXCPU, SIG_IGN);
        spin();
    }
    if (!strcmp(what, "deep")) return deep(0);
    if (!strcmp(what, "core")) {
        struct rlimit wide = {RLIM_INFINITY, RLIM_INFINITY};
        if (!setrlimit(RLIMIT_CORE, &wide)) return 1;
        abort();
    }
    if (!strcmp(what, "session")) return getsid(0) == getpid() ? 0 : 1;
    if (!strcmp(what, "user")) {
        printf("%d %d\n", getuid() == 0, setuid(0) == 0 && getuid() == 0);
        return 0;
    }
    if (!strcmp(what, "scheduling")) {
        struct sched_param priority = {1};
        int nice = setpriority(PRIO_PROCESS, 0, -5), fifo = sched_setscheduler(0, SCHED_FIFO, &priority);
        struct timespec past = {1, 0};
        int clock = clock_settime(CLOCK_REALTIME, &past);
        printf("%d %d %d\n", nice, fifo, clock);
        return 0;
    }
    if (!strcmp(what, "exec")) {
        execl("/bin/sh", "sh", "-c", "exit 3", (char *)0);
        return 1;
    }
    if (!strcmp(what, "environment")) {
        extern char **environ;
        for (char **at = environ; *at; at++) puts(*at);
        DIR *here = opendir(".");
        for (struct dirent *entry; (entry = readdir(here));)
            if (entry->d_name[0] != '.') puts(entry->d_name);
        return 0;
    }
    if (!strcmp(what, "mixed")) {
        /* one of many small harms, by number */
        switch (atoi(argv[2]) % 8) {
        case 0: count(0);
        case 1: return touch(40);
        case 2: sleep(100);
        case 3: spin();
        case 4: abort();
        case 5: fork(); fork(); setsid(); spin();
        case 6: kill(-1, SIGKILL); raise(SIGSTOP);
        case 7: for (;;) if (fork() < 0) _exit(1);
        }
    }
    return 99;
}
