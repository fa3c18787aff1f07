/* What the kernel shows of pages, and asking it to merge or to swap them. Apache-2.0. */
#define _GNU_SOURCE
#include "witness.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define KSM_FLAG 21

static uint64_t one_word(const char *path, off_t at)
{
	uint64_t word = 0;
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return 0;
	if (pread(fd, &word, sizeof(word), at) != (ssize_t)sizeof(word))
		word = 0;
	close(fd);
	return word;
}

uint64_t pagemap(pid_t pid, const unsigned char *at)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/pagemap", (int)pid);
	return one_word(path, (off_t)((uintptr_t)at / SMALL * 8));
}

/* 0: nothing there, swapped, or not for us to know. */
uint64_t frame_of(pid_t pid, const unsigned char *at)
{
	uint64_t entry = pagemap(pid, at);

	return entry >> 63 ? entry & ((1UL << 55) - 1) : 0;
}

uint64_t frame_flags(uint64_t frame)
{
	return frame ? one_word("/proc/kpageflags", (off_t)(frame * 8)) : 0;
}

/* What smaps tells of the mapping at this address. */
unsigned long kilobytes_of(const char *what, pid_t pid, const unsigned char *at)
{
	char path[40], form[40], line[256];
	unsigned long first, last, kilobytes = 0;
	int inside = 0;
	FILE *smaps;

	snprintf(path, sizeof(path), "/proc/%d/smaps", (int)pid);
	snprintf(form, sizeof(form), "%s: %%lu", what);
	smaps = fopen(path, "r");
	if (!smaps)
		return 0;
	while (fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%lx-%lx", &first, &last) == 2)
			inside = first <= (unsigned long)at && (unsigned long)at < last;
		else if (inside && sscanf(line, form, &kilobytes) == 1)
			break;
	}
	fclose(smaps);
	return kilobytes;
}

/* From 6.10 on, for some time, every anonymous page had the flag of KSM. */
static int ksm_flag_lies(void)
{
	static int lies = -1;
	unsigned char *own;

	if (lies >= 0)
		return lies;
	own = mmap(NULL, SMALL, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (own == MAP_FAILED)
		return 0;
	*(volatile unsigned char *)own = 1;
	lies = frame_flags(frame_of(getpid(), own)) >> KSM_FLAG & 1;
	munmap(own, SMALL);
	return lies;
}

/* The flags of the page that is mapped here. */
uint64_t flags_at(pid_t pid, const unsigned char *at, uint64_t frame)
{
	uint64_t flags = frame_flags(frame);

	if (flags >> KSM_FLAG & 1 && ksm_flag_lies() && !kilobytes_of("KSM", pid, at))
		flags &= ~(1UL << KSM_FLAG);
	return flags;
}

int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	ssize_t length = (ssize_t)strlen(text);
	int wrong;

	if (fd < 0)
		return -1;
	wrong = write(fd, text, (size_t)length) != length;
	close(fd);
	return wrong ? -1 : 0;
}

static long number_in(const char *path)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY);

	if (fd < 0)
		return -1;
	if (read(fd, text, sizeof(text) - 1) <= 0)
		text[0] = 0;
	close(fd);
	return atol(text);
}

/* A page that was just faulted in waits in a list of its CPU, which holds a reference;
 * unmapping anything empties the lists. All actors run on one CPU. */
void drain_lists(void)
{
	void *any = mmap(NULL, SMALL, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (any != MAP_FAILED)
		munmap(any, SMALL);
}

#define KSM "/sys/kernel/mm/ksm/"

static int ksm_wait(pid_t a, const unsigned char *x, pid_t b, const unsigned char *y)
{
	long scans = number_in(KSM "full_scans");

	for (int turn = 0; turn < 300; turn++) {
		uint64_t frame = frame_of(a, x);

		if (frame && frame == frame_of(b, y) && frame_flags(frame) >> KSM_FLAG & 1)
			return 1;
		/* The first scans only note checksums; a sixth would find no more. */
		if (number_in(KSM "full_scans") > scans + 6)
			return 0;
		usleep(10000);
	}
	return 0;
}

/* Quick settings for ksmd; what they were before is kept where the program finds it, that
 * a scene which is ended meanwhile does not leave ksmd running. */
static const struct setting {
	const char *path, *quick;
} ksm_settings[] = {
	{ KSM "sleep_millisecs", "2" },
	{ KSM "pages_to_scan", "2000" },
	{ KSM "smart_scan", "0" }, /* only newer kernels have it */
	{ KSM "run", "1" },
};

#define KSM_SETTINGS (sizeof(ksm_settings) / sizeof(ksm_settings[0]))

static int ksm_start(void)
{
	int wrong = 0;

	for (size_t i = 0; i < KSM_SETTINGS; i++)
		snprintf(counters->ksm_before[i], sizeof(counters->ksm_before[i]), "%ld",
			 number_in(ksm_settings[i].path));
	counters->ksm_started = 1;
	for (size_t i = 0; i < KSM_SETTINGS; i++)
		wrong = write_file(ksm_settings[i].path, ksm_settings[i].quick);
	return wrong; /* of the last, which starts it */
}

/* Put the settings back if ksmd was started; the scene does, and the program if it could not. */
void ksm_stop(void)
{
	if (!counters->ksm_started)
		return;
	for (size_t i = KSM_SETTINGS; i-- > 0;)
		write_file(ksm_settings[i].path, counters->ksm_before[i]);
	counters->ksm_started = 0;
}

struct reply ksm_pass(pid_t a, const unsigned char *x, pid_t b, const unsigned char *y)
{
	int merged;

	if (!settings.system)
		return say(SKIP, 0, "KSM is a setting of the whole system; not allowed to change it");
	if (!frame_of(a, x))
		return say(SKIP, 0, "page frame numbers are hidden (needs root)");
	if (ksm_start()) {
		struct reply answer = failed("starting ksmd");

		ksm_stop();
		return answer;
	}
	merged = ksm_wait(a, x, b, y);
	ksm_stop();
	return say(DONE, merged, merged ? "" : "not merged");
}

static int is_swapped(pid_t pid, const unsigned char *at)
{
	return pagemap(pid, at) >> 62 & 1;
}

/* Ask the control group that the actors are in to give up its memory. */
static int reclaim_group(void)
{
	char path[260];

	snprintf(path, sizeof(path), "%s/memory.reclaim", settings.cgroup);
	if (!access(path, W_OK)) {
		write_file(path, "64M swappiness=200");
		write_file(path, "64M");
		return 0;
	}
	snprintf(path, sizeof(path), "%s/memory.high", settings.cgroup);
	if (!access(path, W_OK)) {
		write_file(path, "0");
		write_file(path, "max");
		return 0;
	}
	snprintf(path, sizeof(path), "%s/memory.limit_in_bytes", settings.cgroup);
	if (access(path, W_OK))
		return -1;
	write_file(path, "4096");
	write_file(path, "-1");
	return 0;
}

/* Wait until a page that was swapped out is written and has left the swap cache, as far
 * as it can: one that somebody holds or maps stays there. */
void leave_cache(uint64_t frame)
{
	for (int turn = 0; turn < 40; turn++) {
		uint64_t flags = frame_flags(frame);

		if (!(flags >> 13 & 1))
			return;
		if (!(flags >> 8 & 1) && (!settings.cgroup[0] || reclaim_group()))
			return;
		usleep(2000);
	}
}

struct reply swap_out(pid_t pid, const unsigned char *at)
{
	if (!settings.swap)
		return say(SKIP, 0, "no swap here");
	if (!settings.cgroup[0])
		return say(SKIP, 0, "no control group whose memory can be reclaimed");
	for (int turn = 0; turn < 12 && !is_swapped(pid, at); turn++) {
		drain_lists();
		if (reclaim_group())
			return say(SKIP, 0, "no control group whose memory can be reclaimed");
		usleep(2000);
	}
	return say(DONE, is_swapped(pid, at), is_swapped(pid, at) ? "" : "the page stayed");
}
