/*
 * Loaded into a process by LD_PRELOAD: writes down what the process does to the files below a folder, and what it tells
 * its parent on descriptor 3, in one order. From this every state is made that a power failure could have left.
 *
 * RECORD_FOLDER names the folder, RECORD_TO the file that is written. A line for each call, and after "W" and "M" as many
 * bytes as it says:
 *
 *   O <descriptor> <is created> <is truncated> <path>     C <descriptor>
 *   W <descriptor> <offset> <length>                      T <descriptor> <length>
 *   S <descriptor>                                        U <path>
 *   R <path>\t<path>                                      M <length>
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_DESCRIPTORS 4096
#define PIPE 3

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static char is_recorded[MOST_DESCRIPTORS];
static const char *folder;
static int record = -1;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);
static int (*real_remove)(const char *);
static int (*real_rename)(const char *, const char *);

__attribute__((constructor)) static void begin(void) {
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_open = dlsym(RTLD_NEXT, "open64");
  real_close = dlsym(RTLD_NEXT, "close");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_remove = dlsym(RTLD_NEXT, "remove");
  real_rename = dlsym(RTLD_NEXT, "rename");
  folder = getenv("RECORD_FOLDER");
  const char *to = getenv("RECORD_TO");
  if (folder != NULL && to != NULL) record = real_open(to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void put(const void *bytes, size_t length) {
  const char *next = bytes;
  while (length > 0) {
    ssize_t written = real_write(record, next, length);
    if (written <= 0) abort();
    next += written;
    length -= (size_t)written;
  }
}

static void line(const char *format, ...) {
  char text[9000];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (length < 0 || (size_t)length >= sizeof text) abort();
  put(text, (size_t)length);
}

static int is_below(const char *path) {
  return record >= 0 && path != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_known(int descriptor) {
  return record >= 0 && descriptor >= 0 && descriptor < MOST_DESCRIPTORS && is_recorded[descriptor];
}

/* Not every close comes by here, and descriptors are used again. */
static int forgotten(int descriptor) {
  if (is_known(descriptor)) is_recorded[descriptor] = 0;
  return descriptor;
}

static int open_file(const char *path, int flags, mode_t mode) {
  if (!is_below(path)) return forgotten(real_open(path, flags, mode));
  pthread_mutex_lock(&order);
  struct stat found;
  int is_new = (flags & O_CREAT) && stat(path, &found) != 0;
  int descriptor = real_open(path, flags, mode);
  if (descriptor >= 0 && descriptor < MOST_DESCRIPTORS) {
    is_recorded[descriptor] = 1;
    line("O %d %d %d %s\n", descriptor, is_new, (flags & O_TRUNC) != 0, path);
  }
  pthread_mutex_unlock(&order);
  return descriptor;
}

int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return open_file(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return open_file(path, flags, mode);
}

int close(int descriptor) {
  if (!is_known(descriptor)) return real_close(descriptor);
  pthread_mutex_lock(&order);
  is_recorded[descriptor] = 0;
  line("C %d\n", descriptor);
  int result = real_close(descriptor);
  pthread_mutex_unlock(&order);
  return result;
}

static ssize_t written(int descriptor, const void *bytes, ssize_t count, off_t offset) {
  if (count > 0) {
    line("W %d %lld %zd\n", descriptor, (long long)offset, count);
    put(bytes, (size_t)count);
  }
  return count;
}

ssize_t write(int descriptor, const void *bytes, size_t length) {
  if (descriptor == PIPE && record >= 0) {
    pthread_mutex_lock(&order);
    line("M %zu\n", length);
    put(bytes, length);
    ssize_t count = real_write(descriptor, bytes, length);
    pthread_mutex_unlock(&order);
    return count;
  }
  if (!is_known(descriptor)) return real_write(descriptor, bytes, length);
  pthread_mutex_lock(&order);
  off_t offset = lseek(descriptor, 0, SEEK_CUR);
  ssize_t count = written(descriptor, bytes, real_write(descriptor, bytes, length), offset);
  pthread_mutex_unlock(&order);
  return count;
}

static ssize_t write_at(int descriptor, const void *bytes, size_t length, off_t offset) {
  if (!is_known(descriptor)) return real_pwrite(descriptor, bytes, length, offset);
  pthread_mutex_lock(&order);
  ssize_t count = written(descriptor, bytes, real_pwrite(descriptor, bytes, length, offset), offset);
  pthread_mutex_unlock(&order);
  return count;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
  return write_at(descriptor, bytes, length, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off_t offset) {
  return write_at(descriptor, bytes, length, offset);
}

static int truncate_file(int descriptor, off_t length) {
  if (!is_known(descriptor)) return real_ftruncate(descriptor, length);
  pthread_mutex_lock(&order);
  int result = real_ftruncate(descriptor, length);
  if (result == 0) line("T %d %lld\n", descriptor, (long long)length);
  pthread_mutex_unlock(&order);
  return result;
}

int ftruncate(int descriptor, off_t length) { return truncate_file(descriptor, length); }

int ftruncate64(int descriptor, off_t length) { return truncate_file(descriptor, length); }

/* The call itself is spared: what is on the disk here is of no interest. */
static int synced(int descriptor, int (*sync)(int)) {
  if (!is_known(descriptor)) return sync(descriptor);
  pthread_mutex_lock(&order);
  line("S %d\n", descriptor);
  pthread_mutex_unlock(&order);
  return 0;
}

int fsync(int descriptor) { return synced(descriptor, real_fsync); }

int fdatasync(int descriptor) { return synced(descriptor, real_fdatasync); }

static int taken_away(const char *path, int (*take_away)(const char *)) {
  if (!is_below(path)) return take_away(path);
  pthread_mutex_lock(&order);
  int result = take_away(path);
  if (result == 0) line("U %s\n", path);
  pthread_mutex_unlock(&order);
  return result;
}

int unlink(const char *path) { return taken_away(path, real_unlink); }

/* By the C++ library, which calls it for rmSync() of newer versions of Node.js. */
int remove(const char *path) { return taken_away(path, real_remove); }

int rename(const char *from, const char *to) {
  if (!is_below(to)) return real_rename(from, to);
  pthread_mutex_lock(&order);
  int result = real_rename(from, to);
  if (result == 0) line("R %s\t%s\n", from, to);
  pthread_mutex_unlock(&order);
  return result;
}
