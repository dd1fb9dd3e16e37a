package client

import "time"

// The types below are those of the interface (/api/openapi.json). Fields that a
// newer server adds are ignored.
type (
	// Title is a title in one language.
	Title struct {
		Language string `json:"lang"`
		Text     string `json:"text"`
	}
	// Adoption says which standard another one adopts, and how far.
	Adoption struct {
		Designation string `json:"designation"`
		Degree      string `json:"degree"`
	}
	// Standard is one edition of one standard.
	Standard struct {
		ID            string     `json:"id"`
		Designation   string     `json:"designation"`
		Titles        []Title    `json:"titles"`
		Issuer        string     `json:"issuer"`
		Jurisdiction  string     `json:"jurisdiction"`
		Language      string     `json:"language"`
		Domain        string     `json:"domain"`
		Edition       string     `json:"edition"`
		Status        string     `json:"status"`
		InForce       string     `json:"inForce,omitempty"`
		Replaces      []string   `json:"replaces,omitempty"`
		ReplacedBy    []string   `json:"replacedBy,omitempty"`
		Adopts        []Adoption `json:"adopts,omitempty"`
		ICS           []string   `json:"ics,omitempty"`
		CCS           []string   `json:"ccs,omitempty"`
		Rights        string     `json:"rights"` // full, excerpt or titles
		Demonstration bool       `json:"demonstration"`
		Notice        string     `json:"notice,omitempty"`
		Clauses       int        `json:"clauses"`
		Normative     int        `json:"normative"`
		Authenticity  string     `json:"authenticity,omitempty"` // official or reference
		Stated        bool       `json:"authenticityStated"`     // by a person or the document; else taken from the language
		Parallel      []Parallel `json:"parallel,omitempty"`
		Overlay       *Overlay   `json:"overlay,omitempty"`
		OverlaidBy    []string   `json:"overlaidBy,omitempty"` // amendments and annexes, in the order they apply
	}
	// Overlay says which standard another one amends or completes.
	Overlay struct {
		Kind  string   `json:"kind"` // amendment, corrigendum or national-annex
		Base  string   `json:"base"` // designation
		Bases []string `json:"bases"`
	}
	// Parallel is an edition of the same text in another language.
	Parallel struct {
		Standard     string `json:"standard"`
		Clause       string `json:"clause,omitempty"`
		Designation  string `json:"designation"`
		Language     string `json:"language"`
		Authenticity string `json:"authenticity,omitempty"` // official or reference
		Stated       bool   `json:"authenticityStated"`
		By           string `json:"by"` // designation or adoption
	}
	// Clause is a clause as the standard's rights let it be shown. Digest is of the
	// whole wording, shown or not.
	Clause struct {
		ID           string   `json:"id"`
		Standard     string   `json:"standard"`
		Designation  string   `json:"designation"`
		Parent       string   `json:"parent,omitempty"`
		Label        string   `json:"label"`
		Number       string   `json:"number"`
		Kind         string   `json:"kind"`
		Heading      string   `json:"heading,omitempty"`
		Text         string   `json:"text"`
		Language     string   `json:"language"`
		Path         []string `json:"path,omitempty"`
		Illustrative bool     `json:"illustrative"`
		Rights       string   `json:"rights"`
		Digest       string   `json:"digest"`
		// Parallel names the clauses of the same number; only where one clause is asked for.
		Parallel []Parallel `json:"parallel,omitempty"`
	}
	// Condition is a condition as data; without a kind it is somebody's own words.
	Condition struct {
		Kind     string   `json:"kind,omitempty"`
		Concept  string   `json:"concept,omitempty"`
		Need     string   `json:"need,omitempty"`
		Has      string   `json:"has,omitempty"`
		Texts    []string `json:"texts,omitempty"`
		Language string   `json:"lang,omitempty"`
	}
	// Recognition is one direction: yes, with-conditions or no.
	Recognition struct {
		Answer     string      `json:"answer"`
		Conditions []string    `json:"conditions,omitempty"`
		Details    []Condition `json:"details,omitempty"`
	}
	// Seen is a text that a decision was made on, with the amendments that were known.
	Seen struct {
		Clause  string      `json:"clause"`
		Digest  string      `json:"digest"`
		Amended []Amendment `json:"amended,omitempty"`
	}
	// Amendment is what an amendment or annex does to a clause: Clause is the one of
	// the base in a Match. New tells that the match was not answered knowing it.
	Amendment struct {
		Clause string `json:"clause,omitempty"`
		By     string `json:"by"`
		Act    string `json:"act"`
		Digest string `json:"digest"`
		New    bool   `json:"new,omitempty"`
	}
	// Decision is one answer. Who gave it is told by party only.
	Decision struct {
		ID        string      `json:"id"`
		Seq       int64       `json:"seq"`
		Match     string      `json:"match"`
		Kind      string      `json:"kind"`
		Party     string      `json:"party"`
		Verdict   string      `json:"verdict,omitempty"`
		AToB      Recognition `json:"aToB"`
		BToA      Recognition `json:"bToA"`
		Reasons   []string    `json:"reasons,omitempty"`
		Note      string      `json:"note,omitempty"`
		Search    string      `json:"search,omitempty"`
		Withdraws string      `json:"withdraws,omitempty"`
		Seen      []Seen      `json:"seen"`
		Model     string      `json:"model,omitempty"`
		At        time.Time   `json:"at"`
	}
	// Outcome is what was agreed.
	Outcome struct {
		Verdict   string      `json:"verdict"`
		AToB      Recognition `json:"aToB"`
		BToA      Recognition `json:"bToA"`
		Decisions []string    `json:"decisions"`
	}
	// Match relates clauses of one standard to clauses of another.
	Match struct {
		ID        string      `json:"id"`
		Dossier   string      `json:"dossier"`
		Sources   []string    `json:"sources"`
		Targets   []string    `json:"targets"`
		Against   string      `json:"against"`
		Version   int         `json:"version"`
		State     string      `json:"state"`
		Suspect   bool        `json:"suspect"`
		Amended   []Amendment `json:"amended,omitempty"`
		Outcome   *Outcome    `json:"outcome,omitempty"`
		Decisions []Decision  `json:"decisions"`
		Updated   time.Time   `json:"updated"`
		// Features are the reasons of the kept comparison, if there is one.
		Features     []Feature     `json:"features,omitempty"`
		Reservations []Reservation `json:"reservations,omitempty"`
		// Comparison is what the present texts say of each other; only where one match
		// is asked for.
		Comparison *Comparison `json:"comparison,omitempty"`
	}
	// Feature is one signal's part in the score of a comparison.
	Feature struct {
		Signal string  `json:"signal"`
		Value  float64 `json:"value"`
		Effect float64 `json:"effect"`
	}
	// Reservation is a party's declared caveat against something agreed.
	Reservation struct {
		ID    string    `json:"id"`
		Party string    `json:"party"`
		Text  string    `json:"text"`
		At    time.Time `json:"at"`
	}
	// Span is a stretch of a wording in bytes of UTF-8, the end excluded.
	Span struct {
		Start int `json:"start"`
		End   int `json:"end"`
	}
	// Part is a clause of a side that was compared.
	Part struct {
		Clause string `json:"clause"`
		Digest string `json:"digest"`
		Span   Span   `json:"span"` // of the wordings of the side, a line feed between them
	}
	// Difference is one row of the table of differences.
	Difference struct {
		Aspect  string  `json:"aspect"`
		Concept string  `json:"concept,omitempty"`
		A       string  `json:"a,omitempty"`
		B       string  `json:"b,omitempty"`
		Finding string  `json:"finding"`
		Factor  float64 `json:"factor,omitempty"`
		Delta   float64 `json:"delta,omitempty"`
		Unit    string  `json:"unit,omitempty"`
		SpansA  []Span  `json:"spansA"`
		SpansB  []Span  `json:"spansB"`
	}
	// Comparison is what a program says of the texts of a match; nobody agreed to it.
	Comparison struct {
		Source      []Part       `json:"source"`
		Target      []Part       `json:"target"`
		Score       float64      `json:"score"`
		Confidence  float64      `json:"confidence"`
		Relation    string       `json:"relation"`
		AToB        Recognition  `json:"aToB"`
		BToA        Recognition  `json:"bToA"`
		Reasons     []Reason     `json:"reasons"`
		Differences []Difference `json:"differences"`
		Alignments  []Alignment  `json:"alignments"`
		Model       string       `json:"model"`
	}
	// Reason is one signal's part in a score, with its places.
	Reason struct {
		Signal      string  `json:"signal"`
		Value       float64 `json:"value"`
		Effect      float64 `json:"effect"`
		Source      []Span  `json:"source"`
		Target      []Span  `json:"target"`
		LearnedFrom int     `json:"learnedFrom,omitempty"`
	}
	// Alignment pairs a place of one side with one of the other.
	Alignment struct {
		Kind    string `json:"kind"`
		Concept string `json:"concept,omitempty"`
		Source  Span   `json:"source"`
		Target  Span   `json:"target"`
	}
	// Equivalents are the matches of one clause.
	Equivalents struct {
		Clause  string  `json:"clause"`
		Unknown bool    `json:"unknown,omitempty"` // no clause has this id
		Matches []Match `json:"matches"`
	}
	// Side is one party of a dossier with its standards.
	Side struct {
		Party     string   `json:"party"`
		Standards []string `json:"standards"`
	}
	// Dossier is one negotiation.
	Dossier struct {
		ID      string    `json:"id"`
		Name    string    `json:"name"`
		Domain  string    `json:"domain,omitempty"`
		Sides   []Side    `json:"sides"`
		Policy  string    `json:"policy"`
		Created time.Time `json:"created"`
		Closed  bool      `json:"closed"`
		// Reservations are those against everything that is agreed.
		Reservations []Reservation `json:"reservations,omitempty"`
	}
	// Signature says for which party a round is signed.
	Signature struct {
		Party string    `json:"party"`
		At    time.Time `json:"at"`
	}
	// Round is what a dossier agreed on at one time, frozen.
	Round struct {
		Dossier    string      `json:"dossier"`
		Number     int         `json:"number"`
		Name       string      `json:"name"`
		Party      string      `json:"party"`
		At         time.Time   `json:"at"`
		Checksum   string      `json:"checksum"`
		AuditSeq   int64       `json:"auditSeq"`
		AuditHash  string      `json:"auditHash"`
		Matches    int         `json:"matches"`
		LeftOut    int         `json:"leftOut"`
		Suspect    int         `json:"suspect"`
		Signatures []Signature `json:"signatures"`
		Unsigned   []string    `json:"unsigned"`
		// Reservations are those against the whole that it froze.
		Reservations []Reservation `json:"reservations,omitempty"`
	}
	// Change is one entry of the feed: what changed, and how it stands now. The
	// field named like Kind is set, unless the thing is removed.
	Change struct {
		Seq      int64     `json:"seq"`
		Kind     string    `json:"kind"`
		ID       string    `json:"id"`
		Removed  bool      `json:"removed,omitempty"`
		Standard *Standard `json:"standard,omitempty"`
		Clause   *Clause   `json:"clause,omitempty"`
		Dossier  *Dossier  `json:"dossier,omitempty"`
		Match    *Match    `json:"match,omitempty"`
		Round    *Round    `json:"round,omitempty"`
	}
	// Changes is a page of the feed.
	Changes struct {
		Items []Change `json:"items"`
		After int64    `json:"after"`
		More  bool     `json:"more"`
	}
)
