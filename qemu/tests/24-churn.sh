#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2119,SC2317 # functions that wait_for calls
# guest: cpus=4 timeout=180
# Readers of every file while tasks and cgroups come, go and move, namespaces
# change and a CPU is switched off and on; then while the module is loaded and
# unloaded. Half a minute where all files are there and the kernel is quick, else
# some seconds; soak=SECONDS on the kernel's command line is for both.
# shellcheck source=qemu/tests/report-lib.sh
. /tests/report-lib.sh
need_controller memory

mkcg churn
echo +memory > "$dir/cgroup.subtree_control"
load || bail "the module does not load"
seconds=8
! patched || instrumented || seconds=30
churn -s "${soak:-$seconds}" -n 200 "$dir" > /tmp/churn
rc=$?
ok "200 readers of every file" test $rc -eq 0
sed 's/^/# /' /tmp/churn
for what in forks moves cgroups; do
	n=$(grep -o " $what [0-9]*" /tmp/churn | cut -d ' ' -f 3)
	ok "there were $what meanwhile" test "${n:-0}" -gt 0
done
rmcg "$dir"

mkcg churn
echo +memory > "$dir/cgroup.subtree_control"
churn -s "${soak:-6}" -n 8 -m /cg_list.ko "$dir" > /tmp/churn
rc=$?
ok "readers while the module comes and goes" test $rc -eq 0
sed 's/^/# /' /tmp/churn
n=$(grep -o ' modules [0-9]*' /tmp/churn | cut -d ' ' -f 3)
ok "it came and went ($n times)" test "${n:-0}" -gt 0
ok "it is loaded still" loaded
ok "and serves" test -n "$(report $$)"
done_testing
