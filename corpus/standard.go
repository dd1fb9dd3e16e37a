// Package corpus says what a standard and a clause are.
//
// It is the ground floor: every other package speaks in its types, and it
// imports nothing but the standard library. It reads no file, keeps nothing
// and compares no meaning.
package corpus

import "strings"

// StandardID names one edition of one standard, readable and safe in a URL:
// "cn-gb-50016-2014". It never changes once given, because decisions, exports
// and links refer to it.
type StandardID string

// Language is a BCP 47 tag as far as texts need it: "zh", "zh-Hant", "en".
type Language string

// Base is the tag without script and region: "zh" for "zh-Hant".
func (l Language) Base() Language {
	base, _, _ := strings.Cut(string(l), "-")
	return Language(strings.ToLower(base))
}

// RightToLeft tells whether the language is written from right to left.
func (l Language) RightToLeft() bool {
	switch l.Base() {
	case "ar", "fa", "he", "ur", "ckb":
		return true
	}
	return false
}

// Jurisdiction is where a standard binds: an ISO 3166-1 alpha-2 code, or "EU",
// "EAEU", "GCC", "INT" for bodies of several countries.
type Jurisdiction string

// Domain is the field of cooperation a standard belongs to.
type Domain string

// The three fields of soft connectivity that Concord serves.
const (
	DomainEngineering Domain = "engineering"
	DomainPark        Domain = "park"
	DomainDigital     Domain = "digital"
)

// Domains lists every domain in the order pages show them.
var Domains = []Domain{DomainEngineering, DomainPark, DomainDigital}

// Tradition is a school of drafting. It decides what obligation words mean and
// how clauses are numbered; the language alone does not (следует binds in GOST,
// and only advises in a translated ISO text).
type Tradition string

// The drafting traditions Concord tells apart (own classification, after the
// clause and obligation tables of the field).
const (
	TraditionISO            Tradition = "iso"             // ISO/IEC Directives Part 2, in any language
	TraditionEN             Tradition = "en"              // CEN/CENELEC and their national editions
	TraditionGB             Tradition = "gb"              // GB/T 1.1
	TraditionGBConstruction Tradition = "gb-construction" // GB 50xxx, JGJ, CJJ with 条文说明
	TraditionGBGeneralCode  Tradition = "gb-general-code" // GB 55xxx: every article mandatory
	TraditionCNLaw          Tradition = "cn-law"
	TraditionGOST           Tradition = "gost"
	TraditionRUBuilding     Tradition = "ru-building" // СП, СНиП, СН РК, СП РК
	TraditionRULaw          Tradition = "ru-law"
	TraditionUKGuidance     Tradition = "uk-guidance" // Approved Documents
	TraditionUSCode         Tradition = "us-code"
	TraditionEULaw          Tradition = "eu-law"
	TraditionFRLaw          Tradition = "fr-law"
	TraditionFRStandard     Tradition = "fr-standard"
	TraditionESLaw          Tradition = "es-law"
	TraditionESStandard     Tradition = "es-standard"
	TraditionDELaw          Tradition = "de-law"
	TraditionARLaw          Tradition = "ar-law"
	TraditionARStandard     Tradition = "ar-standard"
	TraditionVNLaw          Tradition = "vn-law"
	TraditionIDLaw          Tradition = "id-law"
	TraditionUnknown        Tradition = ""
)

// Degree is the declared degree of correspondence of an adoption
// (ISO/IEC Guide 21-1:2005, clause 4 and clause 8 for the abbreviations).
type Degree string

// Degrees of correspondence. NEQ does not count as adoption.
const (
	Identical     Degree = "IDT"
	Modified      Degree = "MOD"
	NotEquivalent Degree = "NEQ"
)

// Adoption is a declaration that a standard adopts another one.
type Adoption struct {
	Designation string `json:"designation"` // of the adopted standard, as printed
	Degree      Degree `json:"degree"`
}

// Status is where an edition stands in its life.
type Status string

// The states of an edition.
const (
	StatusInForce    Status = "in-force"
	StatusSuperseded Status = "superseded"
	StatusWithdrawn  Status = "withdrawn"
	StatusDraft      Status = "draft"
	StatusUnknown    Status = ""
)

// Title is a standard's title in one language.
type Title struct {
	Language Language `json:"lang"`
	Text     string   `json:"text"`
}

// Standard is one edition of one standard, without its clauses.
type Standard struct {
	ID           StandardID   `json:"id"`
	Designation  string       `json:"designation"` // as printed: "GB 50016-2014"
	Titles       []Title      `json:"titles"`      // the text's own language first
	Issuer       string       `json:"issuer"`
	Jurisdiction Jurisdiction `json:"jurisdiction"`
	Language     Language     `json:"language"` // of the text
	Domain       Domain       `json:"domain"`
	Edition      string       `json:"edition"` // year or edition as printed
	Status       Status       `json:"status,omitempty"`
	InForce      string       `json:"inForce,omitempty"` // ISO date, "" when not known
	Replaces     []string     `json:"replaces,omitempty"`
	ReplacedBy   []string     `json:"replacedBy,omitempty"`
	Adopts       []Adoption   `json:"adopts,omitempty"`
	ICS          []string     `json:"ics,omitempty"`
	CCS          []string     `json:"ccs,omitempty"` // Chinese classification: a letter and two digits, "C80"
	Tradition    Tradition    `json:"tradition,omitempty"`
	Rights       Rights       `json:"rights"`
	// Authenticity is what a person or the document says of this language
	// edition; AuthenticityOf is what it counts as.
	Authenticity Authenticity `json:"authenticity,omitempty"`
	// Overlay and Base are what a person or the document says of a document that
	// amends another one, or is a national annex of it; OverlayOf is what holds.
	Overlay OverlayKind `json:"overlay,omitempty"`
	Base    string      `json:"base,omitempty"` // designation
	// Demonstration marks a text that is not the official one; Notice says so
	// in words and is shown wherever the text is.
	Demonstration bool   `json:"demonstration,omitempty"`
	Notice        string `json:"notice,omitempty"`
	// Source says where the text came from: the name of the file read.
	Source string `json:"source,omitempty"`
}

// Title returns the title in the wanted language, else in the text's own
// language, else the first there is, with the language it is in.
func (s Standard) Title(want Language) Title {
	for _, exact := range []Language{want, s.Language} {
		for _, t := range s.Titles {
			if t.Language.Base() == exact.Base() {
				return t
			}
		}
	}
	if len(s.Titles) > 0 {
		return s.Titles[0]
	}
	return Title{Language: "und", Text: s.Designation}
}
