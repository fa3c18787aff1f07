/* What an actor does to its own address space. Apache-2.0. */
#define _GNU_SOURCE
#include "witness.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static __thread sigjmp_buf escape;

static void fault(int number)
{
	siglongjmp(escape, number);
}

static void watch_faults(void)
{
	struct sigaction action = { .sa_handler = fault, .sa_flags = SA_NODEFER };

	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

struct reply load(const struct request *r)
{
	watch_faults();
	if (sigsetjmp(escape, 1))
		return say(SEGV, FAULTED, "");
	return say(DONE, *(volatile unsigned char *)(r->at + r->offset[0]), "");
}

struct reply store(const struct request *r)
{
	watch_faults();
	if (sigsetjmp(escape, 1))
		return say(SEGV, FAULTED, "");
	*(volatile unsigned char *)(r->at + r->offset[0]) = (unsigned char)r->value[0];
	return say(DONE, 0, "");
}

/* A file with the content of the page; a memfd for shmem. */
static int backing(const struct request *r, int shmem)
{
	char path[240];
	int fd;

	if (shmem) {
		fd = (int)syscall(SYS_memfd_create, "witness", 0);
	} else {
		snprintf(path, sizeof(path), "%s/page-XXXXXX", settings.work);
		fd = mkstemp(path);
		if (fd >= 0)
			unlink(path);
	}
	if (fd < 0 || ftruncate(fd, (off_t)r->size) < 0)
		return -1;
	for (int slot = 0; slot < 2; slot++) {
		unsigned char byte = (unsigned char)r->value[slot];

		if (pwrite(fd, &byte, 1, (off_t)r->offset[slot]) != 1)
			return -1;
	}
	return fd;
}

static int is_huge(const unsigned char *at)
{
	return kilobytes_of("AnonHugePages", getpid(), at) >= HUGE / 1024;
}

static void fill(const struct request *r)
{
	for (int slot = 0; slot < 2; slot++)
		*(volatile unsigned char *)(r->at + r->offset[slot]) =
			(unsigned char)r->value[slot];
}

static int has(const struct request *r, const char *word)
{
	return strstr(r->word, word) != NULL;
}

/* Giving back all parts but those of the two slots splits the PMD and not the page, and
 * leaves two entries, as the scenario has. */
static int keep_two_parts(const struct request *r)
{
	size_t rest = r->size / 2 - SMALL;

	return madvise(r->at + SMALL, rest, MADV_DONTNEED) ||
	       madvise(r->at + r->offset[1] + SMALL, rest, MADV_DONTNEED);
}

static struct reply finish_anon(const struct request *r, int writable)
{
	if (has(r, "thp") && madvise(r->at, r->size, MADV_HUGEPAGE))
		return failed("madvise HUGEPAGE");
	if (has(r, "zeropage"))
		(void)*(volatile unsigned char *)r->at;
	else if (!has(r, "unfaulted"))
		fill(r);
	if (has(r, "thp") && !is_huge(r->at))
		return say(SKIP, 0, "the kernel gave no huge page");
	if (has(r, "pte_mapped") && keep_two_parts(r))
		return failed("mapping a huge page by parts");
	if (has(r, "mergeable") && madvise(r->at, r->size, MADV_MERGEABLE))
		return failed("madvise MERGEABLE");
	if (!writable && mprotect(r->at, r->size, PROT_READ))
		return failed("mprotect");
	return say(DONE, 0, "");
}

struct reply map_page(const struct request *r)
{
	int from_file = has(r, "file") || has(r, "shmem"), writable = has(r, "rw");
	int flags = MAP_PRIVATE | MAP_FIXED, bits = PROT_READ | PROT_WRITE, fd = -1;

	if (from_file) {
		fd = backing(r, has(r, "shmem"));
		bits = PROT_READ | (writable ? PROT_WRITE : 0);
		if (fd < 0)
			return failed("file to map");
	} else {
		flags |= MAP_ANONYMOUS | (has(r, "hugetlb") ? MAP_HUGETLB : 0);
	}
	if (mmap(r->at, r->size, bits, flags, fd, 0) == MAP_FAILED)
		return failed(has(r, "hugetlb") ? "no huge page is free (vm.nr_hugepages)" : "mmap");
	if (!from_file)
		return finish_anon(r, writable);
	close(fd);
	if (!has(r, "unfaulted"))
		(void)*(volatile unsigned char *)r->at;
	return say(DONE, 0, "");
}

/* Without soft-dirty bits the kernel takes the write and write-protects nothing. */
static int soft_dirty_works(void)
{
	unsigned char *probe = mmap(NULL, SMALL, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int works;

	if (probe == MAP_FAILED)
		return 0;
	*(volatile unsigned char *)probe = 1;
	works = pagemap(getpid(), probe) >> 55 & 1;
	munmap(probe, SMALL);
	return works;
}

struct reply clear_refs(void)
{
	if (!soft_dirty_works())
		return say(SKIP, 0, "kernel without soft-dirty bits (CONFIG_MEM_SOFT_DIRTY)");
	if (write_file("/proc/self/clear_refs", "4"))
		return failed("clear_refs");
	return say(DONE, 0, "");
}

static int uffd_fd = -1;
static pid_t uffd_owner;

static int uffd_protect(unsigned long at, unsigned long size, int on)
{
	struct uffdio_writeprotect change = { { at, size },
					      on ? UFFDIO_WRITEPROTECT_MODE_WP : 0 };

	return ioctl(uffd_fd, UFFDIO_WRITEPROTECT, &change);
}

/* Answers each write fault by taking the protection away. */
static void *uffd_monitor(void *unused)
{
	struct uffd_msg message;

	(void)unused;
	while (read(uffd_fd, &message, sizeof(message)) == (ssize_t)sizeof(message)) {
		if (message.event != UFFD_EVENT_PAGEFAULT)
			continue;
		counters->uffd_events++;
		uffd_protect(message.arg.pagefault.address & ~(SMALL - 1), SMALL, 0);
	}
	return NULL;
}

static int uffd_open(uint64_t features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	pthread_t thread;

	if (uffd_owner == getpid())
		return 0;
	uffd_fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	if (uffd_fd < 0 || ioctl(uffd_fd, UFFDIO_API, &api))
		return -1;
	uffd_owner = getpid();
	errno = pthread_create(&thread, NULL, uffd_monitor, NULL);
	return errno ? -1 : 0;
}

static struct reply uffd_continue(const struct request *r)
{
#ifdef UFFDIO_CONTINUE
	struct uffdio_register area = { .range = { (unsigned long)r->at, r->size },
					.mode = UFFDIO_REGISTER_MODE_MINOR };
	struct uffdio_continue go = { .range = area.range };

	if (uffd_open(UFFD_FEATURE_MINOR_SHMEM))
		return failed("userfaultfd for minor faults");
	if (ioctl(uffd_fd, UFFDIO_REGISTER, &area))
		return failed("userfaultfd for minor faults");
	/* A page that is mapped already needs nothing. */
	if (ioctl(uffd_fd, UFFDIO_CONTINUE, &go) && errno != EEXIST)
		return failed("UFFDIO_CONTINUE");
	ioctl(uffd_fd, UFFDIO_UNREGISTER, &area.range);
	return say(DONE, 0, "");
#else
	(void)r;
	return say(SKIP, 0, "compiled without UFFDIO_CONTINUE");
#endif
}

struct reply uffd(const struct request *r)
{
	struct uffdio_register area = { .range = { (unsigned long)r->at, r->size },
					.mode = UFFDIO_REGISTER_MODE_WP };
	int on = !strcmp(r->verb, "uffd_wp");

	if (!strcmp(r->verb, "uffd_continue"))
		return uffd_continue(r);
	if (uffd_open(UFFD_FEATURE_PAGEFAULT_FLAG_WP))
		return failed("userfaultfd");
	if (on && ioctl(uffd_fd, UFFDIO_REGISTER, &area))
		return failed("userfaultfd write protection");
	if (uffd_protect((unsigned long)r->at, r->size, on))
		return failed("UFFDIO_WRITEPROTECT");
	return say(DONE, 0, "");
}
