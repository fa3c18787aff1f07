/* What the parts of the witness share. Apache-2.0.
 *
 * One process, the scene, reads instructions and passes them one by one to actors:
 * processes and threads that wait at a socket. An actor knows no names: every request
 * carries the address, the descriptors and the numbers that it needs, so that a child,
 * and even a program that was newly executed, can be asked the same things.
 */
#ifndef WITNESS_H
#define WITNESS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SMALL 4096UL
#define HUGE (2UL << 20)
#define FAULTED 255 /* what a register holds after an access that faulted */
#define MOST_ACTORS 12
#define MOST_PAGES 8
#define MOST_HANDLES 12
#define MOST_WORDS 24
#define NAME 72 /* the language has names of up to 64 characters */

enum status { DONE, SEGV, SKIP };

struct request {
	char verb[24];
	char word[64];
	unsigned char *at;
	size_t size;
	size_t offset[2];
	int value[2];
	int fd[2];
	int times;
	pid_t pid;
};

struct reply {
	int status;
	long value;
	char why[160];
};

struct page {
	char name[NAME], kind[16], words[96];
	int writable, content[2];
	unsigned char *at;
	size_t size, slot[2];
};

struct actor {
	char name[NAME], process[NAME];
	int ours, theirs; /* ends of its socket */
	int thread;
	pid_t pid; /* 0: not born, -1: gone */
};

enum holder { NOTHING, RING, PIPE, GUP_TEST, DIRECT, DIRECT_WRITE };

struct handle {
	char name[NAME];
	enum holder holder;
	int pipe[2];
	int ring, gup;
	struct ring_area *area;
	struct page *page;
	uint64_t frame; /* page frame number when it was taken, 0: not known */
};

/* What the scene and the program that started it both see. */
struct counters {
	volatile int uffd_events;
	volatile int ksm_started;
	char ksm_before[4][16]; /* its settings, to be put back */
};

struct settings {
	char cgroup[200]; /* folder of the control group that reclaim works on, or empty */
	char work[200];   /* folder for files */
	int system;       /* may change what the whole system sees: KSM, a block device */
	int swap;
	int patience; /* ms until an actor counts as blocked */
};

extern struct settings settings;
extern struct counters *counters;

/* actor.c */
extern pid_t witness_pid; /* of the program that reads the plan */
void end_with(pid_t parent);
void actor_loop(int fd);
struct reply say(int status, long value, const char *why);
struct reply failed(const char *what);

/* memory.c: what an actor does to its own address space */
struct reply map_page(const struct request *r);
struct reply uffd(const struct request *r);
struct reply clear_refs(void);
struct reply load(const struct request *r);
struct reply store(const struct request *r);

/* hold.c: references that outlive the call that took them */
int ring_make(struct handle *h);
struct reply ring_dma(struct handle *h, size_t offset, int in, int value);
struct reply ring_release(struct handle *h);
struct reply hold(const struct request *r);
struct reply pipe_look(int fd, size_t size, const size_t offset[2], int slot);
struct reply pipe_drain(int fd);
struct reply gup_look(const struct handle *h, size_t offset);

/* direct.c: a block device whose answers wait */
extern int direct_device; /* open for O_DIRECT, in every process */
int direct_start(void);
void direct_stop(void);
struct reply direct_begin(const struct request *r);
struct reply direct_write_begin(const struct request *r);
int direct_jam(void);
struct reply direct_arrive(int value);
struct reply direct_take(void);
struct reply direct_end(void);

/* frames.c: what the kernel shows of pages, and asking it to move them */
uint64_t pagemap(pid_t pid, const unsigned char *at);
uint64_t frame_of(pid_t pid, const unsigned char *at);
uint64_t frame_flags(uint64_t frame);
uint64_t flags_at(pid_t pid, const unsigned char *at, uint64_t frame);
unsigned long kilobytes_of(const char *what, pid_t pid, const unsigned char *at);
struct reply ksm_pass(pid_t a, const unsigned char *x, pid_t b, const unsigned char *y);
void ksm_stop(void);
void leave_cache(uint64_t frame);
struct reply swap_out(pid_t pid, const unsigned char *at);
void drain_lists(void);
int write_file(const char *path, const char *text);

/* scene.c: what there is, by name, and the words of the instruction at hand */
extern struct page pages[MOST_PAGES];
extern struct actor actors[MOST_ACTORS];
extern struct handle handles[MOST_HANDLES];
extern int page_count, actor_count, handle_count, word_count;
extern char *words[MOST_WORDS];
const char *field(const char *name);
int number(const char *name);
struct page *page_named(const char *name);
struct actor *actor_named(const char *name);
struct handle *handle_named(const char *name);
struct request about(const char *verb, const struct page *page);
struct reply ask(struct actor *who, const struct request *request);
struct reply leave_for_swap(struct actor *who, const struct page *page);
void scene(char **lines, int count);

/* statements.c */
struct reply perform(void);
struct reply see(void);
void state_line(void);

/* setup.c */
void as_init(void);

#endif
