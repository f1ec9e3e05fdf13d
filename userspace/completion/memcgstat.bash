# SPDX-License-Identifier: GPL-2.0-only
# bash completion for memcgstat; made by completion/generate

_memcgstat_cgroups()
{
	memcgstat tree --json -o cgroup 2> /dev/null |
		sed -n 's/.*"cgroup": "\(.*\)".*/\1/p'
}

_memcgstat_columns()
{
	memcgstat "$@" --help 2> /dev/null | sed -n '/^Columns/,/^$/s/^ [* ] \([^ ]*\) .*/\1/p'
}

_memcgstat()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local commands='show top tree lru charge paths events ns record plot export'
	local command='' word own='' argument='' pids

	COMPREPLY=()
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case " $commands " in
		*" $word "*)
			command=$word
			break
			;;
		esac
	done
	pids=$(cd /proc && echo [0-9]*)
	case $command in
	show)
		own='-p --pid -g --cgroup --json -o --output --noheadings --bytes --root -h --help --version'
		argument='pid'
		;;
	top)
		own='-i --interval -c --count --root -h --help --version'
		argument='-'
		;;
	tree)
		own='--json -o --output --noheadings --bytes --root -h --help --version'
		argument='-'
		;;
	lru)
		own='-p --pid -g --cgroup --json -o --output --noheadings --bytes --root -h --help --version'
		argument='pid'
		;;
	charge)
		own='-p --pid -g --cgroup --json -o --output --noheadings --bytes --root -h --help --version'
		argument='pid'
		;;
	paths)
		own='-p --pid -g --cgroup --dot --svg --diff --json -o --output --noheadings --bytes --root -h --help --version'
		argument='pid'
		;;
	events)
		own='-f --follow -p --pid -g --cgroup -t --type --json -o --output --noheadings --bytes --root -h --help --version'
		argument='-'
		;;
	ns)
		own='--json -o --output --noheadings --bytes --root -h --help --version'
		argument='-'
		;;
	record)
		own='-o --output -p --pid -g --cgroup -i --interval -c --count --root -h --help --version'
		argument='-'
		;;
	plot)
		own='-o --output -g --cgroup --root -h --help --version'
		argument='file'
		;;
	export)
		own='-o --output --max --root -h --help --version'
		argument='-'
		;;
	*)
		own='-p --pid -i --interval -c --count --json -o --output --noheadings --bytes --root -h --help --version '$commands
		;;
	esac
	case $prev in
	-p | --pid)
		mapfile -t COMPREPLY < <(compgen -W "$pids" -- "$cur")
		return
		;;
	-g | --cgroup)
		mapfile -t COMPREPLY < <(compgen -W "$(_memcgstat_cgroups)" -- "$cur")
		return
		;;
	-t | --type)
		mapfile -t COMPREPLY < <(compgen -W \
			'charge_fail charge_force oom oom_kill high migrate' -- "$cur")
		return
		;;
	--root)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return
		;;
	-i | --interval | -c | --count | --max)
		return
		;;
	-o | --output)
		case $command in
		record | plot | export)
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
			return
			;;
		esac
		# the last of a list
		local head=''
		[[ $cur == *,* ]] && head=${cur%,*},
		mapfile -t COMPREPLY < <(compgen -P "$head" -W \
			"$(_memcgstat_columns "${command:--p1}") all" -- "${cur##*,}")
		return
		;;
	--svg)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	esac
	if [[ $cur == -* || -z $command ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$own" -- "$cur")
	elif [[ $argument == file || $COMP_LINE == *--diff* ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	elif [[ $argument == pid ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$pids" -- "$cur")
	fi
} && complete -F _memcgstat memcgstat
