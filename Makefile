# Kymo. On a fresh Debian machine with git, gcc and make:
#   make demo     installs what is missing, builds, and runs the main job on a recording
#   make test     the same, and runs every test
# The rest: all san bench validate lint fuzz man install uninstall clean. Nothing is built outside build/.

ifeq ($(origin CC),default)
CC = gcc
endif
CFLAGS ?= -O3 -g
PREFIX ?= /usr/local
B      ?= build

PACKAGES = gcc make libc6-dev binutils libjansson-dev libxxhash-dev libfftw3-dev libhdf5-dev libflac-dev libcairo2-dev nettle-dev libcmocka-dev libedf-dev \
           libcurl4-openssl-dev openssl python3-cram cppcheck clang mandoc time util-linux age
FUZZ_PACKAGES = libclang-rt-14-dev
# What the tests of batch --slurm (as root) and --script-only=parallel start; they are skipped where these are missing, since they bring
# daemons to the machine.
SLURM_PACKAGES = slurmctld slurmd slurm-client munge parallel
# What looks at drawings and reports as people do; likewise skipped where it is missing, since it is large.
BROWSER_PACKAGES = chromium

KYMO_FLAGS = -std=gnu11 -D_GNU_SOURCE -I. -I/usr/include/hdf5/serial -fPIC -ffp-contract=off -MMD -MP \
             -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
LIBS       = -ljansson -lxxhash -lfftw3 -lFLAC -l:libnettle.a $(CAIRO) $(HDF5) -lm
# The program links HDF5 statically: the shared library brings 30 others, which would cost every command 4 ms at its start.
HDF5       = -l:libhdf5_serial.a -lsz -lz
# Likewise cairo, of which nothing that needs a display is taken: 1 ms.
CAIRO      = $(CAIRO_PARTS:%=-l:lib%.a)
CAIRO_PARTS = cairo pixman-1 fontconfig freetype png16 expat brotlidec brotlicommon uuid
SAN        = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

LIB_OBJ  = $(patsubst %.c,$(B)/%.o,$(wildcard lib/*.c formats/*.c algorithms/*.c)) $(B)/gen/formats.o
CLI_OBJ  = $(patsubst %.c,$(B)/%.o,$(wildcard cli/*.c)) $(B)/gen/commands.o
UNIT     = $(patsubst %.c,$(B)/%,$(wildcard tests/unit/test_*.c))
UNIT_HELP = $(patsubst %.c,$(B)/%.o,$(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c)) $(LEARNERS))
LEARNERS = $(filter-out model/train_%,$(wildcard model/*.c))   # what the programs of model/ share
REPLAY   = $(patsubst %.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c))
BENCH    = $(patsubst %.c,$(B)/%,$(wildcard tests/bench/*.c))

all: $(B)/kymo $(B)/libkymo.a $(B)/libkymo.so

$(B)/kymo: $(CLI_OBJ) $(B)/libkymo.a
	@echo "  ld $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/libkymo.a: $(LIB_OBJ)
	@echo "  ar $@"
	@$(AR) rcs $@ $^

$(B)/libkymo.so: $(LIB_OBJ)
	@echo "  ld $@"
	@$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,libkymo.so.0 -o $@ $^ $(subst $(CAIRO),-lcairo -lfontconfig,$(LIBS:-l:libhdf5_serial.a=-lhdf5_serial))

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) $(KYMO_FLAGS) $(CFLAGS) -c -o $@ $<

$(B)/gen/%.o: $(B)/gen/%.c
	@$(CC) $(KYMO_FLAGS) $(CFLAGS) -c -o $@ $<

# The lists of formats and of commands: every "const struct kymo_format kymo_format_NAME = {" is in them. Made at each run,
# since a file may have gone, but touched only if they change.
# make-list STRUCT HEADER LIST FILES
make-list = mkdir -p $(@D) && { echo '\#include "$(2)"'; \
            sed -n 's/^const struct $(1) \([a-z0-9_]*\) = .*/extern const struct $(1) \1;/p' $(4); \
            echo 'const struct $(1) *const $(3)[] = {'; \
            sed -n 's/^const struct $(1) \([a-z0-9_]*\) = .*/    \&\1,/p' $(4); echo '    NULL'; echo '};'; } > $@.new; \
            cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(B)/gen/formats.c: FORCE
	@$(call make-list,kymo_format,lib/reader.h,kymo_formats,$(sort $(wildcard formats/*.c)))

$(B)/gen/commands.c: FORCE
	@$(call make-list,kymo_command,lib/command.h,kymo_commands,$(sort $(wildcard cli/*.c)))

$(B)/tests/unit/%: tests/unit/%.c $(UNIT_HELP) $(B)/libkymo.a
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) $(KYMO_FLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(UNIT_HELP) $(B)/libkymo.a -lcmocka -ledf $(LIBS)

$(B)/tests/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(B)/libkymo.a
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) $(KYMO_FLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< tests/fuzz/replay.c $(B)/libkymo.a $(LIBS)

$(BENCH): $(B)/%: %.c $(B)/libkymo.a
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) $(KYMO_FLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(B)/libkymo.a $(if $(findstring bench,$@),-ledf) $(LIBS)

deps:
	@sh tests/deps.sh $(PACKAGES)

slurm-deps:
	@sh tests/deps.sh $(SLURM_PACKAGES)

browser-deps:
	@sh tests/deps.sh $(BROWSER_PACKAGES)

fhir-deps:
	@sh tests/fhir-deps.sh

demo: deps all
	@echo '$$ kymo qrs testdata/demo | kymo hrv -O text'
	@$(B)/kymo qrs testdata/demo | $(B)/kymo hrv -O text

# What a run of the tests needs of one build folder: programs, unit tests, replays of fuzz corpora.
tests: all $(UNIT) $(REPLAY)

san-build:
	@$(MAKE) --no-print-directory B=build/san CFLAGS="$(SAN)" LDFLAGS= tests

# Unit, command-line and corpus tests under the sanitizers only.
san: san-build
	@sh tests/run.sh build/san

test: deps
	@$(MAKE) --no-print-directory tests san-build
	@sh tests/run.sh build build/san

lint: all
	@sh tests/lint/lint.sh

bench: all $(BENCH)
	@sh tests/bench/bench.sh
	@sh tests/bench/batch.sh

validate: all
	@for what in qrs beats rhythm alarms quality; do \
	    KYMO_DATA="$(or $(DATA),$(KYMO_DATA))" bash tests/validation/$$what.sh || exit 1; done
	@bash tests/validation/report_rows.sh

# Learns the models of the detectors anew from the recordings in KYMO_DATA; gives the same bytes each time.
$(B)/model/train_%: model/train_%.c $(LEARNERS) $(wildcard model/*.h) $(B)/libkymo.a
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) $(KYMO_FLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(LEARNERS) $(B)/libkymo.a $(LIBS)

model: model-qrs model-beats model-af

model-qrs: $(B)/model/train_qrs
	@sh model/make.sh $< model/qrs.list > $(B)/model/qrs_model.c
	@cmp -s $(B)/model/qrs_model.c algorithms/qrs_model.c || cp $(B)/model/qrs_model.c algorithms/qrs_model.c

# Its beats are those of the QRS detector: learnt anew after it.
model-beats: $(B)/model/train_beats
	@sh model/make_beats.sh $< model/beats.list > $(B)/model/beat_model.c
	@cmp -s $(B)/model/beat_model.c algorithms/beat_model.c || cp $(B)/model/beat_model.c algorithms/beat_model.c

model-af: $(B)/model/train_af
	@sh model/make_af.sh $< model/af.list > $(B)/model/af_model.c
	@cmp -s $(B)/model/af_model.c algorithms/af_model.c || cp $(B)/model/af_model.c algorithms/af_model.c

# make fuzz SECONDS=600: each parser under libFuzzer, starting from its corpus.
SECONDS = 60
fuzz:
	@sh tests/deps.sh $(PACKAGES) $(FUZZ_PACKAGES)
	@$(MAKE) --no-print-directory B=build/fuzz CC=clang CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,address,undefined" build/fuzz/libkymo.a
	@LIBS="$(LIBS)" sh tests/fuzz/fuzz.sh $(SECONDS)

man: all
	@sh man/update-options.sh $(B)/kymo

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include/kymo/lib \
	    $(DESTDIR)$(PREFIX)/include/kymo/algorithms $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -m 755 $(B)/kymo $(DESTDIR)$(PREFIX)/bin/kymo
	install -m 644 $(B)/libkymo.a $(DESTDIR)$(PREFIX)/lib/libkymo.a
	install -m 755 $(B)/libkymo.so $(DESTDIR)$(PREFIX)/lib/libkymo.so.0
	ln -sf libkymo.so.0 $(DESTDIR)$(PREFIX)/lib/libkymo.so
	install -m 644 lib/*.h $(DESTDIR)$(PREFIX)/include/kymo/lib
	install -m 644 algorithms/*.h $(DESTDIR)$(PREFIX)/include/kymo/algorithms
	$(B)/kymo completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/kymo
	printf 'prefix=%s\nName: kymo\nDescription: recorded physiological signals\nVersion: %s\nLibs: -L$${prefix}/lib -lkymo\nLibs.private: %s\nCflags: -I$${prefix}/include/kymo\n' \
	    '$(PREFIX)' "$$($(B)/kymo --version | cut -d' ' -f2)" '$(LIBS)' > $(DESTDIR)$(PREFIX)/lib/pkgconfig/kymo.pc
	for page in man/*.[1-9]; do s=$${page##*.}; \
	    install -D -m 644 $$page $(DESTDIR)$(PREFIX)/share/man/man$$s/$${page##*/} || exit 1; done

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/kymo $(DESTDIR)$(PREFIX)/lib/libkymo.* $(DESTDIR)$(PREFIX)/lib/pkgconfig/kymo.pc \
	    $(DESTDIR)$(PREFIX)/share/bash-completion/completions/kymo
	rm -rf $(DESTDIR)$(PREFIX)/include/kymo
	for page in man/*.[1-9]; do s=$${page##*.}; rm -f $(DESTDIR)$(PREFIX)/share/man/man$$s/$${page##*/}; done

clean:
	rm -rf build

-include $(LIB_OBJ:.o=.d) $(UNIT_HELP:.o=.d) $(CLI_OBJ:.o=.d) $(UNIT:=.d) $(REPLAY:=.d) $(BENCH:=.d)
.PHONY: FORCE all deps slurm-deps browser-deps fhir-deps demo tests san san-build test lint bench validate model model-qrs model-beats model-af fuzz \
        man install uninstall clean
.SECONDARY:
