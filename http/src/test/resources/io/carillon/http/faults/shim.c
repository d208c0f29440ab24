/*
 * Stands before the C library in a process of the fault suite: a disk that is slow to confirm or fails, and a wall clock
 * that is off. What it does is read from a file that the suite writes while the process runs.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* The words of the file, in this order. */
struct dial {
  int64_t sync_delay_us;  /* every fsync and fdatasync takes this much longer */
  int64_t sync_failures;  /* so many fdatasyncs fail */
  int64_t clock_shift_us; /* the wall clock is this much ahead */
};

static struct dial at_rest;
static struct dial *mapped;

static struct dial *dial(void) {
  struct dial *known = __atomic_load_n(&mapped, __ATOMIC_ACQUIRE);
  if (known) return known;
  known = &at_rest;
  const char *path = getenv("CARILLON_DIAL");
  int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
  if (file >= 0) {
    void *page = mmap(NULL, sizeof at_rest, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) known = page;
    close(file);
  }
  __atomic_store_n(&mapped, known, __ATOMIC_RELEASE);
  return known;
}

static void delay(void) {
  int64_t micros = __atomic_load_n(&dial()->sync_delay_us, __ATOMIC_RELAXED);
  struct timespec left = {micros / 1000000, micros % 1000000 * 1000};
  /* A signal must not make the disk fast. */
  while (micros > 0 && nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

static int fails(void) {
  int64_t left = __atomic_load_n(&dial()->sync_failures, __ATOMIC_RELAXED);
  while (left > 0) {
    if (__atomic_compare_exchange_n(&dial()->sync_failures, &left, left - 1, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
      return 1;
    }
  }
  return 0;
}

int fsync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  delay();
  return real(file);
}

int fdatasync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  delay();
  if (fails()) {
    errno = EIO;
    return -1;
  }
  return real(file);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    int64_t nanos = now->tv_nsec + __atomic_load_n(&dial()->clock_shift_us, __ATOMIC_RELAXED) % 1000000 * 1000;
    now->tv_sec += __atomic_load_n(&dial()->clock_shift_us, __ATOMIC_RELAXED) / 1000000;
    if (nanos >= 1000000000) {
      nanos -= 1000000000;
      now->tv_sec++;
    } else if (nanos < 0) {
      nanos += 1000000000;
      now->tv_sec--;
    }
    now->tv_nsec = nanos;
  }
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec exact;
  (void)zone;
  int result = clock_gettime(CLOCK_REALTIME, &exact);
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return result;
}

time_t time(time_t *now) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (now) *now = exact.tv_sec;
  return exact.tv_sec;
}
