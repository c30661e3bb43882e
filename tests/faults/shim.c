/* Faults of a disk, for one folder: loaded before libc (LD_PRELOAD), armed by faults_arm().
 *
 * Every call that changes a file below the folder is counted and, if a log is given, written there:
 * a line (kind, offset, length, path, second path), then the bytes of a write. At one of them, by
 * its number, the process is killed, or killed with half of the write done, or the disk is full
 * from there on. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { COUNT, KILL, TORN, FULL };
static char folder[PATH_MAX];
static size_t folder_length;
static int mode, armed, log_file = -1;
static long target, calls;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

void faults_arm(const char *path, int how, long at, const char *log) {
    snprintf(folder, sizeof folder, "%s/", path);
    folder_length = strlen(folder);
    mode = how, target = at, calls = 0;
    if (log && *log)
        log_file = syscall(SYS_openat, AT_FDCWD, log, O_CREAT | O_WRONLY | O_APPEND, 0600);
    armed = 1;
}

long faults_disarm(void) {
    armed = 0;
    return calls;
}

/* The folder itself counts too: names are on the disk when it is synced. */
static int below(const char *path) {
    return armed && (!strncmp(path, folder, folder_length) ||
                     (strlen(path) == folder_length - 1 && !strncmp(path, folder, folder_length - 1)));
}

static const char *relative(const char *path) {
    return strlen(path) < folder_length ? "." : path + folder_length;
}

static int path_of(int fd, char *path) {
    char link[64];
    if (!armed) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
    return below(path);
}

static void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

/* What is to happen to this call: COUNT (nothing), TORN or FULL. Others do not come back. */
static int fault(const char *kind, const char *path, const char *other, long offset, long length,
                 const void *data) {
    int what = COUNT;
    pthread_mutex_lock(&mutex);
    long number = ++calls;
    if (mode == KILL && number == target) die();
    if (mode == TORN && number == target) what = TORN;
    if (mode == FULL && number >= target && data) what = FULL;
    if (log_file >= 0 && what == COUNT) {
        char line[2 * PATH_MAX + 100];
        int size = snprintf(line, sizeof line, "%s\t%ld\t%ld\t%s\t%s\n", kind, offset,
                            data ? length : 0, relative(path), other ? relative(other) : "");
        syscall(SYS_write, log_file, line, size);
        if (data) syscall(SYS_write, log_file, data, length);
    }
    pthread_mutex_unlock(&mutex);
    return what;
}

#define WRITES(call, at, half)                                       \
    char path[PATH_MAX];                                             \
    if (path_of(fd, path)) switch (fault("write", path, 0, at, length, data)) { \
    case TORN: half; die();                                          \
    case FULL: errno = ENOSPC; return -1;                            \
    }                                                                \
    return call

ssize_t write(int fd, const void *data, size_t length) {
    long at = armed ? lseek(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR) : 0;
    WRITES(REAL(write)(fd, data, length), at, REAL(write)(fd, data, length / 2));
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
    WRITES(REAL(pwrite)(fd, data, length, offset), offset, REAL(pwrite)(fd, data, length / 2, offset));
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
    WRITES(REAL(pwrite64)(fd, data, length, offset), offset, REAL(pwrite64)(fd, data, length / 2, offset));
}

#define OF_FILE(kind, at, call)                                   \
    char path[PATH_MAX];                                          \
    if (path_of(fd, path) && fault(kind, path, 0, at, 0, 0) == TORN) die(); \
    return call

int fsync(int fd) { OF_FILE("sync", 0, REAL(fsync)(fd)); }
int fdatasync(int fd) { OF_FILE("sync", 0, REAL(fdatasync)(fd)); }
int ftruncate(int fd, off_t size) { OF_FILE("cut", size, REAL(ftruncate)(fd, size)); }
int ftruncate64(int fd, off64_t size) { OF_FILE("cut", size, REAL(ftruncate64)(fd, size)); }

#define OF_NAME(kind, name, other, call)                                  \
    if (below(name) && fault(kind, name, other, 0, 0, 0) == TORN) die();  \
    return call

int rename(const char *from, const char *to) { OF_NAME("rename", from, to, REAL(rename)(from, to)); }
int link(const char *from, const char *to) { OF_NAME("link", from, to, REAL(link)(from, to)); }
int unlink(const char *name) { OF_NAME("unlink", name, 0, REAL(unlink)(name)); }
int rmdir(const char *name) { OF_NAME("unlink", name, 0, REAL(rmdir)(name)); }

int unlinkat(int at, const char *name, int flags) {
    char path[PATH_MAX], whole[2 * PATH_MAX];
    if (*name != '/' && at != AT_FDCWD && armed) {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", at);
        ssize_t length = readlink(link, path, PATH_MAX - 1);
        path[length < 0 ? 0 : length] = 0;
        snprintf(whole, sizeof whole, "%s/%s", path, name);
    } else
        snprintf(whole, sizeof whole, "%s", name);
    OF_NAME("unlink", whole, 0, REAL(unlinkat)(at, name, flags));
}
