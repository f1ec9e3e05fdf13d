# SPDX-License-Identifier: GPL-2.0-only
#
# cg_list: see `make help`, and README.md.

KDIR	?= /lib/modules/$(shell uname -r)/build
PREFIX	?= /usr/local
DESTDIR	?=

# The kernels that qemu/kernels.tab has for a purpose.
kernels	= $(shell awk '$$1 == "use" && $$2 == "$(1)" { print $$3 }' qemu/kernels.tab)

HELPERS	:= $(patsubst qemu/tests/%.c,build/helpers/%,$(wildcard qemu/tests/*.c))
HELPERS	+= build/helpers/contract

# memcgstat first: it is of use without the module.
all: programs module

module: kdir
	$(MAKE) -C "$(KDIR)" M="$(CURDIR)" modules

# One line instead of what make and kbuild say of a directory that is not there.
kdir:
	@test -f "$(KDIR)/Makefile" || { \
		echo "cg_list: no kernel to build for: $(KDIR) has no Makefile." \
			"Install the headers (Debian: linux-headers-$$(uname -r)) or say KDIR=;" \
			"memcgstat needs none: make programs" >&2; exit 1; }
	@test -f "$(KDIR)/Module.symvers" -o -f "$(KDIR)/include/config/auto.conf" || { \
		echo "cg_list: $(KDIR) is no configured kernel: make modules_prepare there" >&2; exit 1; }
	@case "$(CURDIR)" in *[\ :]*) \
		echo "cg_list: kbuild takes no blank or colon in a path:" \
			"move the clone, or use scripts/build-module" >&2; exit 1 ;; esac

programs:
	+@$(MAKE) --no-print-directory -C userspace all

# What the guest's tests call, static: it runs on any guest.
helpers: $(HELPERS)

build/helpers/%: qemu/tests/%.c qemu/tests/crew.h
	@mkdir -p $(@D)
	$(CC) -O2 -Wall -static -pthread -o $@ $<

# The contract as text, for 28-contract.
build/helpers/contract: userspace/tests/contract.c include/cg_list/names.h
	@mkdir -p $(@D)
	$(CC) -O2 -Wall -static -Iinclude -o $@ $<

demo:
	@scripts/demo

units:
	@module/tests/run

test:
	@scripts/install-packages test
	@scripts/test

bench:
	@scripts/install-packages bench
	@scripts/bench $(GUESTS)

shell:
	@scripts/install-packages demo
	@scripts/shell $(KERNEL)

kernel:
	@scripts/install-packages demo
	@scripts/build-kernel $(or $(KERNEL),$(call kernels,default))

install: all
	$(MAKE) -C "$(KDIR)" M="$(CURDIR)" INSTALL_MOD_PATH=$(DESTDIR) modules_install
	$(MAKE) -C userspace install PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)

check:
	@scripts/install-packages check
	@scripts/check

check-kernel:
	@scripts/check-kernel

soak:
	@scripts/install-packages soak
	@scripts/soak

coverage:
	@scripts/install-packages coverage
	@scripts/coverage

# The picture of what uses what, from the code.
architecture:
	@scripts/architecture

fuzz:
	@scripts/install-packages fuzz
	@scripts/fuzz

deb:
	@scripts/install-packages deb
	@scripts/deb

clean:
	rm -rf build
	$(MAKE) -C userspace clean
	rm -f *.o *.ko *.mod *.mod.c .*.cmd Module.symvers modules.order
	find module -name '*.o' -o -name '.*.cmd' | xargs rm -f

help:
	@echo 'make               cg_list.ko for KDIR=, and memcgstat'
	@echo 'make demo          a process meets its limit, in a guest'
	@echo 'make test          all tests: KERNEL="$(call kernels,test)"'
	@echo '                   (on the one with -debug a few)'
	@echo '                   TESTS="10-*" JOBS=3 VERBOSE=1 are understood'
	@echo 'make units         the module without a kernel: numbers, the ring, pairing'
	@echo 'make bench         what it costs, against the budgets: GUESTS="charge read"'
	@echo 'make shell         an interactive guest: KERNEL=$(call kernels,default)'
	@echo 'make kernel        build a test kernel: KERNEL=$(call kernels,default) (see scripts/build-kernel)'
	@echo 'make check         what is found without running it: see scripts/check'
	@echo 'make check-kernel  what is assumed of a kernel: KERNEL_SRC= or KDIR= or IMAGE='
	@echo 'make soak          what takes long: PARTS="storms faults" (see scripts/soak)'
	@echo 'make coverage      which lines of the module the tests reach'
	@echo 'make architecture  docs/floors.svg: who uses whom, drawn from the code'
	@echo 'make fuzz          a coverage-guided fuzzer in guests, with a page (docs/fuzzing.md)'
	@echo 'make install       the module and memcgstat: KDIR= PREFIX= DESTDIR='
	@echo 'make deb           Debian packages: the module for DKMS, and memcgstat'
	@echo 'make clean         what was built here; the cache of kernels stays'

.PHONY: all module kdir programs helpers demo units test bench shell kernel install check check-kernel soak coverage fuzz architecture deb clean help
