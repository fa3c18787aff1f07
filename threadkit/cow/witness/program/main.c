/* The witness: runs a plan of scenarios with real system calls. Apache-2.0.
 *
 * "witness PLAN" reads the plan and prints what was seen in lines that begin with "@";
 * as process 1 it first makes a system out of the kernel, and restarts it at the end.
 * Every scenario has a session of its own, and ends when its time is up.
 */
#define _GNU_SOURCE
#include "witness.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_LINES 20000

struct settings settings = { "", "/tmp", 0, 0, 3000 };
struct counters *counters;

static char *lines[MOST_LINES];
static int line_count;
static volatile sig_atomic_t stopped; /* the signal that asks for an end */

static int read_plan(const char *path)
{
	size_t size = 0;
	char *line = NULL;
	FILE *plan = fopen(path, "r");

	if (!plan)
		return -1;
	while (line_count < MOST_LINES && getline(&line, &size, plan) > 0) {
		lines[line_count++] = line;
		line = NULL;
		size = 0;
	}
	fclose(plan);
	return 0;
}

static long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Everything runs on one CPU, so that one list of recently faulted pages is all. */
static void one_cpu(void)
{
	cpu_set_t set;
	int cpu = sched_getcpu();

	CPU_ZERO(&set);
	CPU_SET(cpu < 0 ? 0 : cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void stop(int number)
{
	stopped = number;
}

/* Whoever started the program may end it, or may be gone: no process is left behind. */
static void heed_signals(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = stop };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigaction(numbers[i], &action, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
}

static void begin_scene(pid_t parent, int first, int last)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(0);
	setsid();
	scene(lines + first, last - first);
	_exit(0);
}

/* The actors' own children become ours when their parents end: collect them all. */
static void clean_up(pid_t session)
{
	kill(-session, SIGKILL);
	for (long began = milliseconds(); milliseconds() - began < 2000;) {
		pid_t gone;

		while ((gone = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (gone < 0)
			return;
		usleep(500);
	}
}

static void run(const char *name, int seconds, int first, int last)
{
	long began = milliseconds();
	const char *how = "timeout";
	pid_t pid, gone = 0;

	dprintf(1, "@begin %s\n", name);
	counters->uffd_events = 0;
	pid = fork();
	if (!pid)
		begin_scene(witness_pid, first, last);
	while (!stopped && milliseconds() - began < seconds * 1000L) {
		int status = 0;

		gone = waitpid(pid, &status, WNOHANG);
		if (gone == pid) {
			how = WIFEXITED(status) ? "done" : "died";
			break;
		}
		usleep(200);
	}
	if (gone != pid)
		kill(pid, SIGKILL); /* it may not have its session yet */
	clean_up(pid);
	ksm_stop();
	if (stopped)
		return; /* without an end: nobody let it come to one */
	dprintf(1, "@end %s %s %ld\n", name, how, milliseconds() - began);
}

static void set(const char *line)
{
	char name[32], value[200];

	if (sscanf(line, "set %31s %199s", name, value) != 2)
		return;
	if (!strcmp(name, "cgroup"))
		strcpy(settings.cgroup, value);
	else if (!strcmp(name, "work"))
		strcpy(settings.work, value);
	else if (!strcmp(name, "system"))
		settings.system = atoi(value);
	else if (!strcmp(name, "patience"))
		settings.patience = atoi(value);
	else if (!strcmp(name, "swap"))
		settings.swap = !strcmp(value, "on") || !swapon(value, 0);
	else if (!strcmp(name, "owner") && getppid() != atoi(value))
		stopped = SIGTERM; /* it was gone before its end could be heeded */
}

static void run_plan(void)
{
	char name[NAME + 8] = ""; /* NAME/K */
	int seconds = 0, first = 0;

	for (int i = 0; i < line_count && !stopped; i++) {
		if (!strncmp(lines[i], "set ", 4))
			set(lines[i]);
		else if (sscanf(lines[i], "scenario %79s %d", name, &seconds) == 2)
			first = i + 1;
		else if (!strncmp(lines[i], "end", 3))
			run(name, seconds, first, i);
	}
}

int main(int count, char **arguments)
{
	struct rlimit no_limit = { RLIM_INFINITY, RLIM_INFINITY };

	if (count == 4 && !strcmp(arguments[1], "actor")) {
		struct reply here = say(DONE, 0, "");

		witness_pid = atoi(arguments[3]);
		end_with(getppid());
		send(atoi(arguments[2]), &here, sizeof(here), 0); /* exec is done */
		actor_loop(atoi(arguments[2]));
	}
	witness_pid = getpid();
	if (getpid() == 1)
		as_init();
	else
		heed_signals();
	if (read_plan(getpid() == 1 ? "/plan" : count > 1 ? arguments[1] : "plan")) {
		dprintf(2, "witness: no plan to read\n");
		return 2;
	}
	counters = mmap(NULL, SMALL, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	setrlimit(RLIMIT_MEMLOCK, &no_limit);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	one_cpu();
	dprintf(1, "@@witness begin\n");
	run_plan();
	if (stopped)
		return 128 + stopped;
	dprintf(1, "@@witness end\n");
	if (getpid() == 1) {
		sync();
		reboot(RB_AUTOBOOT);
	}
	return 0;
}
