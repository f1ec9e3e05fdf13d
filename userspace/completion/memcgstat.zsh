#compdef memcgstat
# SPDX-License-Identifier: GPL-2.0-only
# zsh completion for memcgstat; made by completion/generate

_memcgstat_cgroups()
{
	local -a groups
	groups=(${(f)"$(memcgstat tree --json -o cgroup 2> /dev/null |
		sed -n 's/.*"cgroup": "\(.*\)".*/\1/p')"})
	_multi_parts / groups
}

_memcgstat_columns()
{
	local -a names
	names=(${(f)"$(memcgstat ${words[(r)[a-z]*]:--p1} --help 2> /dev/null |
		sed -n '/^Columns/,/^$/s/^ [* ] \([^ ]*\) .*/\1/p')"} all)
	_values -s , column $names
}

_memcgstat()
{
	local -a commands common
	commands=(
		'show:all that is known of a task, or of a memory cgroup'
		'top:cgroups and tasks against their limits, live; ? tells the keys'
		'tree:memory cgroups as a tree\: usage, limit, who is limited by whom'
		'lru:the LRU lists of a tasks cgroups, a cgroup or all cgroups'
		'charge:what happened to the charges of a task, a cgroup or all cgroups'
		'paths:the charge path as a graph, with counts on its edges'
		'events:failed and forced charges, OOM kills, throttling, migrations'
		'ns:tasks by namespace set, against their cgroups'
		'record:samples and events over time into a file, until interrupted'
		'plot:draw a record\: usage, limit and kills over time, as SVG'
		'export:OpenMetrics text for a collector\: the N largest cgroups and the rest'
	)
	local command=${words[(r)(show|top|tree|lru|charge|paths|events|ns|record|plot|export)]}
	case $command in
	show)
		_arguments -s \
			'-p[the task; the same as the argument]:process:_pids' \
			'--pid[the task; the same as the argument]:process:_pids' \
			'-g[a memory cgroup instead of a task]:cgroup:_memcgstat_cgroups' \
			'--cgroup[a memory cgroup instead of a task]:cgroup:_memcgstat_cgroups' \
			'--json[as JSON; a stream prints one object a line]' \
			'-o[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--output[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--noheadings[no line of column names]' \
			'--bytes[amounts of memory as plain numbers]' \
			'--root[read a saved tree instead of /proc and /sys]:directory:_files -/' \
			'-h[this text]' \
			'--help[this text]' \
			'--version[the version]' \
			'1: :(show)' '*:process:_pids'
		;;
	top)
		_arguments -s \
			'-i[seconds between refreshes (1)]:seconds: ' \
			'--interval[seconds between refreshes (1)]:seconds: ' \
			'-c[leave after so many refreshes]:number: ' \
			'--count[leave after so many refreshes]:number: ' \
			'--root[read a saved tree instead of /proc and /sys]:directory:_files -/' \
			'-h[this text]' \
			'--help[this text]' \
			'--version[the version]' \
			'1: :(top)'
		;;
	tree)
		_arguments -s \
			'--json[as JSON; a stream prints one object a line]' \
			'-o[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--output[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--noheadings[no line of column names]' \
			'--bytes[amounts of memory as plain numbers]' \
			'--root[read a saved tree instead of /proc and /sys]:directory:_files -/' \
			'-h[this text]' \
			'--help[this text]' \
			'--version[the version]' \
			'1: :(tree)'
		;;
	lru)
		_arguments -s \
			'-p[the task; the same as the argument]:process:_pids' \
			'--pid[the task; the same as the argument]:process:_pids' \
			'-g[a memory cgroup instead of a task]:cgroup:_memcgstat_cgroups' \
			'--cgroup[a memory cgroup instead of a task]:cgroup:_memcgstat_cgroups' \
			'--json[as JSON; a stream prints one object a line]' \
			'-o[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--output[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--noheadings[no line of column names]' \
			'--bytes[amounts of memory as plain numbers]' \
			'--root[read a saved tree instead of /proc and /sys]:directory:_files -/' \
			'-h[this text]' \
			'--help[this text]' \
			'--version[the version]' \
			'1: :(lru)' '*:process:_pids'
		;;
	charge)
		_arguments -s \
			'-p[the task; the same as the argument]:process:_pids' \
			'--pid[the task; the same as the argument]:process:_pids' \
			'-g[a memory cgroup instead of a task]:cgroup:_memcgstat_cgroups' \
			'--cgroup[a memory cgroup instead of a task]:cgroup:_memcgstat_cgroups' \
			'--json[as JSON; a stream prints one object a line]' \
			'-o[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--output[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--noheadings[no line of column names]' \
			'--bytes[amounts of memory as plain numbers]' \
			'--root[read a saved tree instead of /proc and /sys]:directory:_files -/' \
			'-h[this text]' \
			'--help[this text]' \
			'--version[the version]' \
			'1: :(charge)' '*:process:_pids'
		;;
	paths)
		_arguments -s \
			'-p[the task; the same as the argument]:process:_pids' \
			'--pid[the task; the same as the argument]:process:_pids' \
			'-g[a memory cgroup instead of a task]:cgroup:_memcgstat_cgroups' \
			'--cgroup[a memory cgroup instead of a task]:cgroup:_memcgstat_cgroups' \
			'--dot[the graph as text for graphviz]' \
			'--svg[the graph as a picture (needs dot)]:file:_files' \
			'--diff[compare two records, A and B]' \
			'--json[as JSON; a stream prints one object a line]' \
			'-o[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--output[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--noheadings[no line of column names]' \
			'--bytes[amounts of memory as plain numbers]' \
			'--root[read a saved tree instead of /proc and /sys]:directory:_files -/' \
			'-h[this text]' \
			'--help[this text]' \
			'--version[the version]' \
			'1: :(paths)' '*:process:_pids'
		;;
	events)
		_arguments -s \
			'-f[go on with events as they happen]' \
			'--follow[go on with events as they happen]' \
			'-p[only what this task did, or what was done to it]:process:_pids' \
			'--pid[only what this task did, or what was done to it]:process:_pids' \
			'-g[only what is about this memory cgroup or one below it]:cgroup:_memcgstat_cgroups' \
			'--cgroup[only what is about this memory cgroup or one below it]:cgroup:_memcgstat_cgroups' \
			'-t[only events of this type]:type:(charge_fail charge_force oom oom_kill high migrate)' \
			'--type[only events of this type]:type:(charge_fail charge_force oom oom_kill high migrate)' \
			'--json[as JSON; a stream prints one object a line]' \
			'-o[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--output[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--noheadings[no line of column names]' \
			'--bytes[amounts of memory as plain numbers]' \
			'--root[read a saved tree instead of /proc and /sys]:directory:_files -/' \
			'-h[this text]' \
			'--help[this text]' \
			'--version[the version]' \
			'1: :(events)'
		;;
	ns)
		_arguments -s \
			'--json[as JSON; a stream prints one object a line]' \
			'-o[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--output[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--noheadings[no line of column names]' \
			'--bytes[amounts of memory as plain numbers]' \
			'--root[read a saved tree instead of /proc and /sys]:directory:_files -/' \
			'-h[this text]' \
			'--help[this text]' \
			'--version[the version]' \
			'1: :(ns)'
		;;
	record)
		_arguments -s \
			'-o[the record; it must be given]:file:_files' \
			'--output[the record; it must be given]:file:_files' \
			'-p[a process, until it ends]:process:_pids' \
			'--pid[a process, until it ends]:process:_pids' \
			'-g[a memory cgroup and those above it]:cgroup:_memcgstat_cgroups' \
			'--cgroup[a memory cgroup and those above it]:cgroup:_memcgstat_cgroups' \
			'-i[seconds between samples (1)]:seconds: ' \
			'--interval[seconds between samples (1)]:seconds: ' \
			'-c[stop after so many samples]:number: ' \
			'--count[stop after so many samples]:number: ' \
			'--root[read a saved tree instead of /proc and /sys]:directory:_files -/' \
			'-h[this text]' \
			'--help[this text]' \
			'--version[the version]' \
			'1: :(record)'
		;;
	plot)
		_arguments -s \
			'-o[the picture; it must be given]:file:_files' \
			'--output[the picture; it must be given]:file:_files' \
			'-g[this memory cgroup of the record]:cgroup:_memcgstat_cgroups' \
			'--cgroup[this memory cgroup of the record]:cgroup:_memcgstat_cgroups' \
			'--root[read a saved tree instead of /proc and /sys]:directory:_files -/' \
			'-h[this text]' \
			'--help[this text]' \
			'--version[the version]' \
			'1: :(plot)' '*:file:_files'
		;;
	export)
		_arguments -s \
			'-o[replace this file whole; else to standard output]:file:_files' \
			'--output[replace this file whole; else to standard output]:file:_files' \
			'--max[cgroups told one by one (500), the rest summed up]:number: ' \
			'--root[read a saved tree instead of /proc and /sys]:directory:_files -/' \
			'-h[this text]' \
			'--help[this text]' \
			'--version[the version]' \
			'1: :(export)'
		;;
	*)
		_arguments -s \
			'-p[the process]:process:_pids' \
			'--pid[the process]:process:_pids' \
			'-i[seconds between lines (1)]:seconds: ' \
			'--interval[seconds between lines (1)]:seconds: ' \
			'-c[stop after so many lines]:number: ' \
			'--count[stop after so many lines]:number: ' \
			'--json[as JSON; a stream prints one object a line]' \
			'-o[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--output[columns\: NAME,NAME... or +NAME,... or all]:columns:_memcgstat_columns' \
			'--noheadings[no line of column names]' \
			'--bytes[amounts of memory as plain numbers]' \
			'--root[read a saved tree instead of /proc and /sys]:directory:_files -/' \
			'-h[this text]' \
			'--help[this text]' \
			'--version[the version]' \
			'1:command:{_describe command commands}'
		;;
	esac
}

_memcgstat "$@"
