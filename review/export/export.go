// Package export writes agreed matches in the formats other people work with.
//
// Each format is one file of this package and one row of Formats. It never
// decides what is agreed and never exports a proposal. Its one surprise: rights
// and blindness are applied once, when a Set is made, so no format can leak what
// it was not given.
package export

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
	"concord/matcher"
	"concord/review"
	"concord/review/exchange"
)

// Source is where the matches of a dossier and their texts come from.
type Source interface {
	corpus.Library
	Standards(ctx context.Context) ([]corpus.Holding, error)
	Dossier(ctx context.Context, id uuid.UUID) (review.Dossier, error)
	Matches(ctx context.Context, f review.Filter) (review.Page, error)
	// Reservations are those of a dossier, withdrawn ones too.
	Reservations(ctx context.Context, dossier uuid.UUID) ([]review.Reservation, error)
	// Coverage counts what became of the normative clauses, for each ordered
	// pair; by is "standard".
	CoverageOf(ctx context.Context, by string, f review.CoverageFilter) ([]review.Coverage, error)
}

// Ledger is an extra ability of a Source: the last row of its audit chain, which
// names the state of the database that a document was made from.
type Ledger interface {
	AuditHead(ctx context.Context) (seq int64, hash string, err error)
}

// Options choose what goes into a Set.
type Options struct {
	// BaseURI begins the addresses of standards and clauses; "" means DefaultBase.
	BaseURI string
	// License is the address of the licence of the mapping; "" means
	// DefaultLicense.
	License string
	// Now is the time written into the file.
	Now time.Time
	// Version is the program's.
	Version string
	// Language is that of headings and remarks in documents; "" means English.
	Language corpus.Language
	// OneSided adds what one person or side has answered, marked, to the formats that
	// can mark it (Format.Marks); nobody's answer is told.
	OneSided bool
	// Only leaves out every match that is not chosen; nil chooses all.
	Only *Selection
	// Step hears how many items are read, and ends the export by an error; it may be nil.
	Step func(read int) error
	// Template is how documents look, nil for the program's own way.
	Template *Stationery
	// Label names a concept in a language, "" when it is unknown; it may be nil.
	Label func(concept string, in corpus.Language) string
	// Sentence says a suggested condition in a language, "" where it cannot, and the
	// condition stays in English; it may be nil.
	Sentence func(c corpus.Condition, in corpus.Language) string
	// Figures finds the quantities that a text of a standard prints, in their order and
	// apart from each other; it may be nil.
	Figures func(c corpus.Clause, s corpus.Standard) []Figure
}

// Figure is a quantity as a text prints it: bytes From to To of the text, without the
// heading, and what it measures, "" when that is not known.
type Figure struct {
	From, To int
	Measures string
}

// Selection chooses matches, as a page under its filters shows them.
type Selection struct {
	Matches   map[uuid.UUID]bool
	Standards []corpus.StandardID // whose counts are told, the two that face each other
	Said      string              // the filter in words, in the language of the document
}

// DefaultBase is used when nobody gave an address of their own; .invalid never
// resolves (RFC 2606), so nobody mistakes it for a real one.
const DefaultBase = "https://concord.invalid"

// DefaultLicense says that the makers chose no licence yet (the address SSSOM
// reserves for that).
const DefaultLicense = "https://w3id.org/sssom/license/unspecified"

// Item is one agreed match with the texts of both sides, as they may be shown.
// The match carries no proposal.
type Item struct {
	Match   review.Match
	Sources []corpus.Clause
	Targets []corpus.Clause
	// Differences are the figures and citations read from the texts that were
	// agreed on, within the rights of both; nil when they were never compared.
	Differences []matcher.Difference
	// Reserved are the reservations that stand against the match.
	Reserved []review.Reservation
}

// Set is what a format writes: the agreed matches of one dossier.
type Set struct {
	Dossier   review.Dossier
	Standards map[corpus.StandardID]corpus.Standard
	Items     []Item // by source standard and position
	Waiting   []Item // answered and not agreed, empty unless Options.OneSided; without outcome or decisions
	Coverage  []review.Coverage
	Reserved  []review.Reservation // against the whole
	AuditSeq  int64                // of the last audit row when the Set was made, 0 when not known
	AuditHash string               // of that row
	Round     *Stamp               // the round it was made from, nil for what is agreed now
	Options   Options
	used      []corpus.StandardID // that clauses of items belong to, nil while the items tell it
	counted   *tally              // of all items, nil while those that are held tell it
	before    tally               // of the items before those that are held
	kept      *spool              // rows of tables that are written already
	paging    bool                // the items are a page of more
	sums      *sums               // of the pages before, nil where all items are held
}

// Format writes a Set.
type Format struct {
	Name      string
	Extension string
	MediaType string
	Write     func(w io.Writer, s Set) error
	Marks     bool // can mark what is not agreed yet
	// Lines writes items as they come, with those of a Set that holds none; nil for
	// formats that need them all.
	Lines func(w io.Writer, s Set, rows Rows) error
}

// Formats lists every format.
var Formats = []Format{
	{Name: "csv", Extension: ".csv", MediaType: "text/csv; charset=utf-8", Write: CSV, Marks: true, Lines: csvLines},
	{Name: "xlsx", Extension: ".xlsx", MediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Write: XLSX, Marks: true, Lines: xlsxLines},
	{Name: "docx", Extension: ".docx", MediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Write: DOCX, Marks: true, Lines: wordLines(DocumentReport, Set.document)},
	{Name: "html", Extension: ".html", MediaType: "text/html; charset=utf-8", Write: HTML, Marks: true, Lines: pageLines(DocumentReport, Set.document)},
	{Name: "gb", Extension: ".gb.docx", MediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Write: GB, Lines: gbLines},
	{Name: "gost", Extension: ".gost.docx", MediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Write: GOST, Lines: gostLines},
	{Name: "mra", Extension: ".mra.docx", MediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Write: MRA, Lines: mraLines},
	{Name: "mra-html", Extension: ".mra.html", MediaType: "text/html; charset=utf-8", Write: MRAPage, Lines: mraPageLines},
	{Name: "oscal", Extension: ".oscal.json", MediaType: "application/json", Write: OSCAL, Lines: oscalLines},
	{Name: "strm", Extension: ".strm.csv", MediaType: "text/csv; charset=utf-8", Write: STRM, Lines: strmLines},
	{Name: "skos", Extension: ".ttl", MediaType: "text/turtle; charset=utf-8", Write: SKOS, Lines: skosLines},
	{Name: "jsonld", Extension: ".jsonld", MediaType: "application/ld+json", Write: JSONLD, Lines: jsonldLines},
	{Name: "jskos", Extension: ".jskos.ndjson", MediaType: "application/x-ndjson", Write: JSKOS, Lines: jskosLines},
	{Name: "ciso", Extension: ".ciso.yaml", MediaType: "application/yaml", Write: CISO, Lines: cisoLines},
	{Name: "fhir", Extension: ".fhir.json", MediaType: "application/fhir+json", Write: FHIR, Lines: fhirLines},
	{Name: "tmx", Extension: ".tmx", MediaType: "application/x-tmx+xml", Write: TMX, Lines: tmxLines},
	{Name: "sssom", Extension: ".sssom.tsv", MediaType: "text/tab-separated-values; charset=utf-8", Write: SSSOM11, Lines: sssom11Lines},
	{Name: "sssom-1.0", Extension: ".sssom.tsv", MediaType: "text/tab-separated-values; charset=utf-8", Write: SSSOM10, Lines: sssom10Lines},
}

// ByName finds a format; corpus.ErrInvalid names the ones there are.
func ByName(name string) (Format, error) {
	i := slices.IndexFunc(Formats, func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, fmt.Errorf("%q is not a format, the formats are %s: %w", name, strings.Join(Names(), ", "), corpus.ErrInvalid)
	}
	return Formats[i], nil
}

// Names lists the names of the formats.
func Names() []string {
	var out []string
	for _, f := range Formats {
		out = append(out, f.Name)
	}
	return out
}

// Gather reads the agreed matches of a dossier. Suspect ones are left out: what
// was agreed on a text that has changed is not agreed any more.
func Gather(ctx context.Context, source Source, dossier uuid.UUID, o Options) (Set, error) {
	p, err := begin(ctx, source, dossier, o)
	if err != nil {
		return Set{}, err
	}
	return p.all(ctx)
}

// Open reads what Gather reads but the matches, which are counted and read when the
// Set is written.
func Open(ctx context.Context, source Source, dossier uuid.UUID, o Options) (*Opened, error) {
	p, err := begin(ctx, source, dossier, o)
	if err != nil {
		return nil, err
	}
	return p, p.count(ctx)
}

// begin reads what stands around the matches of a dossier.
func begin(ctx context.Context, source Source, dossier uuid.UUID, o Options) (*Opened, error) {
	d, err := source.Dossier(ctx, dossier)
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	if o.BaseURI == "" {
		o.BaseURI = DefaultBase
	}
	if o.License == "" {
		o.License = DefaultLicense
	}
	o.BaseURI = strings.TrimRight(o.BaseURI, "/")
	p := &Opened{Set: Set{Dossier: d, Standards: map[corpus.StandardID]corpus.Standard{}, Options: o}, source: source}
	if err := p.surround(ctx, source); err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	if p.reserved, err = source.Reservations(ctx, dossier); err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	p.Reserved = review.Reserved(p.reserved, nil)
	return p, nil
}

// surround reads what stands around the matches: the state of the database, the
// standards and the counts.
func (s *Set) surround(ctx context.Context, source Source) (err error) {
	if ledger, able := source.(Ledger); able {
		if s.AuditSeq, s.AuditHash, err = ledger.AuditHead(ctx); err != nil {
			return err
		}
	}
	holdings, err := source.Standards(ctx)
	if err != nil {
		return err
	}
	for _, h := range holdings {
		s.Standards[h.Standard.ID] = h.Standard
	}
	s.Coverage, err = source.CoverageOf(ctx, "standard", review.CoverageFilter{Dossier: s.Dossier.ID, Binding: true}) // as the pairs: on the present texts
	if only := s.Options.Only; only != nil {
		s.Coverage = slices.DeleteFunc(slices.Clone(s.Coverage), func(c review.Coverage) bool {
			return !slices.Contains(only.Standards, corpus.StandardID(c.From)) || !slices.Contains(only.Standards, corpus.StandardID(c.To))
		})
	}
	return err
}

// items reads the texts of a page of matches at once.
func (s *Set) items(ctx context.Context, library corpus.Library, matches []review.Match) ([]Item, error) {
	var ids []corpus.ClauseID
	for _, m := range matches {
		ids = append(ids, m.Clauses()...)
	}
	clauses, err := library.Clauses(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var out []Item
	byID, whole := map[corpus.ClauseID]corpus.Clause{}, map[corpus.ClauseID]bool{}
	for _, c := range clauses {
		shown := s.Standards[c.Standard].Rights.Shown(c)
		byID[c.ID], whole[c.ID] = shown, shown.Wording() == c.Wording()
	}
	for _, m := range matches {
		item := Item{Match: review.Shown(m, review.Person{}), Differences: differences(m, whole)}
		item.Match.Proposal = nil
		for _, id := range m.Sources {
			item.Sources = append(item.Sources, byID[id])
		}
		for _, id := range m.Targets {
			item.Targets = append(item.Targets, byID[id])
		}
		out = append(out, item)
	}
	return out, nil
}

// settled is the Set without what is not agreed, for forms that cannot mark it.
func (s Set) settled() Set {
	s.Waiting, s.Options.OneSided = nil, false
	return s
}

// agreedBy lists the decisions that agreed on a match.
func (i Item) agreedBy() []review.Decision {
	var out []review.Decision
	for _, d := range i.Match.Decisions {
		if i.Match.Outcome != nil && slices.Contains(i.Match.Outcome.By, d.ID) {
			out = append(out, d)
		}
	}
	return out
}

// date is the day of the last decision that agreed, "" when none.
func (i Item) date() string {
	var last time.Time
	for _, d := range i.agreedBy() {
		if d.At.After(last) {
			last = d.At
		}
	}
	if last.IsZero() {
		return ""
	}
	return last.UTC().Format(time.DateOnly)
}

// clean takes control characters out of a text, which no table can carry.
func clean(s string) string { return exchange.Clean(s) }

// oneLine folds white space, for cells that must not break.
func oneLine(s string) string { return exchange.OneLine(s) }
