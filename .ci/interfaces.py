"""What the tools of other worlds say of our files, beside the tests in Go: the JSON
and RDF libraries, the resources of FHIR, and the schemas that ../shared has. It is
given a folder of exports (one file a format) and ends with an error that says what
does not hold; what is not installed is said and skipped."""
import json
import pathlib
import re
import sys

folder, schemas = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
failed = []


def check(name, needs, run):
    try:
        for module in needs:
            __import__(module)
    except ImportError as missing:
        print(f"skipped: {name}, {missing.name} is not installed")
        return
    try:
        print(f"ok: {name}: {run()}")
    except (Exception, SystemExit) as fault:  # whatever a tool raises is a finding
        failed.append(name)
        print(f"FAILED: {name}: {type(fault).__name__} {fault}"[:2000])


def rdf():
    import rdflib
    from rdflib.compare import isomorphic
    from rdflib.namespace import RDF, SKOS
    turtle = rdflib.Graph().parse(folder / "x.skos", format="turtle")
    linked = rdflib.Graph().parse(folder / "x.jsonld", format="json-ld")
    for graph in (turtle, linked):  # each was made at its own second
        graph.remove((None, rdflib.namespace.DCTERMS.created, None))
    assert isomorphic(turtle, linked), "Turtle and JSON-LD are different graphs"
    concepts = set(turtle.subjects(RDF.type, SKOS.Concept))
    pairs = [t for p in (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch) for t in turtle.triples((None, p, None))]
    assert pairs, "nothing is related"
    for a, _, b in pairs:
        assert a in concepts and b in concepts, f"{a} or {b} is no concept of the file"
    linked.remove(pairs[0])
    assert not isomorphic(turtle, linked), "a statement less is not noticed"
    return f"{len(turtle)} statements, {len(pairs)} relations, the same in both files"


# The integrity conditions of the SKOS reference (S9, S13, S14, S27, S46) as shapes.
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass skos:Concept ; sh:not [ sh:class skos:ConceptScheme ] ;
  sh:property [ sh:path skos:prefLabel ; sh:uniqueLang true ] ;
  sh:property [ sh:path skos:inScheme ; sh:minCount 1 ; sh:class skos:ConceptScheme ] ;
  sh:property [ sh:path skos:notation ; sh:maxCount 1 ] ;
  sh:property [ sh:path skos:exactMatch ; sh:disjoint skos:broadMatch ] ;
  sh:property [ sh:path skos:exactMatch ; sh:disjoint skos:relatedMatch ] ;
  sh:property [ sh:path skos:exactMatch ; sh:nodeKind sh:IRI ] .
"""


def shacl():
    import pyshacl
    import rdflib
    shapes = rdflib.Graph().parse(data=SHAPES, format="turtle")
    graph = rdflib.Graph().parse(folder / "x.skos", format="turtle")
    holds, _, text = pyshacl.validate(graph, shacl_graph=shapes)
    assert holds, text
    from rdflib.namespace import SKOS
    a, _, b = next(iter(graph.triples((None, SKOS.exactMatch, None))))
    graph.add((a, SKOS.broadMatch, b))
    assert not pyshacl.validate(graph, shacl_graph=shapes)[0], "a clash is not noticed"
    return "the integrity conditions of SKOS hold"


def skosify():
    import logging
    import skosify as tool
    log = []
    handler = logging.Handler()
    handler.emit = lambda record: log.append(record.getMessage())
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)
    import shutil
    import tempfile
    with tempfile.TemporaryDirectory() as at:  # it tells the format by the name
        copy = pathlib.Path(at) / "x.ttl"
        shutil.copy(folder / "x.skos", copy)
        graph = tool.skosify(str(copy))
    bad = [line for line in log if "oncept scheme" not in line]  # it wants one scheme a file and a label of its kind
    assert not bad, bad[:5]
    return f"{len(graph)} statements after it"


def fhir():
    from fhir.resources.conceptmap import ConceptMap
    body = json.loads((folder / "x.fhir").read_text())
    map_ = ConceptMap.model_validate(body)
    words = {"related-to", "equivalent", "source-is-narrower-than-target", "source-is-broader-than-target", "not-related-to"}
    targets = [t for g in map_.group for e in g.element for t in e.target or []]
    assert targets and {t.relationship for t in targets} <= words
    body["group"][0]["element"][0]["equivalence"] = "equal"
    try:
        ConceptMap.model_validate(body)
    except Exception:
        return f"a ConceptMap of {len(map_.group)} groups, {len(targets)} targets"
    raise AssertionError("a field that FHIR does not have is taken")


# What the loader of CISO Assistant asks for (its data model and library importer).
CISO_URN = re.compile(r"^urn:([a-zA-Z0-9._-]+):([a-zA-Z0-9._-]+):([a-zA-Z0-9._-]+):([a-zA-Z0-9._:-]+)$")


def ciso(text=None):
    import yaml
    library = yaml.safe_load(text or (folder / "x.ciso").read_text())
    for field in ("urn", "locale", "ref_id", "name", "version", "objects"):
        assert library.get(field), f"the library has no {field}"
    assert isinstance(library["version"], int) and library["version"] >= 1
    sets, urns, n = library["objects"]["requirement_mapping_sets"], set(), 0
    for s in sets:
        for field in ("urn", "name", "source_framework_urn", "target_framework_urn", "requirement_mappings"):
            assert s.get(field), f"a set has no {field}"
        assert s["urn"] not in urns and s["source_framework_urn"] != s["target_framework_urn"]
        urns.add(s["urn"])
        pairs = set()
        for m in s["requirement_mappings"]:
            assert m["relationship"] in {"subset", "intersect", "equal", "superset", "not_related"}, m
            assert m["rationale"] in {"syntactic", "semantic", "functional"}, m
            assert isinstance(m["strength_of_relationship"], int) and 0 <= m["strength_of_relationship"] <= 10, m
            assert isinstance(m.get("annotation", ""), str)
            for urn in (m["source_requirement_urn"], m["target_requirement_urn"]):
                assert CISO_URN.match(urn) and urn == urn.lower(), urn
            pair = (m["source_requirement_urn"], m["target_requirement_urn"])
            assert pair not in pairs, f"{pair} stands twice"
            pairs.add(pair)
            n += 1
    if text is None:
        try:
            ciso((folder / "x.ciso").read_text().replace("relationship: equal", "relationship: same"))
        except AssertionError:
            return f"{len(sets)} mapping sets, {n} mappings"
        raise AssertionError("a relationship that the tool does not have is taken")


def oscal():
    import jsonschema
    schema = json.loads((schemas / "oscal_complete_schema.json").read_text())
    def cure(node):  # its patterns are ECMAScript's, which Python's re does not know
        if isinstance(node, dict):
            return {k: cure(v) for k, v in node.items() if k != "pattern"}
        return [cure(v) for v in node] if isinstance(node, list) else node
    validator = jsonschema.Draft7Validator(cure(schema))
    body = json.loads((folder / "x.oscal").read_text())
    faults = [f"{list(e.absolute_path)}: {e.message}"[:300] for e in validator.iter_errors(body)]
    assert not faults, faults[:5]
    body["mapping-collection"]["extra"] = 1
    assert list(validator.iter_errors(body)), "a field that OSCAL does not have is taken"
    return f"{len(body['mapping-collection']['mappings'])} mappings"


def catalog():
    from trestle.oscal.catalog import Catalog
    file = folder / "x.oscal-catalog.json"
    read = Catalog.oscal_read(file)
    def count(controls):
        return sum(1 + count(c.controls or []) for c in controls or [])
    def below(groups):
        return sum(count(g.controls) + below(getattr(g, "groups", None)) for g in groups or [])
    n = count(read.controls) + below(read.groups)
    assert n > 10, n
    broken = folder / "x.broken-catalog.json"
    broken.write_text(file.read_text().replace('"title"', '"titel"', 3))
    try:
        Catalog.oscal_read(broken)
    except Exception:
        return f"{n} controls"
    raise AssertionError("a catalog without a title is taken")


def tbx():
    from lxml import etree
    schema = etree.RelaxNG(etree.parse(str(schemas / "tbx.rng")))
    document = etree.parse(str(folder / "x.tbx"))
    core = {"descrip", "admin", "termNote"}  # data categories are of the dialect, TBX-Basic, and not of the core
    for element in list(document.getroot().iter()):
        if etree.QName(element).localname in core:
            element.getparent().remove(element)
    schema.assertValid(document)
    for entry in document.getroot().iter("{urn:iso:std:iso:30042:ed-2}conceptEntry"):
        entry.append(etree.Element("nonsense"))
        assert not schema.validate(document), "an element that TBX does not have is taken"
        return "its structure is valid by RELAX NG"
    raise AssertionError("it has no entries")


def tmx():
    from lxml import etree
    root = etree.parse(str(folder / "x.tmx"), etree.XMLParser(load_dtd=False)).getroot()
    need = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}
    assert root.get("version") == "1.4" and need <= set(root.find("header").attrib)
    units = root.findall("body/tu")
    for tu in units:
        languages = [t.get("{http://www.w3.org/XML/1998/namespace}lang") for t in tu.findall("tuv")]
        assert len(languages) == 2 and languages[0] != languages[1] and all(t.find("seg").text for t in tu.findall("tuv"))
    return f"{len(units)} units"


check("SKOS as Turtle and JSON-LD (rdflib)", ["rdflib"], rdf)
check("SKOS (pyshacl)", ["pyshacl"], shacl)
check("SKOS (skosify)", ["skosify"], skosify)
check("FHIR ConceptMap (fhir.resources)", ["fhir.resources"], fhir)
check("CISO Assistant library", ["yaml"], ciso)
check("TMX", ["lxml"], tmx)
check("OSCAL catalog (compliance-trestle)", ["trestle"], catalog)
if schemas.is_dir():
    check("OSCAL (JSON schema 1.2.1)", ["jsonschema"], oscal)
    check("TBX (RELAX NG)", ["lxml"], tbx)
else:
    print("skipped: OSCAL and TBX by their schemas, which are not here")
sys.exit(1 if failed else 0)
