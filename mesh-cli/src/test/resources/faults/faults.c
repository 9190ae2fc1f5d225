/* Makes system calls on chosen files fail, for a program that is started with
 * LD_PRELOAD=faults.so FAULT_CONTROL=file
 *
 * The control file is mapped, so whoever holds it arms, heals and counts while the program runs. It
 * holds seven numbers of 64 bits: which kinds of calls count (a mask, 0 for none), the first call
 * that fails (1, 2, 3 ...), how many fail from there, the errno, whether a failing write writes its
 * first half, calls counted, calls failed; then a part of the path of the files that are meant, with
 * a zero at its end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { SYNC = 1, WRITE = 2, TRUNCATE = 4, OPEN = 8, MAP = 16, REMOVE = 32, READ = 64 };

struct control {
  volatile int64_t mask, first, count, error, half;
  int64_t calls, failed;
  char name[200];
};

static struct control *control;

__attribute__((constructor)) static void start(void) {
  const char *path = getenv("FAULT_CONTROL");
  if (path != NULL) {
    int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
    if (fd >= 0) {
      void *map =
          (void *)syscall(SYS_mmap, NULL, 256, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)0);
      syscall(SYS_close, fd);
      if (map != MAP_FAILED) control = map;
    }
  }
}

/* Whether the next call on a chosen file is one that fails; sets errno if so. */
static int failing(void) {
  int64_t call = __atomic_add_fetch(&control->calls, 1, __ATOMIC_SEQ_CST);
  if (call < control->first || call >= control->first + control->count) return 0;
  __atomic_add_fetch(&control->failed, 1, __ATOMIC_SEQ_CST);
  errno = (int)control->error;
  return 1;
}

static int fails_at(int kind, const char *path) {
  return control != NULL && (control->mask & kind) != 0 && path != NULL
      && strstr(path, control->name) != NULL && failing();
}

static int fails(int kind, int fd) {
  if (control == NULL || (control->mask & kind) == 0 || fd < 0) return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return strstr(path, control->name) != NULL && failing();
}

int fsync(int fd) { return fails(SYNC, fd) ? -1 : (int)syscall(SYS_fsync, fd); }

int fdatasync(int fd) { return fails(SYNC, fd) ? -1 : (int)syscall(SYS_fdatasync, fd); }

ssize_t write(int fd, const void *data, size_t size) {
  if (fails(WRITE, fd)) {
    if (!control->half || size < 2) return -1;
    size /= 2;
  }
  return syscall(SYS_write, fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  if (fails(WRITE, fd)) {
    if (!control->half || size < 2) return -1;
    size /= 2;
  }
  return syscall(SYS_pwrite64, fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  return pwrite(fd, data, size, at);
}

ssize_t pread(int fd, void *data, size_t size, off_t at) {
  return fails(READ, fd) ? -1 : syscall(SYS_pread64, fd, data, size, at);
}

ssize_t pread64(int fd, void *data, size_t size, off64_t at) { return pread(fd, data, size, at); }

int ftruncate(int fd, off_t size) {
  return fails(TRUNCATE, fd) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }

int posix_fallocate(int fd, off_t at, off_t size) {
  if (fails(TRUNCATE, fd)) return errno;
  return syscall(SYS_fallocate, fd, 0, at, size) == 0 ? 0 : errno;
}

int posix_fallocate64(int fd, off64_t at, off64_t size) { return posix_fallocate(fd, at, size); }

int fallocate(int fd, int mode, off_t at, off_t size) {
  return fails(TRUNCATE, fd) ? -1 : (int)syscall(SYS_fallocate, fd, mode, at, size);
}

int fallocate64(int fd, int mode, off64_t at, off64_t size) {
  return fallocate(fd, mode, at, size);
}

void *mmap(void *where, size_t size, int protection, int flags, int fd, off_t at) {
  if (fd >= 0 && fails(MAP, fd)) return MAP_FAILED;
  return (void *)syscall(SYS_mmap, where, size, protection, flags, fd, at);
}

void *mmap64(void *where, size_t size, int protection, int flags, int fd, off64_t at) {
  return mmap(where, size, protection, flags, fd, at);
}

static int open_at(int folder, const char *path, int flags, mode_t mode) {
  return fails_at(OPEN, path) ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define MODE(flags) \
  va_list more; \
  va_start(more, flags); \
  mode_t mode = (flags) & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
  va_end(more)

int open(const char *path, int flags, ...) {
  MODE(flags);
  return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  MODE(flags);
  return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  MODE(flags);
  return open_at(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
  MODE(flags);
  return open_at(folder, path, flags, mode);
}

int unlink(const char *path) {
  return fails_at(REMOVE, path) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int rename(const char *from, const char *to) {
  return fails_at(REMOVE, to) ? -1 : (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}
