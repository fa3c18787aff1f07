/* References that outlive the call that took them. Apache-2.0.
 *
 * A longterm pin for writing is a fixed buffer of io_uring, whose ring belongs to the
 * scene, so that the pin outlives the process that took it; a plain reference for
 * reading is a page in a pipe; a pin for reading needs the kernel's gup_test.
 */
#define _GNU_SOURCE
#include "witness.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct ring_area {
	unsigned char *queue, *results;
	struct io_uring_sqe *entries;
	struct io_uring_params p;
	int media; /* a file of one byte: what the device has, or takes */
};

static void *ring_map(int fd, size_t size, uint64_t what)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)what);

	return at == MAP_FAILED ? NULL : at;
}

int ring_make(struct handle *h)
{
	struct ring_area *a = calloc(1, sizeof(*a));
	struct io_uring_params *p = &a->p;

	h->ring = (int)syscall(SYS_io_uring_setup, 4, p);
	if (h->ring < 0)
		return -1;
	a->queue = ring_map(h->ring, p->sq_off.array + p->sq_entries * sizeof(unsigned),
			    IORING_OFF_SQ_RING);
	a->results = ring_map(h->ring,
			      p->cq_off.cqes + p->cq_entries * sizeof(struct io_uring_cqe),
			      IORING_OFF_CQ_RING);
	a->entries = ring_map(h->ring, p->sq_entries * sizeof(struct io_uring_sqe),
			      IORING_OFF_SQES);
	a->media = (int)syscall(SYS_memfd_create, "media", 0);
	h->area = a;
	return a->queue && a->results && a->entries && a->media >= 0 ? 0 : -1;
}

/* One byte through the pin: in, from the device to memory, or out. */
struct reply ring_dma(struct handle *h, size_t offset, int in, int value)
{
	struct ring_area *a = h->area;
	volatile unsigned *tail = (volatile unsigned *)(a->queue + a->p.sq_off.tail);
	volatile unsigned *head = (volatile unsigned *)(a->results + a->p.cq_off.head);
	unsigned mask = *(unsigned *)(a->queue + a->p.sq_off.ring_mask);
	unsigned *array = (unsigned *)(a->queue + a->p.sq_off.array);
	struct io_uring_cqe *results = (struct io_uring_cqe *)(a->results + a->p.cq_off.cqes);
	struct io_uring_sqe *entry = &a->entries[*tail & mask];
	unsigned char byte = (unsigned char)value;
	int code;

	if (pwrite(a->media, &byte, 1, 0) != 1)
		return failed("device");
	memset(entry, 0, sizeof(*entry));
	entry->opcode = in ? IORING_OP_READ_FIXED : IORING_OP_WRITE_FIXED;
	entry->fd = a->media;
	entry->addr = (uint64_t)(uintptr_t)(h->page->at + offset);
	entry->len = 1;
	array[*tail & mask] = *tail & mask;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, h->ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		return failed("io_uring_enter");
	code = results[*head & *(unsigned *)(a->results + a->p.cq_off.ring_mask)].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	errno = -code;
	if (code != 1 || pread(a->media, &byte, 1, 0) != 1)
		return failed("fixed buffer");
	return say(DONE, byte, "");
}

struct reply ring_release(struct handle *h)
{
	if (syscall(SYS_io_uring_register, h->ring, IORING_UNREGISTER_BUFFERS, NULL, 0) < 0)
		return failed("unregister fixed buffer");
	return say(DONE, 0, "");
}

static struct reply ring_hold(const struct request *r)
{
	struct iovec whole = { r->at, r->size };

	if (syscall(SYS_io_uring_register, r->fd[0], IORING_REGISTER_BUFFERS, &whole, 1) < 0)
		return failed("register fixed buffer");
	return say(DONE, 0, "");
}

/* Of a small page its whole content goes into one buffer of the pipe, of a large one a
 * byte of each slot. */
static struct reply pipe_hold(const struct request *r)
{
	int parts = r->size > SMALL ? 2 : 1, count = r->times > parts ? r->times : parts;
	struct iovec *list = calloc((size_t)count, sizeof(*list));
	int left = count;
	ssize_t moved;

	if (count > 16 && fcntl(r->fd[1], F_SETPIPE_SZ, count * (int)SMALL) < 0)
		return failed("pipe of that size");
	for (int i = 0; i < count; i++) {
		list[i].iov_base = parts == 2 ? r->at + r->offset[i & 1] : r->at;
		list[i].iov_len = parts == 2 ? 1 : SMALL;
	}
	while (left) {
		moved = vmsplice(r->fd[1], list + count - left, left > 512 ? 512 : (size_t)left, 0);
		if (moved <= 0)
			break;
		left -= (int)(moved / (ssize_t)list->iov_len);
	}
	free(list);
	return left ? failed("vmsplice") : say(DONE, 0, "");
}

/* Read a copy of what the pipe holds, which leaves the reference in the pipe. */
struct reply pipe_look(int fd, size_t size, const size_t offset[2], int slot)
{
	static unsigned char content[SMALL];
	size_t wanted = size > SMALL ? 2 : SMALL;
	int copy[2];
	ssize_t got = -1;

	if (pipe(copy))
		return failed("pipe");
	if (tee(fd, copy[1], wanted, SPLICE_F_NONBLOCK) == (ssize_t)wanted)
		got = read(copy[0], content, wanted);
	close(copy[0]);
	close(copy[1]);
	if (got != (ssize_t)wanted)
		return failed("look into the pipe");
	return say(DONE, content[size > SMALL ? (size_t)slot : offset[slot]], "");
}

struct reply pipe_drain(int fd)
{
	static unsigned char content[SMALL];

	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (read(fd, content, sizeof(content)) > 0)
		;
	return say(DONE, 0, "");
}

#define GUP_START _IOW('g', 7, struct gup_area)
#define GUP_READ _IOW('g', 9, uint64_t)

struct gup_area {
	uint64_t at, size;
	uint32_t flags; /* 1: for writing, 2: GUP-fast */
};

static struct reply gup_hold(const struct request *r)
{
	struct gup_area area = { (uint64_t)(uintptr_t)r->at, r->size, (uint32_t)r->value[0] };

	if (ioctl(r->fd[0], GUP_START, &area))
		return failed("gup_test");
	return say(DONE, 0, "");
}

struct reply gup_look(const struct handle *h, size_t offset)
{
	unsigned char *content = malloc(h->page->size);
	uint64_t to = (uint64_t)(uintptr_t)content;
	struct reply answer;

	if (ioctl(h->gup, GUP_READ, &to))
		answer = failed("gup_test");
	else
		answer = say(DONE, content[offset], "");
	free(content);
	return answer;
}

struct reply hold(const struct request *r)
{
	if (!strcmp(r->verb, "ring_hold"))
		return ring_hold(r);
	if (!strcmp(r->verb, "pipe_hold"))
		return pipe_hold(r);
	if (!strcmp(r->verb, "gup_hold"))
		return gup_hold(r);
	return say(SKIP, 0, "the witness cannot do this");
}
