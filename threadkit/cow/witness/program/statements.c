/* Statements of a scenario, and looking at what they did. Apache-2.0. */
#define _GNU_SOURCE
#include "witness.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct reply look(const struct handle *h, int slot)
{
	if (h->holder == RING)
		return ring_dma((struct handle *)h, h->page->slot[slot], 0, 0);
	if (h->holder == PIPE)
		return pipe_look(h->pipe[0], h->page->size, h->page->slot, slot);
	if (h->holder == GUP_TEST)
		return gup_look(h, h->page->slot[slot]);
	if (h->holder == DIRECT_WRITE)
		return direct_take();
	return say(SKIP, 0, "what a read under way holds cannot be looked at");
}

static struct reply take(struct actor *who, struct handle *h, struct page *page)
{
	static const char *const verbs[] = { "", "ring_hold", "pipe_hold", "gup_hold",
					     "direct_begin", "direct_write" };
	struct request request = about(verbs[h->holder], page);
	struct reply answer;

	request.times = number("times") ? number("times") : 1;
	request.fd[0] = h->holder == RING ? h->ring : h->holder == PIPE ? h->pipe[0] : h->gup;
	request.fd[1] = h->pipe[1];
	if (h->holder == GUP_TEST)
		request.value[0] = number("flags");
	if (h->holder == DIRECT_WRITE && direct_jam())
		return say(SKIP, 0, "the way to the device does not fill");
	if (h->holder == DIRECT || h->holder == DIRECT_WRITE) {
		request.fd[0] = direct_device;
		request.offset[0] = page->slot[number("slot")];
	}
	h->page = page;
	answer = ask(who, &request);
	if (answer.status == DONE)
		h->frame = frame_of(who->pid, page->at);
	return answer;
}

static struct reply release(struct handle *h)
{
	h->frame = 0;
	if (h->holder == RING)
		return ring_release(h);
	if (h->holder == PIPE)
		return pipe_drain(h->pipe[0]);
	if (h->holder == DIRECT || h->holder == DIRECT_WRITE)
		return direct_end();
	close(h->gup);
	return say(DONE, 0, "");
}

static struct reply be_born(struct actor *who, struct actor *child)
{
	struct request request = about("fork", NULL);
	struct reply answer;

	request.fd[0] = child->theirs;
	answer = ask(who, &request);
	child->pid = answer.status == DONE ? (pid_t)answer.value : 0;
	return answer.status == DONE ? say(DONE, 0, "") : answer;
}

/* A process that ends drops its memory before it is a zombie, and after it is nobody's any
 * more; only the zombie, or nothing, tells that the memory is gone. */
static int has_left(pid_t pid)
{
	char path[40], text[512] = "", state = 'R';
	int fd, threads = 1;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return 1;
	if (read(fd, text, sizeof(text) - 1) <= 0)
		state = 'X';
	close(fd);
	if (strrchr(text, ')')) /* behind the name: state, and the number of threads */
		sscanf(strrchr(text, ')'),
		       ") %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %d",
		       &state, &threads);
	return (state == 'Z' || state == 'X') && threads <= 1;
}

static int is_direct(void)
{
	for (int i = 0; i < handle_count; i++)
		if (handles[i].frame && handles[i].holder == DIRECT)
			return 1;
	return 0;
}

static struct reply leave(struct actor *who)
{
	struct request request = about("exit", NULL);
	struct reply answer = ask(who, &request);

	if (answer.status != DONE)
		return answer;
	/* With direct I/O under way a process cannot end before the device is done: it has
	 * begun to, which is all that the scenario can have. */
	for (int turn = 0; turn < 6000; turn++) {
		if (has_left(who->pid) || (turn > 100 && is_direct())) {
			who->pid = -1;
			return answer;
		}
		usleep(500);
	}
	return say(SKIP, 0, "blocked: the process does not end");
}

static int is_held(const struct page *page)
{
	for (int i = 0; i < handle_count; i++)
		if (handles[i].frame && handles[i].page == page)
			return 1;
	return 0;
}

static struct reply by_kernel(const char *verb, struct page *page, struct actor *process)
{
	struct actor *other = actor_named(field("other_process"));
	struct page *twin = page_named(field("other"));
	struct handle *h = handle_named(field("handle"));
	struct request request;
	struct reply answer;

	if (!strcmp(verb, "dma_in"))
		return h->holder == RING ? ring_dma(h, h->page->slot[number("slot")], 1,
						    number("value")) :
		       h->holder == DIRECT ? direct_arrive(number("value")) :
					     say(SKIP, 0, "this reference was not taken for writing");
	if (!strcmp(verb, "dma_out"))
		return look(h, number("slot"));
	if (!strcmp(verb, "ksm_merge"))
		return ksm_pass(process->pid, page->at, other->pid, twin->at);
	if (!strcmp(verb, "swap_in")) {
		request = about("madvise", page);
		strcpy(request.word, "WILLNEED");
		return ask(process, &request);
	}
	answer = leave_for_swap(process, page);
	if (answer.status == DONE && !answer.value && !is_held(page))
		return say(SKIP, 0, "the kernel kept a page that nobody holds");
	return answer;
}

static struct reply by_process(struct actor *who, const char *verb, struct page *page)
{
	struct actor *process = actor_named(field("process"));
	struct handle *h = handle_named(field("handle"));
	struct request request = about(verb, page);

	if (!strcmp(verb, "fork"))
		return be_born(who, process);
	if (!strcmp(verb, "exit"))
		return leave(who);
	if (!strcmp(verb, "take"))
		return take(who, h, page);
	request.offset[0] = page ? page->slot[number("slot")] : 0;
	request.value[0] = number("value");
	request.pid = process ? process->pid : 0;
	snprintf(request.word, sizeof(request.word), "%s", field("word"));
	if (h) { /* pipe_look */
		request = about(verb, h->page);
		request.fd[0] = h->pipe[0];
		request.value[0] = number("slot");
	}
	return ask(who, &request);
}

/* op INDEX ACTOR VERB field=value... */
struct reply perform(void)
{
	struct actor *who = actor_named(words[2]);
	struct page *page = page_named(field("page"));

	if (!strcmp(words[3], "release"))
		return release(handle_named(field("handle")));
	if (who)
		return by_process(who, words[3], page);
	return by_kernel(words[3], page, actor_named(field("process")));
}

/* --- looking ------------------------------------------------------------------- */

void state_line(void)
{
	struct actor *who = actor_named(words[2]);
	struct page *page = page_named(words[3]);
	size_t offset = word_count > 4 ? page->slot[atoi(words[4])] : 0;
	uint64_t entry = who->pid > 0 ? pagemap(who->pid, page->at + offset) : 0;
	uint64_t frame = entry >> 63 ? entry & ((1UL << 55) - 1) : 0;

	dprintf(1, "@state %s %d %d %lu %lu\n", words[1], (int)(entry >> 63),
		(int)(entry >> 62 & 1), (unsigned long)frame, (unsigned long)flags_at(who->pid, page->at, frame));
}

struct reply see(void)
{
	struct request request;
	struct page *page;

	if (!strcmp(words[2], "counter"))
		return say(DONE, counters->uffd_events, "");
	if (!strcmp(words[2], "reference"))
		return look(handle_named(words[3]), atoi(words[4]));
	page = page_named(words[4]);
	request = about("read", page);
	request.offset[0] = page->slot[atoi(words[5])];
	return ask(actor_named(words[3]), &request);
}
