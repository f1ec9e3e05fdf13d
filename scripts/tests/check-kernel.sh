# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154
#
# What is assumed of a kernel: found where it is there, and missed where it is not.

refuses "nothing to check" 'say KERNEL_SRC=, KDIR= or IMAGE=' "$top/scripts/check-kernel"
refuses "a source that is none" "is no kernel's source" \
	env KERNEL_SRC="$tmp" "$top/scripts/check-kernel"
refuses "a KDIR that is none" 'has no Makefile' env KDIR="$tmp/nowhere" "$top/scripts/check-kernel"
refuses "an image that is none" 'is no file' env IMAGE="$tmp/nowhere" "$top/scripts/check-kernel"

tree=$tmp/assumed
mkdir -p "$tree"/{mm,kernel/cgroup,include/linux}
: > "$tree/Kbuild"
printf 'VERSION = 8\nPATCHLEVEL = 1\nSUBLEVEL = 2\n' > "$tree/Makefile"
cat > "$tree/mm/memcontrol.c" <<'EOF'
static int try_charge_memcg(struct mem_cgroup *memcg, gfp_t gfp_mask,
			    unsigned int nr_pages);
int other(void)
{
	page_counter_charge(&memcg->memory, 1);
}
static int try_charge_memcg(struct mem_cgroup *memcg, gfp_t gfp_mask,
			    unsigned int nr_pages)
{
	if (consume_stock(memcg, nr_pages))
		return 0;
	not_page_counter_try_charge(memcg);
	return page_counter_try_charge(&memcg->memory, 1, &counter);
}
EOF
cat > "$tree/include/linux/memcontrol.h" <<'EOF'
struct mem_cgroup;
struct mem_cgroup {
	struct cgroup_subsys_state css;
};
EOF
rc=0
env KERNEL_SRC="$tree" "$top/scripts/check-kernel" > "$tmp/said" 2> "$tmp/error" || rc=$?
# says LINE: it is among what was said.
says()
{
	grep -qF -- "$1" "$tmp/said"
}
ok "a kernel that nobody has read fails" [ "$rc" -eq 1 ]
ok "the end tells how much does not hold" grep -q 'assumptions do not hold$' "$tmp/error"
ok "its version is told" says "Linux 8.1.2"
ok "the newest series is tried, and where it does not apply" \
	grep -qE '^     patches/.* \(tried on .*\): 0001-' "$tmp/said"
ok "a function behind its declaration" says "ok   function try_charge_memcg"
ok "a call" says "ok   call try_charge_memcg, page_counter_try_charge"
ok "a call in another function is none" says "NOT  call try_charge_memcg, page_counter_charge"
ok "a branch" says "ok   branch try_charge_memcg, stock"
ok "a branch that is gone" says "NOT  branch try_charge_memcg, drained"
ok "a field" says "ok   field mem_cgroup, css"
ok "a field that is gone, with who reads it" \
	grep -q 'NOT  field mem_cgroup, memory .*: report/sec_memcg.c' "$tmp/said"
ok "a file that is gone" says "NOT  function oom_kill_process"
