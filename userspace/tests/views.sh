# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Views: what each command shows of saved trees, to the letter. Part of run.

p=(--root trees/patched-v2)
v1=(--root trees/files-v1)
v2=(--root trees/files-v2)
h=(--root trees/hostile)

# with cg_list
show watch 0 "${p[@]}" -p 1234 -o all --noheadings -o usage,limit,left,whose,swap,fail
show watch-columns 0 "${p[@]}" -p 1234 -o pid,comm,state,cgroup,usage,peak,high,nomem,killed
show show 0 "${p[@]}" show 1234
show show-p 0 show -p 1234 "${p[@]}" --noheadings
show show-group 0 "${p[@]}" show -g /pods/job/run/
show show-json 0 "${p[@]}" show 1234 --json
show show-all-columns 0 "${p[@]}" show 1234 -o all --bytes
show tree 0 "${p[@]}" tree
show tree-json 0 "${p[@]}" tree --json -o cgroup,usage,limit,left,limiter,fail,killed
show tree-bytes 0 "${p[@]}" tree --bytes -o +id
show lru 0 "${p[@]}" lru
show lru-pid 0 "${p[@]}" lru 1234 -o cgroup,zone,active_anon --noheadings
show charge 0 "${p[@]}" charge
show charge-group 0 "${p[@]}" charge -g pods/job -o cgroup,limited,limited_oom
show charge-json 0 "${p[@]}" charge 1234 --json
show paths 0 "${p[@]}" paths
show paths-pid-dot 0 "${p[@]}" paths 1234 --dot
show paths-json 0 "${p[@]}" paths -g /zero --json
show events 0 "${p[@]}" events
show events-pid 0 "${p[@]}" events -p 1235 -o type,victim,victim_comm
show events-group 0 "${p[@]}" events -g /pods/web -o seq,type
show events-type 0 "${p[@]}" events -t oom_kill --json
show events-follow 0 "${p[@]}" events -f -t migrate
show ns 0 "${p[@]}" ns
show ns-json 0 "${p[@]}" ns --json
show export 0 "${p[@]}" export
show export-max 0 "${p[@]}" export --max 2

# with the cgroup files alone
show files-v2-watch 0 "${v2[@]}" -p 42 -o usage,limit,left,whose,swap,swaplimit,fail
show files-v2-show 0 "${v2[@]}" show 42
show files-v2-outside 1 "${v2[@]}" show 43
show files-v2-tree 0 "${v2[@]}" tree
show files-v2-lru 0 "${v2[@]}" lru -g "/a/c d"
show files-v2-charge 1 "${v2[@]}" charge
show files-v2-paths 1 "${v2[@]}" paths 42
show files-v2-events 1 "${v2[@]}" events
show files-v2-export 0 "${v2[@]}" export
show files-v1-watch 0 "${v1[@]}" -p 42 -o usage,limit,left,whose,memsw,memswlim,fail
show files-v1-show 0 "${v1[@]}" show 42
show files-v1-tree 0 "${v1[@]}" tree -o cgroup,usage,limit,soft,memsw,memswlim,kmem,fail,memswfail,killed
show files-v1-lru 0 "${v1[@]}" lru
show nothing-show 1 --root trees/nothing show 5
show nothing-tree 1 --root trees/nothing tree

# hostile, cut off, empty, from the future
show hostile-show 0 "${h[@]}" show 66
show hostile-json 0 "${h[@]}" show 66 --json
show hostile-tree 0 "${h[@]}" tree
show hostile-events 0 "${h[@]}" events
show hostile-export 0 "${h[@]}" export
show cut-show 0 "${h[@]}" show 67
show no-report 1 "${h[@]}" show 68
show empty-report 1 "${h[@]}" show 69
show future-report 0 "${h[@]}" show 70
show binary-report 1 "${h[@]}" show 71
show no-memcg 1 "${h[@]}" -p 72

# saved in guests: Debian's 6.1 with the module, a patched one without it
show guest-stock-v2-show 0 --root trees/guest-stock-v2 show 114
show guest-stock-v2-tree 0 --root trees/guest-stock-v2 tree
show guest-stock-v2-charge 0 --root trees/guest-stock-v2 charge
show guest-stock-v2-paths 0 --root trees/guest-stock-v2 paths 114
show guest-stock-v2-ns 0 --root trees/guest-stock-v2 ns
show guest-stock-v2-lru 0 --root trees/guest-stock-v2 lru 113
show guest-stock-v2-export 0 --root trees/guest-stock-v2 export
show guest-stock-v1-show 0 --root trees/guest-stock-v1 show 141
show guest-stock-v1-watch 0 --root trees/guest-stock-v1 -p 141 -o usage,limit,left,whose,memsw,memswlim
show guest-stock-v1-tree 0 --root trees/guest-stock-v1 tree -o +memsw,memswlim,kmem,soft
show guest-files-v2-show 0 --root trees/guest-files-v2 show 65
show guest-files-v2-tree 0 --root trees/guest-files-v2 tree
show guest-files-v1-show 0 --root trees/guest-files-v1 show 91
show guest-files-v1-tree 0 --root trees/guest-files-v1 tree -o +memsw,memswlim,kmem,soft

# a patched one with the module
show guest-patched-v2-show 0 --root trees/guest-patched-v2 show 66
show guest-patched-v2-tree 0 --root trees/guest-patched-v2 tree
show guest-patched-v2-charge 0 --root trees/guest-patched-v2 charge
show guest-patched-v2-paths 0 --root trees/guest-patched-v2 paths -g /pods/job/run
show guest-patched-v2-events 0 --root trees/guest-patched-v2 events -o all
show guest-patched-v2-lru 0 --root trees/guest-patched-v2 lru 65

# v1 with it, and 6.12, patched and Debian's
show guest-patched-v1-show 0 --root trees/guest-patched-v1 show 101
show guest-patched-v1-tree 0 --root trees/guest-patched-v1 tree -o +memsw,memswlim,kmem,soft
show guest-patched-v1-charge 0 --root trees/guest-patched-v1 charge -g /pods/job -o all
show guest-patched-v1-watch 0 --root trees/guest-patched-v1 -p 101 -o usage,limit,left,memsw,memswlim,fail,whose
show guest-patched-v1-events 0 --root trees/guest-patched-v1 events
show guest-6.12-v2-show 0 --root trees/guest-6.12-v2 show 97
show guest-6.12-v2-tree 0 --root trees/guest-6.12-v2 tree
show guest-6.12-v2-charge 0 --root trees/guest-6.12-v2 charge -o all
show guest-6.12-v2-paths 0 --root trees/guest-6.12-v2 paths
show guest-6.12-v2-events 0 --root trees/guest-6.12-v2 events -o all
show guest-6.12-v2-lru 0 --root trees/guest-6.12-v2 lru
show guest-6.12-v2-export 0 --root trees/guest-6.12-v2 export
show guest-6.12-stock-v2-show 0 --root trees/guest-6.12-stock-v2 show 199
show guest-6.12-stock-v2-tree 0 --root trees/guest-6.12-stock-v2 tree
show guest-6.12-stock-v2-charge 0 --root trees/guest-6.12-stock-v2 charge
show guest-6.12-stock-v2-ns 0 --root trees/guest-6.12-stock-v2 ns

# recorded in guests: the same load on two kernels, and below a lower limit
show diff-kernels 0 paths --diff records/6.1-40M records/6.12-40M
show diff-limits 0 paths --diff records/6.12-40M records/6.12-24M
show diff-columns 0 paths --diff records/6.12-40M records/6.12-24M -o counter,z,changed -g /pods/job/run
show diff-json 0 paths --diff records/6.12-40M records/6.12-24M --json
show usage-diff-column 2 paths --diff records/6.12-40M records/6.12-24M -o share

# what a process died of, whose limit, names: by what the events and counters say
c=(--root trees/cases)
show cases-events 0 "${c[@]}" events -o victim,detail
show cases-events-group 0 "${c[@]}" events -g /web -o seq,type --noheadings
show cases-events-json 0 "${c[@]}" events -t oom_kill --json -o victim,constraint,limiter_hidden,sysrq,detail
show cases-tree 0 "${c[@]}" tree
show cases-group 0 "${c[@]}" show -g /web -o cgroup,id,usage,limit
show cases-escaped 0 "${c[@]}" show -g '/system.slice/system-systemd\134x2dfsck.slice' -o cgroup,limit
show cases-raw 0 "${c[@]}" show -g '/system.slice/system-systemd\x2dfsck.slice' -o cgroup,limit
show cases-watch 0 "${c[@]}" -p 500 -o usage,limit,left,high,swap,swaplimit,whose
show cases-thread 0 "${c[@]}" -p 501 -o usage,left,whose
show cases-gone 1 "${c[@]}" -p 602
show cases-gone-show 1 "${c[@]}" show 600
show cases-export 0 "${c[@]}" export --max 3

# the root of a cgroup namespace is a cgroup like others
show container-watch 0 --root trees/container-v2 -p 42 -o cgroup,usage,limit,left,whose,fail
show container-tree 0 --root trees/container-v2 tree
show container-export 0 --root trees/container-v2 export
