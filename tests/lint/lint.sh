#!/bin/sh
# lint.sh: what the compiler does not check. Prints TAP; exits 1 if anything is found.
cd "$(dirname "$0")/../.." || exit 1
mkdir -p build/lint
rm -f build/lint/found

# check NAME: passes if standard input is empty, else shows it.
check() {
    found=$(cat)
    if [ -z "$found" ]; then
        echo "ok - lint: $1"
    else
        echo "not ok - lint: $1"
        echo "$found" | head -40
        : > build/lint/found
    fi
}

# Who may call whom: cli -> algorithms, formats, lib; formats -> lib; algorithms -> lib/err.h, lib/clones.h; lib -> nothing of ours.
{
    grep -n '#include "' lib/*.[ch] | grep -v '#include "lib/'
    grep -n '#include "' formats/*.[ch] | grep -v '#include "\(lib\|formats\)/'
    grep -n '#include "' algorithms/*.[ch] | grep -v '#include "\(lib/err.h\|lib/clones.h\|algorithms/\)'
    grep -n '#include "' cli/*.[ch] | grep -v '#include "\(lib\|algorithms\|formats\|cli\)/'
} | check "includes go one way"

# An outside library is included in one place.
for pair in jansson.h:lib/json.h hdf5.h:formats/hdf5_file.h fftw3.h:algorithms/fft.c FLAC/stream_decoder.h:formats/wfdb_file.c FLAC/stream_encoder.h:formats/wfdb_pack.c cairo/cairo.h:lib/draw.c cairo/cairo-pdf.h:lib/draw.c fontconfig/fontconfig.h:lib/draw.c xxhash.h:lib/digest.h nettle/sha2.h:lib/sha256.c nettle/hmac.h:lib/secret.c curl/curl.h:lib/transfer.c getopt.h:lib/command.c edflib.h:tests/unit/test_edf_writer.c; do
    grep -ln "#include <${pair%%:*}>" lib/* formats/* algorithms/* cli/* | grep -v "^${pair#*:}$"
done | check "outside libraries are included in one place"

# No variable that changes outside a function, no changing static inside one.
for o in build/lib/*.o build/formats/*.o build/algorithms/*.o build/cli/*.o; do
    objdump -t "$o" | grep -E '[[:space:]]\.(data|bss)(\.[a-zA-Z_]+)?[[:space:]]' | grep -v '\.data\.rel\.ro' |
        grep -Ev ' d  ' | sed "s|^|$o: |"
done | check "no changing globals"

# What the library needs of ours is in it.
nm -D --undefined-only build/libkymo.so | grep ' kymo_' | check "the shared library is whole"

# Functions that overrun, that depend on the locale or that hide errors.
grep -nE '\b(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|atof|strtok|setlocale|tmpnam|system)\(' \
    lib/*.c formats/*.c algorithms/*.c cli/*.c | check "no banned functions"

# Only cli/main.c prints to standard error or exits.
grep -nE '\b(exit|abort|_exit)\(|\bstderr\b|\b(printf|puts|putchar|perror)\(' lib/*.c formats/*.c algorithms/*.c cli/*.c |
    grep -v '^cli/main.c:' | check "only cli/main.c prints errors"

# A file that a page names is there.
for page in README.md CONTRIBUTING.md tests/*/README.md; do
    grep -oE '\b(lib|formats|algorithms|cli|model|man|testdata|tests/[a-z]+)/[A-Za-z0-9_*-]+\.([ch]|sh|md|[157]|list)\b' "$page" | grep -v NAME | sort -u |
        while read -r f; do ls $f > /dev/null 2>&1 || echo "$page: $f"; done
done | check "pages name files that are there"

# What a program wrote, which says so in its first line, is not for reading.
for f in lib/*.[ch] formats/*.[ch] algorithms/*.[ch] cli/*.[ch] model/*.[ch]; do
    head -1 "$f" | grep -q '; made by .*, not to be edited\.$' || grep -HnE '.{129,}' "$f" | cut -c1-100
done | check "lines of at most 128 characters"

for f in lib/*.c formats/*.c algorithms/*.c cli/*.c; do
    clang -std=gnu11 -D_GNU_SOURCE -I. -I/usr/include/hdf5/serial -fsyntax-only -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes "$f" 2>&1
done | check "clang warns of nothing"

cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr -I. \
    lib formats algorithms cli 2>&1 | check "cppcheck finds nothing"

mandoc -Tlint -W warning man/*.[1-9] 2>&1 | check "manual pages are well-formed"

# OPTIONS of each page is what the program says of itself; each command has a page.
for c in $(build/kymo help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
    page=man/kymo-$c.1
    [ -f "$page" ] || { echo "no $page"; continue; }
    sed -n '/^\.\\" options: begin/,/^\.\\" options: end/p' "$page" | sed '1d;$d' > build/lint/page
    build/kymo "$c" --help=mdoc > build/lint/program
    cmp -s build/lint/page build/lint/program || echo "$page: OPTIONS differs from kymo $c --help; run make man"
done | check "manual pages and programs have the same options"

for tool in clang cppcheck mandoc objdump nm; do
    command -v "$tool" > /dev/null || echo "$tool is not installed"
done | check "the tools are installed"

[ ! -e build/lint/found ]
