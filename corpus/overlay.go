package corpus

import (
	"regexp"
	"strings"
)

// OverlayKind is what a document is that changes or completes another standard
// and has no meaning without it.
type OverlayKind string

// The kinds of overlay. OverlayNone is said by a person of what looks like one.
const (
	OverlayAmendment   OverlayKind = "amendment"
	OverlayCorrigendum OverlayKind = "corrigendum"
	OverlayAnnex       OverlayKind = "national-annex"
	OverlayNone        OverlayKind = "none"
)

// Overlay says what a document is to its base.
type Overlay struct {
	Kind OverlayKind
	Base string // designation of the base, as printed
	Why  string // the designation or title that says so; "" when a person did
}

// overlayForm is one way in which designations and titles name an overlay: what
// matches is one, and its first group holds the designation of the base.
type overlayForm struct {
	kind OverlayKind
	form *regexp.Regexp
}

func form(kind OverlayKind, pattern string) overlayForm {
	return overlayForm{kind, regexp.MustCompile(`(?i)^` + pattern + `$`)}
}

// overlayForms is the table, after how publishers print them (ISO, IEC, EN, BS,
// DIN, SAC, GOST). A "+A1" is none: it names a text with the amendment inside.
var overlayForms = []overlayForm{
	form(OverlayAmendment, `(.+?)\s*/\s*(?:XG|Amd|A)[ .]*\d{1,2}(?:\s*[-:—–]\s*\d{4})?`),
	form(OverlayCorrigendum, `(.+?)\s*/\s*(?:Cor|Corr|AC)[ .]*\d{0,2}(?:\s*[-:—–]\s*\d{4})?`),
	form(OverlayAnnex, `(.+?)[/ ]NA(?:\s*[-:—–]\s*\d{4}(?:-\d{2})?)?`),
	form(OverlayAnnex, `NA to (.+)`),
	form(OverlayAnnex, `(?:UK |German |Irish |Swedish )?National Annex(?: \([a-z]+\))? (?:to|of|for) (.+)`),
	form(OverlayAnnex, `Национальное приложение(?: №?\s*\d+)? к (.+)`),
	form(OverlayAnnex, `Annexe nationale (?:à|de) (?:la )?(.+)`),
	form(OverlayAnnex, `(.+?)\s*国家附录.*`),
	form(OverlayAmendment, `Amendment(?: No\.?)?(?: \d+)? (?:to|of) (.+)`),
	form(OverlayCorrigendum, `(?:Technical )?Corrigendum(?: No\.?)?(?: \d+)? (?:to|of) (.+)`),
	form(OverlayAmendment, `Изменение(?: №?\s*\d+)?(?: к| в)? (.+)`),
	form(OverlayCorrigendum, `Поправка(?: №?\s*\d+)?(?: к)? (.+)`),
	form(OverlayAmendment, `Amendement(?: n°?)?(?: ?\d+)? (?:à|de) (?:la )?(.+)`),
	form(OverlayCorrigendum, `Rectificatif(?: n°?)?(?: ?\d+)? (?:à|de) (?:la )?(.+)`),
	form(OverlayAmendment, `Modificación(?: n\.?º?)?(?: ?\d+)? (?:a|de) (?:la )?(.+)`),
	form(OverlayAmendment, `التعديل(?: رقم)?(?: \d+)? (?:على|للمواصفة) (.+)`),
	form(OverlayAmendment, `(.+?)[/\s]*第?\s*[0-9一二三四五六七八九十]*\s*号?修改单.*`),
	form(OverlayAmendment, `(.+?)[/\s（(]*局部修订(?:的?条文)?[）)]?`),
	form(OverlayCorrigendum, `(.+?)[/\s]*勘误表?`),
}

// overlayHint is in everything that one of the forms matches.
var overlayHint = regexp.MustCompile(`(?i)/\s*(?:XG|Amd|A|Cor|Corr|AC)[ .]*\d|/AC|/Cor|[/ ]NA\b|^NA to|National Annex|annexe nationale|приложение|国家附录|Amend|Corrigendum|Изменение|Поправка|Rectificatif|Modificación|التعديل|修改单|局部修订|勘误`)

// OverlayOf tells whether a standard is an overlay, by what a person said, its
// designation or a title; never by what its text cites. What names no designation
// as its base is none.
func OverlayOf(s Standard) (Overlay, bool) {
	if s.Overlay == OverlayNone {
		return Overlay{}, false
	}
	found := readOverlay(s)
	if s.Overlay != "" {
		found.Kind, found.Why = s.Overlay, ""
	}
	if s.Base != "" && found.Kind != "" {
		found.Base = s.Base
	}
	return found, found.Kind != "" && found.Base != ""
}

func readOverlay(s Standard) Overlay {
	if o := knownOverlays.of(s.Designation, overlayIn); o.Kind != "" {
		return o
	}
	for _, t := range s.Titles {
		if o := knownOverlays.of(t.Text, overlayIn); o.Kind != "" {
			return o
		}
	}
	return Overlay{}
}

// knownOverlays are designations and titles that were read before.
var knownOverlays memo[Overlay]

// overlayIn reads a designation or title; it has no kind when that names no
// overlay.
func overlayIn(name string) Overlay {
	name = foldSpace(name)
	if !overlayHint.MatchString(name) {
		return Overlay{}
	}
	for _, f := range overlayForms {
		m := f.form.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		if base := baseIn(m[1]); base != "" {
			return Overlay{f.kind, base, name}
		}
	}
	return Overlay{}
}

// quotedTitle is a title in the marks that Chinese and Russian print around it.
var quotedTitle = regexp.MustCompile(`《[^》]*》|«[^»]*»|"[^"]*"`)

// baseIn is the designation that a text begins with, apart from a quoted title,
// "" when it begins with none or names two.
func baseIn(text string) string {
	text = strings.TrimSpace(quotedTitle.ReplaceAllString(text, " "))
	if _, err := ParseDesignation(text); err == nil {
		return text
	}
	found := FindDesignations(text)
	if len(found) != 1 || found[0].Start != 0 {
		return ""
	}
	return strings.TrimSpace(text[:found[0].End])
}

// Overlays finds overlays and bases among standards. It is made once and only
// read afterwards.
type Overlays struct {
	byBase map[string][]overlaid // by the work of the base
	plain  map[string][]Standard // what is no overlay, by work
}

type overlaid struct {
	Standard
	over Overlay
}

// Over is an overlay on a base that was asked for.
type Over struct {
	Standard Standard
	Overlay  Overlay
}

// OverlaysOf takes in what is kept.
func OverlaysOf(holdings []Holding) *Overlays {
	o := &Overlays{byBase: map[string][]overlaid{}, plain: map[string][]Standard{}}
	for _, h := range holdings {
		over, is := OverlayOf(h.Standard)
		if is {
			key := workKey(over.Base)
			o.byBase[key] = append(o.byBase[key], overlaid{h.Standard, over})
			continue
		}
		key := workKey(h.Standard.Designation)
		o.plain[key] = append(o.plain[key], h.Standard)
	}
	return o
}

// On lists the overlays of a base, in the order they apply: by year, then by
// designation and id.
func (o *Overlays) On(base Standard) []Over {
	var out []Over
	for _, x := range o.byBase[workKey(base.Designation)] {
		if x.ID != base.ID && SameDesignation(x.over.Base, base.Designation) {
			out = append(out, Over{x.Standard, x.over})
		}
	}
	SortRows(out, func(a, b Over) int {
		return compareAll(overlayYear(a.Standard), overlayYear(b.Standard), a.Standard.Designation, b.Standard.Designation, string(a.Standard.ID), string(b.Standard.ID))
	})
	return out
}

// Bases lists the kept standards that an overlay lies on: in its language first,
// then by id.
func (o *Overlays) Bases(s Standard) []Standard {
	over, is := OverlayOf(s)
	if !is {
		return nil
	}
	var out []Standard
	for _, base := range o.plain[workKey(over.Base)] {
		if base.ID != s.ID && SameDesignation(over.Base, base.Designation) {
			out = append(out, base)
		}
	}
	other := func(x Standard) string {
		if x.Language.Base() == s.Language.Base() {
			return ""
		}
		return "other"
	}
	SortRows(out, func(a, b Standard) int { return compareAll(other(a), other(b), string(a.ID), string(b.ID)) })
	return out
}

// overlayYear is the year an overlay was made in: the last in its designation,
// else of its edition.
func overlayYear(s Standard) string {
	if years := aYear.FindAllString(s.Designation, -1); len(years) > 1 {
		return years[len(years)-1]
	}
	return aYear.FindString(s.Edition)
}

// compareAll compares texts in pairs until two differ.
func compareAll(pairs ...string) int {
	for i := 0; i+1 < len(pairs); i += 2 {
		if c := strings.Compare(pairs[i], pairs[i+1]); c != 0 {
			return c
		}
	}
	return 0
}
