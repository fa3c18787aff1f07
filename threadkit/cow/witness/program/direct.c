/* A block device whose answers wait: O_DIRECT that stays under way. Apache-2.0.
 *
 * A network block device whose server is this program. A single sector read at HELD waits
 * until the scenario says that the device's data arrive; all else reads as zeros.
 */
#define _GNU_SOURCE
#include "witness.h"
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/nbd.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DEVICES 16
#define SECTOR 512UL
#define SECTORS 8192UL
#define HELD (SECTOR * SECTORS / 2)

#define JUNK (1UL << 20)
#define FULL (1 << 16) /* a socket takes more than this, and less than JUNK */

int direct_device = -1;

static char device[32]; /* the path of the one that is ours */
static int server = -1, control = -1, started;
static struct nbd_request waiting;
static volatile int is_waiting, arrived;
static volatile int jammed; /* the server does not read what is written to the device */
static volatile int written = -1; /* what the waiting write brought */

static int send_all(const void *bytes, size_t size)
{
	return send(server, bytes, size, MSG_NOSIGNAL) == (ssize_t)size ? 0 : -1;
}

static int answer_header(const struct nbd_request *asked, int error)
{
	struct nbd_reply header = { .magic = htonl(NBD_REPLY_MAGIC), .error = htonl((uint32_t)error) };

	memcpy(header.handle, asked->handle, sizeof(header.handle));
	return send_all(&header, sizeof(header));
}

/* Data of a write. That to HELD is kept for the scenario, and not answered. */
static void accept_write(const struct nbd_request *asked)
{
	unsigned char data[SECTOR];

	while (jammed)
		usleep(1000);
	for (size_t got = 0; got < ntohl(asked->len); got += SECTOR)
		if (recv(server, data, SECTOR, MSG_WAITALL) != (ssize_t)SECTOR)
			return;
	if (be64toh(asked->from) != HELD) {
		answer_header(asked, 0);
		return;
	}
	written = data[0];
	waiting = *asked;
	is_waiting = 1;
}

static void *serve(void *unused)
{
	static const unsigned char zeros[SECTOR];
	struct nbd_request asked;

	(void)unused;
	while (recv(server, &asked, sizeof(asked), MSG_WAITALL) == (ssize_t)sizeof(asked)) {
		if (ntohl(asked.type) == NBD_CMD_DISC)
			break;
		if (ntohl(asked.type) == NBD_CMD_WRITE) {
			accept_write(&asked);
			continue;
		}
		if (ntohl(asked.type) == NBD_CMD_READ && be64toh(asked.from) == HELD &&
		    ntohl(asked.len) == SECTOR) {
			waiting = asked;
			is_waiting = 1;
			continue;
		}
		answer_header(&asked, 0);
		for (size_t sent = 0; sent < ntohl(asked.len); sent += SECTOR)
			send_all(zeros, SECTOR);
	}
	return NULL;
}

static void *drive(void *unused)
{
	ioctl(control, NBD_DO_IT);
	return unused;
}

/* The first opening after the start reads the partition table; it must not be an actor's,
 * whose read would wait behind what the scenario holds up. So all use this descriptor. */
static int open_ready(void)
{
	static unsigned char sector[SECTOR] __attribute__((aligned(4096)));

	for (int turn = 0; turn < 100; turn++) {
		int fd = open(device, O_RDWR | O_DIRECT);

		if (fd >= 0 && pread(fd, sector, SECTOR, 0) == (ssize_t)SECTOR)
			return fd;
		if (fd >= 0)
			close(fd);
		usleep(10000); /* it comes up in NBD_DO_IT, which returns only at the end */
	}
	return -1;
}

/* A device in use has a file "pid". It is also asked to take our socket before anything
 * else is set: one that somebody was quicker to take refuses, and stays as it is. */
static int take_free(int number, int socket)
{
	char path[48];

	snprintf(path, sizeof(path), "/sys/block/nbd%d", number);
	if (access(path, F_OK))
		return -1;
	snprintf(path, sizeof(path), "/sys/block/nbd%d/pid", number);
	if (!access(path, F_OK))
		return -1;
	snprintf(device, sizeof(device), "/dev/nbd%d", number);
	control = open(device, O_RDWR | O_EXCL);
	if (control < 0)
		return -1;
	if (!ioctl(control, NBD_SET_SOCK, socket))
		return 0;
	close(control);
	return -1;
}

/* Returns 0 when the device is there. Called once, before there are other processes. */
int direct_start(void)
{
	int ends[2], number = 0;
	pthread_t thread;

	if (started)
		return direct_device < 0 ? -1 : 0;
	started = 1;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return -1;
	while (number < DEVICES && take_free(number, ends[1]))
		number++;
	if (number == DEVICES)
		return -1;
	server = ends[0]; /* from here on the device is ours, and direct_stop() clears it */
	if (ioctl(control, NBD_SET_BLKSIZE, SECTOR) ||
	    ioctl(control, NBD_SET_SIZE_BLOCKS, SECTORS) ||
	    pthread_create(&thread, NULL, serve, NULL) || pthread_create(&thread, NULL, drive, NULL))
		return -1;
	direct_device = open_ready();
	return direct_device < 0 ? -1 : 0;
}

/* Answer all that waits, so that every process can end. */
void direct_stop(void)
{
	if (server < 0)
		return;
	jammed = 0;
	if (is_waiting || arrived)
		direct_end();
	ioctl(control, NBD_DISCONNECT);
	ioctl(control, NBD_CLEAR_SOCK);
}

/* In the actor: submit and do not wait. */
struct reply direct_begin(const struct request *r)
{
	static aio_context_t context;
	static pid_t owner;
	struct iocb block = { 0 }, *list = &block;

	if (owner != getpid()) {
		context = 0;
		if (syscall(SYS_io_setup, 4, &context))
			return failed("io_setup");
		owner = getpid();
	}
	block.aio_lio_opcode = IOCB_CMD_PREAD;
	block.aio_fildes = (uint32_t)r->fd[0];
	block.aio_buf = (uint64_t)(uintptr_t)(r->at + r->offset[0]);
	block.aio_nbytes = SECTOR;
	block.aio_offset = (int64_t)HELD;
	if (syscall(SYS_io_submit, context, 1, &list) != 1)
		return failed("O_DIRECT read");
	return say(DONE, 0, "");
}

/* Fill the way to the device: a large write whose data nobody takes. Whatever is written
 * after it waits in the kernel, with its pages held, and is read only when it is sent.
 * Returns 0 when the way is full. */
int direct_jam(void)
{
	int queued = 0, before, still = 0;

	jammed = 1;
	if (!fork()) {
		void *junk = mmap(NULL, JUNK, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

		_exit(pwrite(direct_device, junk, JUNK, 0) != (ssize_t)JUNK);
	}
	/* Full is what does not grow any more; a busy machine may be slow to begin. */
	for (int turn = 0; turn < 500 && still < 5; turn++) {
		before = queued;
		usleep(10000);
		if (ioctl(server, FIONREAD, &queued))
			return -1;
		still = queued > FULL && queued == before ? still + 1 : 0;
	}
	return still < 5 ? -1 : 0;
}

struct writing {
	int device;
	const unsigned char *from;
};

static void *write_out(void *what)
{
	const struct writing *w = what;

	if (pwrite(w->device, w->from, SECTOR, (off_t)HELD) < 0)
		return what; /* nobody asks: the server sees what came */
	return NULL;
}

/* In the actor: a thread writes, and waits. */
struct reply direct_write_begin(const struct request *r)
{
	static struct writing now;
	pthread_t thread;

	now.device = r->fd[0];
	now.from = r->at + r->offset[0];
	errno = pthread_create(&thread, NULL, write_out, &now);
	if (errno)
		return failed("thread");
	usleep(30000);
	return say(DONE, 0, "");
}

static int wait_for_request(void)
{
	for (int turn = 0; turn < 200 && !is_waiting; turn++)
		usleep(5000);
	return is_waiting;
}

/* All but the last byte: the data are in memory, the read is not done. */
struct reply direct_arrive(int value)
{
	unsigned char data[SECTOR - 1];

	if (!wait_for_request())
		return say(SKIP, 0, "the read did not reach the device");
	memset(data, value, sizeof(data));
	if (answer_header(&waiting, 0) || send_all(data, sizeof(data)))
		return failed("device");
	arrived = 1;
	usleep(20000); /* the driver's own thread copies what was sent */
	return say(DONE, 0, "");
}

/* What the device gets: the content of the page now, as nothing was sent before. */
struct reply direct_take(void)
{
	jammed = 0;
	if (!wait_for_request() || written < 0)
		return say(SKIP, 0, "the write did not reach the device");
	return say(DONE, written, "");
}

struct reply direct_end(void)
{
	static const unsigned char last;
	int wrong;

	jammed = 0;
	if (!wait_for_request())
		return say(SKIP, 0, "what was begun did not reach the device");
	wrong = arrived ? send_all(&last, 1) : answer_header(&waiting, written < 0 ? EIO : 0);
	is_waiting = arrived = 0;
	written = -1;
	usleep(20000);
	return wrong ? failed("device") : say(DONE, 0, "");
}
