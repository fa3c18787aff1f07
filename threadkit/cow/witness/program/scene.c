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

struct page pages[MOST_PAGES];
struct actor actors[MOST_ACTORS];
struct handle handles[MOST_HANDLES];
int page_count, actor_count, handle_count, word_count;
char *words[MOST_WORDS];

static void split(char *line)
{
	word_count = 0;
	for (char *word = strtok(line, " \n"); word && word_count < MOST_WORDS;
	     word = strtok(NULL, " \n"))
		words[word_count++] = word;
}

const char *field(const char *name)
{
	size_t length = strlen(name);

	for (int i = 0; i < word_count; i++)
		if (!strncmp(words[i], name, length) && words[i][length] == '=')
			return words[i] + length + 1;
	return "";
}

int number(const char *name)
{
	return atoi(field(name));
}

struct page *page_named(const char *name)
{
	for (int i = 0; i < page_count; i++)
		if (!strcmp(pages[i].name, name))
			return &pages[i];
	return NULL;
}

struct actor *actor_named(const char *name)
{
	for (int i = 0; i < actor_count; i++)
		if (!strcmp(actors[i].name, name))
			return &actors[i];
	return NULL;
}

struct handle *handle_named(const char *name)
{
	for (int i = 0; i < handle_count; i++)
		if (!strcmp(handles[i].name, name))
			return &handles[i];
	return NULL;
}

struct reply ask(struct actor *who, const struct request *request)
{
	struct pollfd ready = { .fd = who->ours, .events = POLLIN };
	struct reply answer;

	if (who->pid <= 0)
		return say(SKIP, 0, "asked of a process that is not there");
	if (send(who->ours, request, sizeof(*request), MSG_NOSIGNAL) < 0)
		return failed("asking an actor");
	if (poll(&ready, 1, settings.patience) != 1)
		return say(SKIP, 0, "blocked: no answer");
	if (recv(who->ours, &answer, sizeof(answer), 0) != (ssize_t)sizeof(answer))
		return failed("hearing an actor");
	return answer;
}

struct request about(const char *verb, const struct page *page)
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
		if (!settings.system)
			return say(SKIP, 0, "O_DIRECT is held by a network block device, which is "
					    "the whole system's; not allowed to use one");
		return direct_start() ? say(SKIP, 0, "no free network block device to hold O_DIRECT") :
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

/* An actor hears that the scene is gone by the end of its socket, which it must not hold
 * open itself. */
static void forget_scene(void)
{
	for (int i = 0; i < actor_count; i++)
		close(actors[i].ours);
}

static struct reply start(struct actor *who)
{
	struct actor *home = actor_named(who->process);
	struct request request = about("thread", NULL);
	pid_t scene = getpid();

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
		if (getppid() != scene)
			_exit(0);
		forget_scene();
		join_group();
		actor_loop(who->theirs);
	}
	return who->pid < 0 ? failed("fork") : say(DONE, 0, "");
}

/* --- making the initial state -------------------------------------------------- */

struct reply leave_for_swap(struct actor *who, const struct page *page)
{
	struct request request = about("madvise", page);
	uint64_t frame = frame_of(who->pid, page->at);
	struct reply answer = say(DONE, 1, "");

	if (!settings.swap)
		return say(SKIP, 0, "no swap here");
	strcpy(request.word, "PAGEOUT");
	drain_lists();
	ask(who, &request);
	drain_lists();
	if (!(pagemap(who->pid, page->at) >> 62 & 1))
		answer = swap_out(who->pid, page->at);
	if (answer.status == DONE && answer.value)
		leave_cache(frame);
	return answer;
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

/* --- the instructions ----------------------------------------------------------- */

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
			break;
	}
	direct_stop();
}
