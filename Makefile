# Kymo. make demo: from a fresh machine to the main job on a recording. make test: every test.

ifeq ($(origin CC),default)
CC = gcc
endif
CFLAGS  ?= -O3 -g
PREFIX  ?= /usr/local
B       ?= build

KYMO_FLAGS = -std=gnu11 -D_GNU_SOURCE -I. -fPIC -ffp-contract=off -fvisibility=default -MMD -MP \
             -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
LIBS    = -ljansson -lxxhash -lfftw3 -lm

LIB_SRC = $(wildcard lib/*.c formats/*.c algorithms/*.c)
LIB_OBJ = $(LIB_SRC:%.c=$(B)/%.o) $(B)/gen/formats.o
CLI_OBJ = $(patsubst %.c,$(B)/%.o,$(wildcard cli/*.c)) $(B)/gen/commands.o

all: $(B)/kymo $(B)/libkymo.a $(B)/libkymo.so

$(B)/kymo: $(CLI_OBJ) $(B)/libkymo.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/libkymo.a: $(LIB_OBJ)
	$(AR) rcs $@ $^

$(B)/libkymo.so: $(LIB_OBJ)
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,libkymo.so.0 -o $@ $^ $(LIBS)

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) $(KYMO_FLAGS) $(CFLAGS) -c -o $@ $<

$(B)/gen/%.o: $(B)/gen/%.c
	@echo "  cc $<"
	@$(CC) $(KYMO_FLAGS) $(CFLAGS) -c -o $@ $<

# The lists of formats and commands: every file that defines one is in them.
$(B)/gen/formats.c: $(wildcard formats/*.c) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "lib/reader.h"'; \
	   sed -n 's/^const struct kymo_format \(kymo_format_[a-z0-9_]*\) = .*/extern const struct kymo_format \1;/p' $(wildcard formats/*.c); \
	   echo 'const struct kymo_format *const kymo_formats[] = {'; \
	   sed -n 's/^const struct kymo_format \(kymo_format_[a-z0-9_]*\) = .*/    \&\1,/p' $(wildcard formats/*.c); \
	   echo '    NULL'; echo '};'; } > $@

$(B)/gen/commands.c: $(wildcard cli/*.c) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "lib/command.h"'; \
	   sed -n 's/^const struct kymo_command \(kymo_cmd_[a-z0-9_]*\) = .*/extern const struct kymo_command \1;/p' $(wildcard cli/*.c); \
	   echo 'const struct kymo_command *const kymo_commands[] = {'; \
	   sed -n 's/^const struct kymo_command \(kymo_cmd_[a-z0-9_]*\) = .*/    \&\1,/p' $(wildcard cli/*.c); \
	   echo '    NULL'; echo '};'; } > $@

clean:
	rm -rf $(B)

-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d)
.PHONY: all clean
