/* As process 1: make a system out of a kernel and an initramfs. Apache-2.0. */
#define _GNU_SOURCE
#include "witness.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

static void mount_at(const char *what, const char *where)
{
	mkdir(where, 0755);
	if (mount(what, where, what, 0, NULL))
		dprintf(1, "@note cannot mount %s\n", what);
}

static void load_modules(void)
{
	char line[256];
	FILE *list = fopen("/modules.list", "r");

	if (!list)
		return;
	while (fgets(line, sizeof(line), list)) {
		int fd;

		line[strcspn(line, "\n")] = 0;
		fd = open(line, O_RDONLY);
		if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
			dprintf(1, "@note cannot load %s\n", line);
		if (fd >= 0)
			close(fd);
	}
	fclose(list);
}

static void make_group(void)
{
	mkdir("/group", 0755);
	if (mount("cgroup2", "/group", "cgroup2", 0, NULL))
		return;
	if (write_file("/group/cgroup.subtree_control", "+memory"))
		return;
	mkdir("/group/witness", 0755);
}

void as_init(void)
{
	struct utsname name;
	int console;

	mount_at("proc", "/proc");
	mount_at("sysfs", "/sys");
	mount_at("devtmpfs", "/dev");
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	/* A second serial port is for the report alone, without what the kernel says. */
	console = open("/dev/ttyS1", O_RDWR | O_NOCTTY);
	if (console < 0)
		console = open("/dev/console", O_RDWR);
	if (console >= 0)
		for (int fd = 0; fd < 3; fd++)
			dup2(console, fd);
	write_file("/proc/sys/kernel/printk", "1");
	mkdir("/tmp", 0755);
	load_modules();
	make_group();
	write_file("/proc/sys/vm/nr_hugepages", "8");
	write_file("/proc/sys/vm/swappiness", "100");
	write_file("/proc/sys/vm/page-cluster", "0");
	write_file("/sys/kernel/mm/transparent_hugepage/enabled", "madvise");
	uname(&name);
	dprintf(1, "@kernel %s %s\n", name.release, name.version);
}
