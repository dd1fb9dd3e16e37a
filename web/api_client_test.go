package web

import (
	"reflect"
	"testing"

	"concord/client"
)

// TestClientAgreesWithInterface holds the types of the Go client to those of the
// interface: the same fields, the same ones optional.
func TestClientAgreesWithInterface(t *testing.T) {
	for name, pair := range map[string][2]reflect.Type{
		"Standard": {reflect.TypeFor[apiStandard](), reflect.TypeFor[client.Standard]()}, "Clause": {reflect.TypeFor[apiClause](), reflect.TypeFor[client.Clause]()},
		"Match": {reflect.TypeFor[apiMatch](), reflect.TypeFor[client.Match]()}, "Decision": {reflect.TypeFor[apiDecision](), reflect.TypeFor[client.Decision]()},
		"Outcome": {reflect.TypeFor[apiOutcome](), reflect.TypeFor[client.Outcome]()}, "Recognition": {reflect.TypeFor[apiRecognition](), reflect.TypeFor[client.Recognition]()},
		"Condition": {reflect.TypeFor[apiCondition](), reflect.TypeFor[client.Condition]()}, "Seen": {reflect.TypeFor[apiSeen](), reflect.TypeFor[client.Seen]()},
		"Amendment": {reflect.TypeFor[apiAmendment](), reflect.TypeFor[client.Amendment]()},
		"Dossier":   {reflect.TypeFor[apiDossier](), reflect.TypeFor[client.Dossier]()}, "Side": {reflect.TypeFor[apiSide](), reflect.TypeFor[client.Side]()},
		"Round": {reflect.TypeFor[apiRound](), reflect.TypeFor[client.Round]()}, "Signature": {reflect.TypeFor[apiSignature](), reflect.TypeFor[client.Signature]()},
		"Change": {reflect.TypeFor[apiChange](), reflect.TypeFor[client.Change]()}, "Changes": {reflect.TypeFor[apiChangePage](), reflect.TypeFor[client.Changes]()},
		"Overlay":  {reflect.TypeFor[apiOverlay](), reflect.TypeFor[client.Overlay]()},
		"Parallel": {reflect.TypeFor[apiParallel](), reflect.TypeFor[client.Parallel]()},
		"Title":    {reflect.TypeFor[apiTitle](), reflect.TypeFor[client.Title]()}, "Adoption": {reflect.TypeFor[apiAdoption](), reflect.TypeFor[client.Adoption]()},
		"ExportAsk": {reflect.TypeFor[apiExportAsk](), reflect.TypeFor[client.ExportAsk]()}, "ExportJob": {reflect.TypeFor[apiExportJob](), reflect.TypeFor[client.ExportJob]()},
		"Equivalents": {reflect.TypeFor[apiEquivalents](), reflect.TypeFor[client.Equivalents]()},
		"SearchPage":  {reflect.TypeFor[apiSearch](), reflect.TypeFor[client.SearchPage]()}, "Hit": {reflect.TypeFor[apiHit](), reflect.TypeFor[client.Hit]()},
		"FacetValue": {reflect.TypeFor[apiCount](), reflect.TypeFor[client.FacetValue]()}, "Understood": {reflect.TypeFor[apiUnderstood](), reflect.TypeFor[client.Understood]()},
		"Learned": {reflect.TypeFor[apiLearned](), reflect.TypeFor[client.Learned]()}, "Rendering": {reflect.TypeFor[apiRendering](), reflect.TypeFor[client.Rendering]()},
		"Proposals": {reflect.TypeFor[apiProposals](), reflect.TypeFor[client.Proposals]()}, "Proposal": {reflect.TypeFor[apiProposal](), reflect.TypeFor[client.Proposal]()},
	} {
		if ours, theirs := tagsOf(pair[0]), tagsOf(pair[1]); !reflect.DeepEqual(ours, theirs) {
			t.Errorf("%s has the fields %v, of the client %v", name, ours, theirs)
		}
	}
	// The control: two types that differ are told apart.
	if reflect.DeepEqual(tagsOf(reflect.TypeFor[apiStandard]()), tagsOf(reflect.TypeFor[client.Clause]())) {
		t.Error("a difference is not noticed")
	}
}

// tagsOf are the JSON names of a type's fields in order; absent is absent, however
// Go says it.
func tagsOf(typ reflect.Type) []string {
	var out []string
	for _, f := range reflect.VisibleFields(typ) {
		tag := f.Tag.Get("json")
		if tag == "-" || f.Anonymous && tag == "" {
			continue // of the client alone, or its fields are the type's own, as JSON has them
		}
		if len(tag) > 9 && tag[len(tag)-9:] == ",omitzero" {
			tag = tag[:len(tag)-9] + ",omitempty"
		}
		out = append(out, tag)
	}
	return out
}
