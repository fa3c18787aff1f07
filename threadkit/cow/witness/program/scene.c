/* The scene: passes the instructions of one scenario to its actors. Apache-2.0. */
#define _GNU_SOURCE
#include "witness.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#define FIRST_ADDRESS 0x200000000UL
#define ADDRESS_STEP (16UL << 20)
#define TWIN (8UL << 20)
#define PATIENCE 3000 /* ms until an actor counts as blocked */
#define MOST_WORDS 24

static struct page pages[MOST_PAGES];
static struct actor actors[MOST_ACTORS];
static struct handle handles[MOST_HANDLES];
static int page_count, actor_count, handle_count;
static char *words[MOST_WORDS];
static int word_count;

static void split(char *line)
{
	word_count = 0;
	for (char *word = strtok(line, " \n"); word && word_count < MOST_WORDS;
	     word = strtok(NULL, " \n"))
		words[word_count++] = word;
}

static const char *field(const char *name)
{
	size_t length = strlen(name);

	for (int i = 0; i < word_count; i++)
		if (!strncmp(words[i], name, length) && words[i][length] == '=')
			return words[i] + length + 1;
	return "";
}

static int number(const char *name)
{
	return atoi(field(name));
}

static struct page *page_named(const char *name)
{
	for (int i = 0; i < page_count; i++)
		if (!strcmp(pages[i].name, name))
			return &pages[i];
	return NULL;
}

static struct actor *actor_named(const char *name)
{
	for (int i = 0; i < actor_count; i++)
		if (!strcmp(actors[i].name, name))
			return &actors[i];
	return NULL;
}

static struct handle *handle_named(const char *name)
{
	for (int i = 0; i < handle_count; i++)
		if (!strcmp(handles[i].name, name))
			return &handles[i];
	return NULL;
}

static struct reply ask(struct actor *who, const struct request *request)
{
	struct pollfd ready = { .fd = who->ours, .events = POLLIN };
	struct reply answer;

	if (who->pid <= 0)
		return say(SKIP, 0, "asked of a process that is not there");
	if (send(who->ours, request, sizeof(*request), MSG_NOSIGNAL) < 0)
		return failed("asking an actor");
	if (poll(&ready, 1, PATIENCE) != 1)
		return say(SKIP, 0, "blocked: no answer within 3 s");
	if (recv(who->ours, &answer, sizeof(answer), 0) != (ssize_t)sizeof(answer))
		return failed("hearing an actor");
	return answer;
}

static struct request about(const char *verb, const struct page *page)
{
	struct request request = { .times = 1 };

	snprintf(request.verb, sizeof(request.verb), "%s", verb);
	if (page) {
		request.at = page->at;
		request.size = page->size;
		memcpy(request.offset, page->slot, sizeof(page->slot));
		memcpy(request.value, page->content, sizeof(page->content));
	}
	return request;
}

/* --- what there is ------------------------------------------------------------- */

static void declare_page(void)
{
	struct page *page = &pages[page_count];
	int large;

	snprintf(page->name, sizeof(page->name), "%s", words[1]);
	snprintf(page->kind, sizeof(page->kind), "%s", words[2]);
	page->writable = !strcmp(words[3], "rw");
	page->content[0] = atoi(words[4]);
	page->content[1] = atoi(words[5]);
	for (int i = 6; i < word_count; i++) {
		strncat(page->words, " ", sizeof(page->words) - strlen(page->words) - 1);
		strncat(page->words, words[i], sizeof(page->words) - strlen(page->words) - 1);
	}
	large = !strcmp(page->kind, "thp") || !strcmp(page->kind, "hugetlb");
	page->size = large ? HUGE : SMALL;
	page->slot[1] = page->size / 2;
	page->at = (unsigned char *)(FIRST_ADDRESS + (unsigned long)page_count++ * ADDRESS_STEP);
}

static void declare_actor(void)
{
	struct actor *who = &actors[actor_count++];
	int ends[2];

	snprintf(who->name, sizeof(who->name), "%s", words[1]);
	snprintf(who->process, sizeof(who->process), "%s", words[3]);
	who->thread = !strcmp(words[2], "thread");
	if (!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends)) {
		who->ours = ends[0];
		who->theirs = ends[1];
	}
}

/* Since 6.5 a block device's direct I/O pins (iov_iter_extract_pages). */
static int pins_direct(void)
{
	struct utsname kernel;
	int major = 0, minor = 0;

	uname(&kernel);
	sscanf(kernel.release, "%d.%d", &major, &minor);
	return major > 6 || (major == 6 && minor >= 5);
}

static struct reply declare_handle(void)
{
	struct handle *h = &handles[handle_count++];

	snprintf(h->name, sizeof(h->name), "%s", words[1]);
	h->page = page_named(words[3]);
	if (!strcmp(words[2], "ring")) {
		h->holder = RING;
		return ring_make(h) ? failed("io_uring") : say(DONE, 0, "");
	}
	if (!strcmp(words[2], "pipe")) {
		h->holder = PIPE;
		return pipe(h->pipe) ? failed("pipe") : say(DONE, 0, "");
	}
	if (!strcmp(words[2], "plain_direct") && pins_direct())
		return say(SKIP, 0, "O_DIRECT takes pins on this kernel, no plain references");
	if (strstr(words[2], "direct")) {
		h->holder = !strcmp(words[2], "direct_write") ? DIRECT_WRITE : DIRECT;
		return direct_start() ? say(SKIP, 0, "no network block device to hold O_DIRECT") :
					say(DONE, 0, "");
	}
	h->holder = GUP_TEST;
	h->gup = open("/sys/kernel/debug/gup_test", O_RDWR);
	return h->gup < 0 ? say(SKIP, 0, "a pin for reading needs gup_test (CONFIG_GUP_TEST)") :
			    say(DONE, 0, "");
}

/* Only actors are in the group, so that who asks it to give up memory is not slowed down
 * for the group's being over its bound. */
static void join_group(void)
{
	char path[260];

	if (!settings.cgroup[0])
		return;
	snprintf(path, sizeof(path), "%s/cgroup.procs", settings.cgroup);
	write_file(path, "0");
}

static struct reply start(struct actor *who)
{
	struct actor *home = actor_named(who->process);
	struct request request = about("thread", NULL);

	if (who->thread) {
		struct reply answer;

		request.fd[0] = who->theirs;
		answer = ask(home, &request);
		who->pid = home->pid;
		return answer;
	}
	who->pid = fork();
	if (!who->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		join_group();
		actor_loop(who->theirs);
	}
	return who->pid < 0 ? failed("fork") : say(DONE, 0, "");
}

/* --- making the initial state -------------------------------------------------- */

static struct reply leave_for_swap(struct actor *who, const struct page *page)
{
	struct request request = about("madvise", page);

	if (!settings.swap)
		return say(SKIP, 0, "no swap here");
	strcpy(request.word, "PAGEOUT");
	drain_lists();
	ask(who, &request);
	drain_lists();
	if (pagemap(who->pid, page->at) >> 62 & 1)
		return say(DONE, 1, "");
	return swap_out(who->pid, page->at);
}

static struct reply merge_with_twin(struct actor *who, const struct page *page)
{
	struct request request = about("map", page);
	struct reply answer;

	request.at += TWIN;
	strcpy(request.word, "anon rw mergeable");
	answer = ask(who, &request);
	if (answer.status == DONE)
		answer = ksm_pass(who->pid, page->at, who->pid, page->at + TWIN);
	if (answer.status == DONE && !answer.value)
		return say(SKIP, 0, "ksmd did not merge the page");
	strcpy(request.verb, "munmap");
	ask(who, &request);
	return answer;
}

static struct reply protect_entry(struct actor *who, const struct page *page)
{
	struct request request = about("clear_refs", page);

	return ask(who, &request);
}

static struct reply make(struct actor *who, const struct page *page)
{
	struct request request = about("map", page);
	struct reply answer;
	int ksm = !strcmp(page->kind, "ksm"), swapped = !strcmp(page->kind, "swapped");

	snprintf(request.word, sizeof(request.word), "%s %s%s%s", ksm || swapped ? "anon" : page->kind,
		 page->writable ? "rw" : "ro", page->words, ksm ? " mergeable" : "");
	answer = ask(who, &request);
	drain_lists();
	if (answer.status == DONE && ksm)
		answer = merge_with_twin(who, page);
	if (answer.status == DONE && swapped) {
		answer = leave_for_swap(who, page);
		if (answer.status == DONE && !answer.value)
			return say(SKIP, 0, "the page did not leave for swap");
	}
	if (answer.status == DONE && strstr(page->words, "readonly_pte"))
		answer = protect_entry(who, page);
	drain_lists();
	return answer;
}

static struct reply set_up(void)
{
	struct reply answer = say(DONE, 0, "");

	for (int i = 0; i < actor_count && answer.status == DONE; i++)
		if (strcmp(actors[i].process, "unborn"))
			answer = start(&actors[i]);
	for (int i = 0; i < page_count && answer.status == DONE; i++)
		answer = make(actor_named("parent"), &pages[i]);
	return answer;
}

/* --- statements ---------------------------------------------------------------- */

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
	if (h->holder == DIRECT_WRITE)
		direct_jam();
	if (h->holder == DIRECT || h->holder == DIRECT_WRITE)
		request.offset[0] = page->slot[number("slot")];
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

static struct reply leave(struct actor *who)
{
	struct request request = about("exit", NULL);
	struct reply answer = ask(who, &request);
	char path[40];

	if (answer.status != DONE)
		return answer;
	snprintf(path, sizeof(path), "/proc/%d/pagemap", (int)who->pid);
	for (int turn = 0; turn < 600; turn++) {
		/* A zombie has no memory any more, and its pagemap reads as nothing. */
		int fd = open(path, O_RDONLY);
		char byte[8];
		int gone = fd < 0 || pread(fd, byte, 8, 0) <= 0;

		if (fd >= 0)
			close(fd);
		if (gone) {
			who->pid = -1;
			return answer;
		}
		usleep(5000);
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
static struct reply perform(void)
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

static void state_line(void)
{
	struct actor *who = actor_named(words[2]);
	struct page *page = page_named(words[3]);
	uint64_t entry = who->pid > 0 ? pagemap(who->pid, page->at) : 0;
	uint64_t frame = entry >> 63 ? entry & ((1UL << 55) - 1) : 0;

	dprintf(1, "@state %s %d %d %lu %lu\n", words[1], (int)(entry >> 63),
		(int)(entry >> 62 & 1), (unsigned long)frame, (unsigned long)frame_flags(frame));
}

static struct reply see(void)
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

static int report(const char *what, const char *key, const struct reply *answer)
{
	if (answer->status == SKIP)
		dprintf(1, "@%s %s skip %s\n", what, key, answer->why);
	else
		dprintf(1, "@%s %s ok %ld %s\n", what, key, answer->value, answer->why);
	return answer->status == SKIP;
}

/* Returns whether the scenario cannot go on. */
static int follow(void)
{
	struct reply answer = say(DONE, 0, "");

	if (!strcmp(words[0], "page"))
		declare_page();
	else if (!strcmp(words[0], "actor"))
		declare_actor();
	else if (!strcmp(words[0], "handle"))
		answer = declare_handle();
	else if (!strcmp(words[0], "setup"))
		answer = set_up();
	else if (!strcmp(words[0], "state"))
		state_line();
	else if (!strcmp(words[0], "see")) {
		answer = see();
		report("see", words[1], &answer);
		return 0;
	} else if (!strcmp(words[0], "frame"))
		dprintf(1, "@frame %s %lu\n", words[1],
			(unsigned long)handle_named(words[1])->frame);
	else {
		answer = perform();
		drain_lists();
		return report("op", words[1], &answer);
	}
	return answer.status == SKIP && report("setup", words[0], &answer);
}

void scene(char **lines, int count)
{
	for (int i = 0; i < count; i++) {
		split(lines[i]);
		if (word_count && follow())
			return;
	}
}
