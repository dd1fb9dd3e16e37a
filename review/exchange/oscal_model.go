package exchange

import (
	"encoding/json"
	"fmt"
	"io"

	"concord/corpus"
)

// The model of OSCAL mapping collections 1.2 (NIST), in the order of its schema.
// What nothing here looks into is kept as it is.
type (
	// OSCALFile is a file with one collection.
	OSCALFile struct {
		Collection OSCALCollection `json:"mapping-collection"`
	}
	// OSCALCollection is a set of mappings between pairs of resources.
	OSCALCollection struct {
		UUID       string           `json:"uuid"`
		Metadata   OSCALMetadata    `json:"metadata"`
		Provenance OSCALProvenance  `json:"provenance"`
		Mappings   OSCALMappings    `json:"mappings"`
		BackMatter *OSCALBackMatter `json:"back-matter,omitempty"`
	}
	// OSCALMetadata says what the collection is and who made it.
	OSCALMetadata struct {
		Title        string             `json:"title"`
		Published    string             `json:"published,omitempty"`
		LastModified string             `json:"last-modified"`
		Version      string             `json:"version"`
		OSCALVersion string             `json:"oscal-version"`
		Revisions    json.RawMessage    `json:"revisions,omitempty"`
		DocumentIDs  json.RawMessage    `json:"document-ids,omitempty"`
		Props        []OSCALProp        `json:"props,omitempty"`
		Links        json.RawMessage    `json:"links,omitempty"`
		Roles        []OSCALRole        `json:"roles,omitempty"`
		Locations    json.RawMessage    `json:"locations,omitempty"`
		Parties      []OSCALParty       `json:"parties,omitempty"`
		Responsible  []OSCALResponsible `json:"responsible-parties,omitempty"`
		Actions      json.RawMessage    `json:"actions,omitempty"`
		Remarks      string             `json:"remarks,omitempty"`
	}
	// OSCALProp is a property; NS says whose.
	OSCALProp struct {
		Name    string `json:"name"`
		UUID    string `json:"uuid,omitempty"`
		NS      string `json:"ns,omitempty"`
		Value   string `json:"value"`
		Class   string `json:"class,omitempty"`
		Group   string `json:"group,omitempty"`
		Remarks string `json:"remarks,omitempty"`
	}
	// OSCALRole is a role that parties have.
	OSCALRole struct {
		ID          string          `json:"id"`
		Title       string          `json:"title"`
		ShortName   string          `json:"short-name,omitempty"`
		Description string          `json:"description,omitempty"`
		Props       []OSCALProp     `json:"props,omitempty"`
		Links       json.RawMessage `json:"links,omitempty"`
		Remarks     string          `json:"remarks,omitempty"`
	}
	// OSCALParty is a person or an organization.
	OSCALParty struct {
		UUID          string          `json:"uuid"`
		Type          string          `json:"type"`
		Name          string          `json:"name,omitempty"`
		ShortName     string          `json:"short-name,omitempty"`
		ExternalIDs   json.RawMessage `json:"external-ids,omitempty"`
		Props         []OSCALProp     `json:"props,omitempty"`
		Links         json.RawMessage `json:"links,omitempty"`
		Emails        json.RawMessage `json:"email-addresses,omitempty"`
		Phones        json.RawMessage `json:"telephone-numbers,omitempty"`
		Addresses     json.RawMessage `json:"addresses,omitempty"`
		LocationUUIDs json.RawMessage `json:"location-uuids,omitempty"`
		MemberOf      json.RawMessage `json:"member-of-organizations,omitempty"`
		Remarks       string          `json:"remarks,omitempty"`
	}
	// OSCALProvenance says how the collection was made.
	OSCALProvenance struct {
		Method      string             `json:"method"`
		Rationale   string             `json:"matching-rationale"`
		Status      string             `json:"status"`
		Confidence  json.RawMessage    `json:"confidence-score,omitempty"`
		Coverage    json.RawMessage    `json:"coverage,omitempty"`
		Description string             `json:"mapping-description"`
		Responsible []OSCALResponsible `json:"responsible-parties,omitempty"`
		Props       []OSCALProp        `json:"props,omitempty"`
		Links       json.RawMessage    `json:"links,omitempty"`
		Remarks     string             `json:"remarks,omitempty"`
	}
	// OSCALResponsible names the parties in a role.
	OSCALResponsible struct {
		Role    string          `json:"role-id"`
		Parties []string        `json:"party-uuids"`
		Props   []OSCALProp     `json:"props,omitempty"`
		Links   json.RawMessage `json:"links,omitempty"`
		Remarks string          `json:"remarks,omitempty"`
	}
	// OSCALMapping relates two resources.
	OSCALMapping struct {
		UUID        string          `json:"uuid"`
		Method      string          `json:"method,omitempty"`
		Rationale   string          `json:"matching-rationale,omitempty"`
		Status      string          `json:"status,omitempty"`
		Source      OSCALResource   `json:"source-resource"`
		Target      OSCALResource   `json:"target-resource"`
		Maps        []OSCALMap      `json:"maps"`
		Props       []OSCALProp     `json:"props,omitempty"`
		Links       json.RawMessage `json:"links,omitempty"`
		Remarks     string          `json:"remarks,omitempty"`
		Description string          `json:"mapping-description,omitempty"`
		SourceGaps  *OSCALGaps      `json:"source-gap-summary,omitempty"`
		TargetGaps  *OSCALGaps      `json:"target-gap-summary,omitempty"`
		Confidence  json.RawMessage `json:"confidence-score,omitempty"`
		Coverage    json.RawMessage `json:"coverage,omitempty"`
	}
	// OSCALResource is a catalog, by an address or by "#" and a uuid of the back matter.
	OSCALResource struct {
		NS      string          `json:"ns,omitempty"`
		Type    string          `json:"type"`
		Href    string          `json:"href"`
		Props   []OSCALProp     `json:"props,omitempty"`
		Links   json.RawMessage `json:"links,omitempty"`
		Remarks string          `json:"remarks,omitempty"`
	}
	// OSCALMap relates sets of controls.
	OSCALMap struct {
		UUID         string           `json:"uuid"`
		NS           string           `json:"ns,omitempty"`
		Rationale    string           `json:"matching-rationale,omitempty"`
		Relationship OSCALRelation    `json:"relationship"`
		Sources      []OSCALItem      `json:"sources"`
		Targets      []OSCALItem      `json:"targets"`
		Qualifiers   []OSCALQualifier `json:"qualifiers,omitempty"`
		Confidence   json.RawMessage  `json:"confidence-score,omitempty"`
		Coverage     json.RawMessage  `json:"coverage,omitempty"`
		Props        []OSCALProp      `json:"props,omitempty"`
		Links        json.RawMessage  `json:"links,omitempty"`
		Remarks      string           `json:"remarks,omitempty"`
	}
	// OSCALItem is a control or a statement of one.
	OSCALItem struct {
		Type    string          `json:"type"`
		IDRef   string          `json:"id-ref"`
		Props   []OSCALProp     `json:"props,omitempty"`
		Links   json.RawMessage `json:"links,omitempty"`
		Remarks string          `json:"remarks,omitempty"`
	}
	// OSCALQualifier says what must be added.
	OSCALQualifier struct {
		Subject     string `json:"subject"`
		Predicate   string `json:"predicate"`
		Category    string `json:"category"`
		Description string `json:"description"`
		Remarks     string `json:"remarks,omitempty"`
	}
	// OSCALGaps are controls without a counterpart.
	OSCALGaps struct {
		UUID     string          `json:"uuid"`
		Unmapped []OSCALUnmapped `json:"unmapped-controls"`
	}
	// OSCALUnmapped names controls.
	OSCALUnmapped struct {
		Children string          `json:"with-child-controls,omitempty"`
		IDs      []string        `json:"with-ids,omitempty"`
		Matching json.RawMessage `json:"matching,omitempty"`
	}
	// OSCALBackMatter holds the resources that are referred to.
	OSCALBackMatter struct {
		Resources []OSCALBackResource `json:"resources"`
	}
	// OSCALBackResource is one of them.
	OSCALBackResource struct {
		UUID        string          `json:"uuid"`
		Title       string          `json:"title,omitempty"`
		Description string          `json:"description,omitempty"`
		Props       []OSCALProp     `json:"props,omitempty"`
		DocumentIDs json.RawMessage `json:"document-ids,omitempty"`
		Citation    json.RawMessage `json:"citation,omitempty"`
		Rlinks      []OSCALRlink    `json:"rlinks,omitempty"`
		Base64      json.RawMessage `json:"base64,omitempty"`
		Remarks     string          `json:"remarks,omitempty"`
	}
	// OSCALRlink is where a resource lies.
	OSCALRlink struct {
		Href      string          `json:"href"`
		MediaType string          `json:"media-type,omitempty"`
		Hashes    json.RawMessage `json:"hashes,omitempty"`
	}
)

// OSCALRelation is a relationship. Some write it as an object with a type, as the
// metaschema has it; it is written as a string, as the JSON schema has it.
type OSCALRelation string

// UnmarshalJSON reads both forms.
func (r *OSCALRelation) UnmarshalJSON(body []byte) error {
	var object struct{ Type string }
	if json.Unmarshal(body, &object) == nil && object.Type != "" {
		*r = OSCALRelation(object.Type)
		return nil
	}
	return json.Unmarshal(body, (*string)(r))
}

// OSCALMappings are mappings; a single one may be written without a list.
type OSCALMappings []OSCALMapping

// UnmarshalJSON reads a list or one mapping.
func (m *OSCALMappings) UnmarshalJSON(body []byte) error {
	if len(body) > 0 && body[0] == '{' {
		*m = make(OSCALMappings, 1)
		return json.Unmarshal(body, &(*m)[0])
	}
	return json.Unmarshal(body, (*[]OSCALMapping)(m))
}

// Write writes the file, indented by one space.
func (f OSCALFile) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(f); err != nil {
		return fmt.Errorf("write OSCAL: %w", err)
	}
	return nil
}

// OSCALRelations is the table from relations to OSCAL's relationships.
var OSCALRelations = map[corpus.Relation]OSCALRelation{
	corpus.RelationIdentical:  "equal-to",
	corpus.RelationEquivalent: "equivalent-to",
	corpus.RelationSubset:     "subset-of",
	corpus.RelationSuperset:   "superset-of",
	corpus.RelationOverlap:    "intersects-with",
	corpus.RelationNone:       "no-relationship",
}
