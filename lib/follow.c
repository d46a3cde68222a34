/* lib/follow.c - see follow.h. Files are looked at again after a short sleep: change notices do not reach network folders. */
#include "lib/follow.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLEEP_MS 50

static int wait_a_little(void *self, int fd, int64_t waited_ns, struct kymo_err *e)
{
    struct kymo_follow *const f = self;
    struct pollfd p[2] = {{.fd = f->signals, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
    struct stat st;

    (void)e;
    const bool is_file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);   /* always readable, at its end too */
    f->stopped |= (is_file && !f->files) || (f->idle_ns > 0 && waited_ns >= f->idle_ns);
    if (f->stopped)
        return 0;
    poll(p, is_file ? 1 : 2, SLEEP_MS);
    f->stopped = p[0].revents != 0;
    return !f->stopped;
}

int kymo_follow_init(struct kymo_follow *f, bool files, double idle_s, struct kymo_err *e)
{
    sigset_t set;

    *f = (struct kymo_follow){.patience = {wait_a_little, f}, .files = files, .idle_ns = (int64_t)(idle_s * 1e9)};
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    f->signals = signalfd(-1, &set, SFD_CLOEXEC);
    return f->signals >= 0 ? 0 : kymo_fail(e, KYMO_EIO, "cannot wait for signals: %s", strerror(errno));
}

void kymo_follow_release(struct kymo_follow *f)
{
    if (f->signals > 0)
        close(f->signals);
}
