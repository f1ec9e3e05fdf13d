// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page: plain files, which are also served on loopback while the fuzzer
 * runs. Numbers and crashes are written every few seconds, coverage by source
 * lines, which takes longer, once a minute and at the end.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "util.h"

#define SOURCE_SECONDS	60

static struct MHD_Daemon *server;
static char *dir;
static struct fz_sym *sym;
static double source_written;

/* Coverage of all files, as of the last time. */
static struct fz_file *files;
static unsigned int nr_files;

static const char style[] =
	"<meta charset='utf-8'><meta name='viewport' content='width=device-width'>\n"
	"<style>\n"
	"body{font:15px/1.45 system-ui,sans-serif;margin:1.5em auto;max-width:64em;padding:0 1em;"
	"color:#1a1a1a;background:#fff}\n"
	"h1{font-size:1.5em}h2{font-size:1.15em;margin-top:1.6em}\n"
	"table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25em .8em .25em 0;"
	"border-bottom:1px solid #ddd;vertical-align:top}\n"
	"td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\n"
	"pre{background:#f6f6f6;padding:.8em;overflow-x:auto;font-size:13px}\n"
	"pre.s{line-height:1.3}pre.s i{font-style:normal;color:#888;user-select:none}\n"
	".ran{background:#dcf5dc}.missed{background:#fbe0dd}\n"
	".bar{display:inline-block;width:8em;height:.7em;background:#fbe0dd;margin-right:.6em}\n"
	".bar b{display:block;height:100%;background:#4a9a4a}\n"
	"svg{width:100%;height:auto;background:#fafafa;border:1px solid #ddd}\n"
	"a{color:#0b57a4}\n"
	"@media(prefers-color-scheme:dark){body{background:#161616;color:#ddd}"
	"pre,svg{background:#222}th,td{border-color:#444}svg{border-color:#444}a{color:#7ab8f5}"
	".ran{background:#173d17}.missed{background:#4a1c18}svg text{fill:#ddd}}\n"
	"</style>\n";

/* A page under construction, written as a whole when it is done. */
struct page {
	char *name;
	char *text;
	size_t len;
	FILE *f;
};

static FILE *page_begin(struct page *p, const char *title, char *name)
{
	memset(p, 0, sizeof(*p));
	p->name = name;
	p->f = open_memstream(&p->text, &p->len);
	if (!p->f)
		fz_die("no memory");
	fputs("<!DOCTYPE html>\n<html lang='en'><head><title>", p->f);
	fz_html(p->f, title);
	fprintf(p->f, "</title>%s", style);
	return p->f;
}

static void page_end(struct page *p)
{
	static atomic_flag said = ATOMIC_FLAG_INIT;
	char *path = fz_format("%s/%s", dir, p->name);

	fputs("</body></html>\n", p->f);
	fclose(p->f);
	if (fz_write_file(path, p->text, p->len) && !atomic_flag_test_and_set(&said))
		fz_say("%s: %s", path, strerror(errno));
	free(path);
	free(p->text);
	free(p->name);
}

/* A line of the curve: one number of each sample. */
static void print_curve(FILE *out, const struct fz_fuzz *f, size_t offset, double top,
			const char *colour)
{
	double end = f->samples[f->nr_samples - 1].time;
	unsigned int i;

	fprintf(out, "<polyline fill='none' stroke='%s' stroke-width='2' points='", colour);
	for (i = 0; i < f->nr_samples; i++) {
		const char *s = (const char *)&f->samples[i];
		unsigned int value;

		memcpy(&value, s + offset, sizeof(value));
		fprintf(out, "%.1f,%.1f ", 60 + 720 * (end > 0 ? f->samples[i].time / end : 0),
			230 - 200 * value / top);
	}
	fputs("'/>\n", out);
}

static void print_graph(FILE *out, const struct fz_fuzz *f)
{
	const struct fz_sample *last = &f->samples[f->nr_samples - 1];
	double top = last->blocks ? last->blocks : 1;
	double ours = f->module.nr ? f->module.nr : 1;

	fputs("<svg viewBox='0 0 860 270' role='img' aria-label='coverage over time'>\n", out);
	for (int i = 0; i <= 4; i++) {
		fprintf(out, "<line x1='60' x2='780' y1='%d' y2='%d' stroke='#8884'/>\n",
			230 - 50 * i, 230 - 50 * i);
		fprintf(out, "<text x='54' y='%d' font-size='12' text-anchor='end'>%.0f</text>\n",
			234 - 50 * i, top * i / 4);
		fprintf(out, "<text x='786' y='%d' font-size='12'>%d%%</text>\n", 234 - 50 * i,
			25 * i);
		fprintf(out, "<text x='%d' y='250' font-size='12' text-anchor='middle'>%.0f s</text>\n",
			60 + 180 * i, last->time * i / 4);
	}
	print_curve(out, f, offsetof(struct fz_sample, blocks), top, "#0b57a4");
	print_curve(out, f, offsetof(struct fz_sample, module_blocks), ours, "#c05a00");
	fputs("<text x='70' y='22' font-size='13' fill='#0b57a4'>basic blocks, all (left)</text>\n"
	      "<text x='250' y='22' font-size='13' fill='#c05a00'>of the module's (right)</text>\n"
	      "</svg>\n", out);
}

static void print_numbers(FILE *out, const struct fz_fuzz *f)
{
	const struct fz_sample *s = &f->samples[f->nr_samples - 1];
	double t = s->time > 1 ? s->time : 1;

	fprintf(out, "<table id='numbers'><tr><th>time<th class='n'>programs<th class='n'>a second"
		"<th class='n'>calls<th class='n'>a second<th class='n'>corpus<th class='n'>blocks"
		"<th class='n'>of the module's<th class='n'>crashes\n"
		"<tr><td>%.0f s<td class='n'>%lu<td class='n'>%.0f<td class='n'>%lu<td class='n'>%.0f"
		"<td class='n'>%u<td class='n'>%u<td class='n'>%u of %u<td class='n'>%u</table>\n",
		s->time, s->programs, s->programs / t, s->calls, s->calls / t, s->corpus, s->blocks,
		s->module_blocks, f->module.nr, f->nr_crashes);
}

static void print_crashes(FILE *out, struct fz_fuzz *f)
{
	unsigned int i;

	fputs("<h2>Crashes</h2>\n", out);
	if (!f->nr_crashes)
		fputs("<p>None.</p>\n", out);
	else
		fputs("<table id='crashes'><tr><th>title<th class='n'>times<th class='n'>first after"
		      "<th>state\n", out);
	for (i = 0; i < f->nr_crashes; i++) {
		fprintf(out, "<tr><td><a href='crash-%u.html'>", i);
		fz_html(out, f->crash[i].title);
		fprintf(out, "</a><td class='n'>%u<td class='n'>%.0f s<td>%s\n", f->crash[i].count,
			f->crash[i].first, fz_crash_word(f->crash[i].state));
	}
	if (f->nr_crashes)
		fputs("</table>\n", out);
}

static double percent(unsigned int part, unsigned int all)
{
	return all ? 100.0 * part / all : 0;
}

static void print_files(FILE *out, bool ours)
{
	unsigned int i, lines = 0, ran = 0;

	fprintf(out, "<h2>%s</h2>\n<table class='files'><tr><th>file<th>lines that ran"
		"<th class='n'>of\n", ours ? "The module's source" : "Files that the patches touch");
	for (i = 0; i < nr_files; i++) {
		if (files[i].ours != ours)
			continue;
		lines += files[i].lines;
		ran += files[i].ran;
		fprintf(out, "<tr><td><a href='source-%u.html'>%s</a><td><span class='bar'>"
			"<b style='width:%.0f%%'></b></span>%.1f%%<td class='n'>%u\n", i, files[i].name,
			percent(files[i].ran, files[i].lines), percent(files[i].ran, files[i].lines),
			files[i].lines);
	}
	fprintf(out, "<tr><td><b>all</b><td><b>%.1f%%</b><td class='n'>%u</table>\n",
		percent(ran, lines), lines);
}

static void write_index(struct fz_fuzz *f)
{
	struct page p;
	FILE *out = page_begin(&p, "cg_list: fuzzer", strdup("index.html"));

	if (!f->stop)
		fputs("<meta http-equiv='refresh' content='5'>", out);
	fprintf(out, "</head><body><h1>cg_list: fuzzer%s</h1>\n", f->stop ? "" : ", running");
	print_numbers(out, f);
	fputs("<h2>Coverage over time</h2>\n", out);
	print_graph(out, f);
	print_crashes(out, f);
	if (nr_files) {
		print_files(out, true);
		print_files(out, false);
	}
	page_end(&p);
}

static void print_part(FILE *out, const struct fz_crash *c, const char *name, const char *title)
{
	char *path = fz_format("%s/%s", c->dir, name), *text = fz_read_file(path, NULL);

	if (text) {
		fprintf(out, "<h2>%s</h2>\n<pre>", title);
		fz_html(out, text);
		fputs("</pre>\n", out);
	}
	free(text);
	free(path);
}

static void write_crash(struct fz_fuzz *f, unsigned int i)
{
	struct fz_crash *c = &f->crash[i];
	struct page p;
	FILE *out = page_begin(&p, c->title, fz_format("crash-%u.html", i));

	fputs("</head><body><p><a href='index.html'>fuzzer</a></p><h1>", out);
	fz_html(out, c->title);
	fprintf(out, "</h1>\n<p>%s; seen %u times, first after %.0f s of guests' time. Files: %s</p>\n",
		fz_crash_word(c->state), c->count, c->first, c->dir);
	print_part(out, c, "prog", "The program that brings it about");
	print_part(out, c, "report", "The report, with places in the source");
	print_part(out, c, "repro.c", "As C");
	print_part(out, c, "log", "The guest's log");
	if (c->state == FZ_CRASH_NEW || c->state == FZ_CRASH_TRYING || c->state == FZ_CRASH_LOST)
		print_part(out, c, "programs", "Programs that ran last, the latest first");
	page_end(&p);
}

static void print_source(FILE *out, const struct fz_file *file, char *text)
{
	static const char *const classes[] = { "", " class='ran'", " class='missed'" };
	char *line = text, *end;
	unsigned int n, what;

	fputs("<h2>Source</h2>\n<p><span class='ran'>ran</span> "
	      "<span class='missed'>did not run</span></p>\n<pre class='s'>", out);
	for (n = 1; line && *line; n++) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		what = n < file->nr_lines ? file->line[n] : FZ_LINE_NONE;
		what = what == FZ_LINE_RAN ? 1 : what == FZ_LINE_MISSED ? 2 : 0;
		fprintf(out, "<i id='%u'>%5u </i><span%s>", n, n, classes[what]);
		fz_html(out, line);
		fputs("</span>\n", out);
		line = end;
	}
	fputs("</pre>\n", out);
}

static void write_source(const struct fz_file *file, unsigned int i)
{
	char *text = fz_read_file(file->path, NULL);
	struct page p;
	FILE *out = page_begin(&p, file->name, fz_format("source-%u.html", i));
	unsigned int j;

	fprintf(out, "</head><body><p><a href='index.html'>fuzzer</a></p><h1>%s</h1>\n"
		"<p>%u of %u lines ran, %.1f%%.</p>\n<table><tr><th>function<th class='n'>blocks that ran"
		"<th class='n'>of<th class='n'>percent\n", file->name, file->ran, file->lines,
		percent(file->ran, file->lines));
	for (j = 0; j < file->nr_funcs; j++)
		fprintf(out, "<tr><td><a href='#%u'>%s</a><td class='n'>%u<td class='n'>%u"
			"<td class='n'>%.0f\n", file->func[j].line, file->func[j].name,
			file->func[j].hit, file->func[j].blocks,
			percent(file->func[j].hit, file->func[j].blocks));
	fputs("</table>\n", out);
	if (text)
		print_source(out, file, text);
	else
		fprintf(out, "<p>%s: %s</p>\n", file->path, strerror(errno));
	free(text);
	page_end(&p);
}

/* One line a file, for programs. */
static void write_coverage_text(void)
{
	char *path = fz_format("%s/coverage.txt", dir), *text = NULL;
	unsigned int i, j;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	for (i = 0; out && i < nr_files; i++) {
		fprintf(out, "%s %s %u %u\n", files[i].ours ? "module" : "kernel", files[i].name,
			files[i].ran, files[i].lines);
		for (j = 0; files[i].ours && j < files[i].nr_lines; j++)
			if (files[i].line[j] == FZ_LINE_MISSED)
				fprintf(out, "missed %s:%u\n", files[i].name, j);
	}
	if (out && !fclose(out))
		fz_write_file(path, text, len);
	free(text);
	free(path);
}

static void write_sources(struct fz_fuzz *f)
{
	unsigned int i;

	if (!f->opt.vmlinux || !f->opt.cover)
		return;
	if (!sym)
		sym = fz_sym_open(f->opt.vmlinux, f->opt.ko);
	if (!sym)
		return;
	fz_sym_free_files(files, nr_files);
	pthread_mutex_lock(&f->signal_lock);
	files = fz_sym_files(sym, &f->module, f->signal, &nr_files);
	pthread_mutex_unlock(&f->signal_lock);
	for (i = 0; i < nr_files; i++)
		write_source(&files[i], i);
	write_coverage_text();
}

/**
 * fz_page_write - write the page as it is now
 * @f: the run
 *
 * Context: one thread only.
 */
void fz_page_write(struct fz_fuzz *f)
{
	unsigned int i;

	if (f->stop || fz_now() - source_written > SOURCE_SECONDS) {
		write_sources(f);
		source_written = fz_now();
	}
	for (i = 0; i < f->nr_crashes; i++)
		write_crash(f, i);
	write_index(f);
}

/* Only names of files that the page has; no directories. */
static enum MHD_Result answer(void *cls, struct MHD_Connection *c, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_len, void **state)
{
	static char missing[] = "There is no such page.\n";
	struct MHD_Response *r = NULL;
	unsigned int status = MHD_HTTP_OK;
	enum MHD_Result ret;
	struct stat st;
	char *path;
	int fd;

	(void)cls, (void)version, (void)upload, (void)upload_len, (void)state;
	if (strcmp(method, "GET") && strcmp(method, "HEAD"))
		return MHD_NO;
	url += *url == '/';
	path = fz_format("%s/%s", dir, *url ? url : "index.html");
	fd = strchr(url, '/') || *url == '.' ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	free(path);
	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode))
		r = MHD_create_response_from_fd(st.st_size, fd);
	else if (fd >= 0)
		close(fd);
	if (!r) {
		status = MHD_HTTP_NOT_FOUND;
		r = MHD_create_response_from_buffer(strlen(missing), missing, MHD_RESPMEM_PERSISTENT);
	}
	if (!r)
		return MHD_NO;
	MHD_add_response_header(r, "Content-Type", strstr(url, ".txt") || status != MHD_HTTP_OK ?
				"text/plain; charset=utf-8" : "text/html; charset=utf-8");
	ret = MHD_queue_response(c, status, r);
	MHD_destroy_response(r);
	return ret;
}

/**
 * fz_page_start - prepare the page's directory, and serve it if a port is given
 * @f: the run
 */
void fz_page_start(struct fz_fuzz *f)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons(f->opt.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	dir = fz_format("%s/page", f->opt.work);
	fz_make_dir(dir);
	source_written = fz_now();
	if (!f->opt.port)
		return;
	server = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, f->opt.port, NULL, NULL, answer,
				  NULL, MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_END);
	if (server)
		fz_say("the page is at http://127.0.0.1:%lu/ and in %s", f->opt.port, dir);
	else
		fz_say("port %lu is not to be had (PORT= names another); the page is in %s",
		       f->opt.port, dir);
}

/* The files stay. */
void fz_page_stop(struct fz_fuzz *f)
{
	(void)f;
	if (server)
		MHD_stop_daemon(server);
	fz_sym_free_files(files, nr_files);
	files = NULL;
	nr_files = 0;
	fz_sym_close(sym);
	free(dir);
}
