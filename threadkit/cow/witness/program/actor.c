/* An actor: waits for requests at its socket, does them, answers. Apache-2.0. */
#define _GNU_SOURCE
#include "witness.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

pid_t witness_pid;
static volatile pid_t parent_at_birth;

/* The parent has ended, or a thread of it. An actor outlives its parent and is then the
 * program's own child; without the program nobody would end it. */
static void parent_gone(int unused)
{
	pid_t now = getppid();

	(void)unused;
	if (now != witness_pid && now != parent_at_birth)
		_exit(0);
}

/* Notice the end of a parent, also one that came before this call. */
void end_with(pid_t parent)
{
	struct sigaction action = { .sa_handler = parent_gone, .sa_flags = SA_RESTART };

	parent_at_birth = parent;
	sigaction(SIGUSR1, &action, NULL);
	prctl(PR_SET_PDEATHSIG, SIGUSR1);
	parent_gone(0);
}

struct reply say(int status, long value, const char *why)
{
	struct reply answer = { status, value, "" };

	snprintf(answer.why, sizeof(answer.why), "%s", why);
	return answer;
}

/* Turn errno into an answer: a bad address is what the scenario asks about, the rest
 * is something this kernel does not let us do. */
struct reply failed(const char *what)
{
	char why[160];

	if (errno == EFAULT || errno == EIO)
		return say(SEGV, FAULTED, "");
	snprintf(why, sizeof(why), "%s: %s", what, strerror(errno));
	return say(SKIP, 0, why);
}

static struct reply result(int code, const char *what)
{
	return code < 0 ? failed(what) : say(DONE, 0, "");
}

static void *thread_main(void *fd)
{
	actor_loop((int)(long)fd);
	return NULL;
}

static struct reply start_thread(const struct request *r)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, thread_main, (void *)(long)r->fd[0]);
	if (errno)
		return failed("thread");
	return say(DONE, 0, "");
}

static struct reply start_child(const struct request *r)
{
	pid_t parent = getpid(), pid = fork();

	if (!pid) {
		end_with(parent);
		actor_loop(r->fd[0]);
		_exit(0);
	}
	return pid < 0 ? failed("fork") : say(DONE, pid, "");
}

/* The new program has none of the old pages; it listens at the same socket. */
static struct reply start_program(int fd)
{
	char number[16], owner[16];
	char *arguments[] = { "witness", "actor", number, owner, NULL };

	snprintf(number, sizeof(number), "%d", fd);
	snprintf(owner, sizeof(owner), "%d", (int)witness_pid);
	execv("/proc/self/exe", arguments);
	return failed("exec");
}

static struct reply protect(const struct request *r)
{
	int bits = PROT_NONE;

	if (r->word[0] == 'r')
		bits = PROT_READ | (r->word[1] == 'w' ? PROT_WRITE : 0);
	if (!mprotect(r->at, r->size, bits))
		return say(DONE, 0, "");
	return errno == ENOMEM ? say(SEGV, FAULTED, "") : failed("mprotect");
}

static struct reply advise(const struct request *r)
{
	static const struct { const char *word; int number; } known[] = {
		{ "DONTFORK", 10 }, { "DOFORK", 11 }, { "DONTNEED", 4 }, { "MERGEABLE", 12 },
		{ "UNMERGEABLE", 13 }, { "PAGEOUT", 21 }, { "WIPEONFORK", 18 },
		{ "COLLAPSE", 25 }, { "WILLNEED", 3 },
	};
	char what[80];

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].word, r->word))
			continue;
		if (!madvise(r->at, r->size, known[i].number))
			return say(DONE, 0, "");
		snprintf(what, sizeof(what), "madvise %s", r->word);
		return failed(what);
	}
	return say(SKIP, 0, "advice not known");
}

static struct reply other_memory(const struct request *r, int write_it)
{
	unsigned char byte = (unsigned char)r->value[0];
	struct iovec here = { &byte, 1 }, there = { r->at + r->offset[0], 1 };
	ssize_t moved = write_it ? process_vm_writev(r->pid, &here, 1, &there, 1, 0) :
				   process_vm_readv(r->pid, &here, 1, &there, 1, 0);

	return moved == 1 ? say(DONE, byte, "") : failed("process_vm");
}

/* What ptrace reads and writes with, FOLL_FORCE included. */
static struct reply forced_memory(const struct request *r, int write_it)
{
	unsigned char byte = (unsigned char)r->value[0];
	off_t at = (off_t)(uintptr_t)(r->at + r->offset[0]);
	char path[40];
	ssize_t moved;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)r->pid);
	fd = open(path, write_it ? O_WRONLY : O_RDONLY);
	if (fd < 0)
		return failed("open mem of the other process");
	moved = write_it ? pwrite(fd, &byte, 1, at) : pread(fd, &byte, 1, at);
	struct reply answer = moved == 1 ? say(DONE, byte, "") : failed("forced access");
	close(fd);
	return answer;
}

static struct reply act(const struct request *r)
{
	const char *verb = r->verb;

	if (!strcmp(verb, "read"))
		return load(r);
	if (!strcmp(verb, "write"))
		return store(r);
	if (!strcmp(verb, "map"))
		return map_page(r);
	if (!strcmp(verb, "thread"))
		return start_thread(r);
	if (!strcmp(verb, "fork"))
		return start_child(r);
	if (!strcmp(verb, "munmap"))
		return result(munmap(r->at, r->size), "munmap");
	if (!strcmp(verb, "mprotect"))
		return protect(r);
	if (!strcmp(verb, "madvise"))
		return advise(r);
	if (!strcmp(verb, "clear_refs"))
		return clear_refs();
	if (!strncmp(verb, "uffd", 4))
		return uffd(r);
	if (!strncmp(verb, "process_vm", 10))
		return other_memory(r, !strcmp(verb, "process_vm_writev"));
	if (!strncmp(verb, "ptrace", 6))
		return forced_memory(r, !strcmp(verb, "ptrace_write"));
	if (!strcmp(verb, "direct_begin"))
		return direct_begin(r);
	if (!strcmp(verb, "direct_write"))
		return direct_write_begin(r);
	if (!strcmp(verb, "pipe_look"))
		return pipe_look(r->fd[0], r->size, r->offset, r->value[0]);
	if (!strcmp(verb, "pipe_drain"))
		return pipe_drain(r->fd[0]);
	return hold(r);
}

void actor_loop(int fd)
{
	struct request request;
	struct reply answer;

	signal(SIGCHLD, SIG_IGN); /* children vanish by themselves */
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	while (recv(fd, &request, sizeof(request), 0) == (ssize_t)sizeof(request)) {
		if (!strcmp(request.verb, "exec"))
			answer = start_program(fd);
		else if (!strcmp(request.verb, "exit"))
			answer = say(DONE, 0, "");
		else
			answer = act(&request);
		if (send(fd, &answer, sizeof(answer), 0) < 0 || !strcmp(request.verb, "exit"))
			_exit(0);
	}
	_exit(0);
}
