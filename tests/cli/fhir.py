"""fhir.py: what tests ask of the bundles of kymo export. Prints what is wrong, nothing if nothing is.

fhir.py structure FILE...      what must be in a bundle and its resources, whether references lead to one, systems of codes
fhir.py schema SCHEMA FILE...  validity by the published JSON schema; needs the Python module jsonschema
fhir.py values FILE...         a line for each observation: codes, name, value and unit or why there is none, when
fhir.py samples FILE           a line for each lead of each strip: label, code, first sample, numbers
"""
import json
import re
import signal
import sys

UUID8 = re.compile(r'[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}')
SYSTEMS = {
    'http://loinc.org': {'8867-4', '2708-6', '59408-5', '80404-7'},
    'urn:iso:std:iso:11073:10101': {str(n) for n in [131328, 131329, 131330, *range(131331, 131337), *range(131389, 131393)]},
    'http://unitsofmeasure.org': {'%', '/min', 'ms', 'h', '/h', '%.min/h', 'mV', 'uV', 'nV', 'V'},
    'http://terminology.hl7.org/CodeSystem/observation-category': {'vital-signs', 'procedure'},
    'http://terminology.hl7.org/CodeSystem/data-absent-reason': {'not-performed'},
}
NEEDS = {
    'Device': ['deviceName', 'type'],
    'DocumentReference': ['status', 'content'],
    'Observation': ['status', 'category', 'code', 'subject', 'derivedFrom'],
}


def walk(value):
    yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from walk(part)


def observation(r):
    values = [k for k in r if k.startswith('value') or k in ('dataAbsentReason', 'component')]
    if len(values) != 1:
        yield f'has {values}'
    if len([k for k in r if k.lstrip('_').startswith('effective')]) != 1:
        yield 'has not one time'
    if 'coding' not in r['code'] and 'method' not in r and 'dataAbsentReason' not in r:
        yield 'has neither code nor rule'
    for c in r.get('component', []):
        d = c['valueSampledData']
        if not {'origin', 'period', 'dimensions'} <= d.keys():
            yield 'has incomplete samples'
        if not re.fullmatch(r'(-?\d+(\.\d+)?|[EUL])( (-?\d+(\.\d+)?|[EUL]))*', d['data']):
            yield 'has samples that are no numbers'


def structure(b):
    if (b['resourceType'], b['type']) != ('Bundle', 'collection') or not UUID8.fullmatch(b['id']):
        yield 'no collection'
    urls = [e['fullUrl'] for e in b['entry']]
    if len(set(urls)) != len(urls):
        yield 'two resources with one id'
    for e in b['entry']:
        r = e['resource']
        name = f"{r['resourceType']} {r['id']}"
        if e['fullUrl'] != 'urn:uuid:' + r['id'] or not UUID8.fullmatch(r['id']):
            yield f'{name}: its id is another'
        for k in NEEDS[r['resourceType']]:
            if not r.get(k):
                yield f'{name}: no {k}'
        for part in walk(r):
            if part in ({}, [], '', None):
                yield f'{name}: an empty element'
            if not isinstance(part, dict):
                continue
            if part.get('reference', '').startswith('urn:uuid:') and part['reference'] not in urls and part is not r.get('subject'):
                yield f"{name}: {part['reference']} is not in the bundle"
            if 'system' in part and part.get('code') not in SYSTEMS.get(part['system'], ()):
                yield f"{name}: {part.get('code')} of {part['system']}"
        if r['resourceType'] == 'Observation':
            yield from (f'{name} {what}' for what in observation(r))


def schema(path):
    import jsonschema
    with open(path) as f:
        whole = json.load(f)
    one = {k: v for k, v in whole.items() if k != 'oneOf'}

    def errors(b):
        if jsonschema.Draft6Validator(whole).is_valid(b):
            return
        yield 'not valid'
        for r in [b] + [e['resource'] for e in b.get('entry', [])]:
            if r is not b:
                v = jsonschema.Draft6Validator({**one, '$ref': '#/definitions/' + r['resourceType']})
                for e in v.iter_errors(r):
                    yield f"{r['resourceType']}: {'/'.join(map(str, e.path))}: {e.message[:120]}"
    return errors


def values(b):
    for e in b['entry']:
        r = e['resource']
        if r['resourceType'] != 'Observation' or 'component' in r:
            continue
        codes = '+'.join(c['code'] for c in r['code'].get('coding', []))
        q = r.get('valueQuantity', {})
        value = r.get('valueInteger', q.get('value', r.get('dataAbsentReason', {}).get('text')))
        when = r.get('effectiveDateTime') or ' '.join(r.get('effectivePeriod', {}).values())
        yield ' | '.join([codes, r['code']['text'], f"{value} {q.get('code', '')}".strip(), when])


def samples(b):
    for e in b['entry']:
        r = e['resource']
        for c in r.get('component', []):
            label = c['code']['text']
            first = re.search(re.escape(label) + r': .*? from sample (\d+) on', r['note'][0]['text']).group(1)
            code = c['code'].get('coding', [{}])[0].get('code', '-')
            yield f"{label} {code} {first} {c['valueSampledData']['data']}"


def main():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)   # head may have seen enough
    what, files = sys.argv[1], sys.argv[2:]
    look = {'structure': structure, 'values': values, 'samples': samples}.get(what) or schema(files.pop(0))
    for path in files:
        with open(path) as f:
            bundle = json.load(f)
        for line in look(bundle):
            print(line)


main()
