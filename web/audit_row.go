package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// auditRowPage is one row of the audit with what it changed.
type auditRowPage struct {
	Shell
	Row      auditRow
	Changes  []auditChange
	Same     int    // fields that stayed
	More     int    // changes that are not listed
	Why      string // key of why nothing is shown, "" where something is
	Bound    bool   // what is shown has the fingerprint that stands in the chain
	First    bool   // nothing was there before
	Rights   bool   // texts are left out or cut by the rights of the standard
	Language corpus.Language
}

// auditChange is a field before and after, with the words that differ.
type auditChange struct {
	Label         string
	Raw           bool // the label is the program's own name
	Before, After []Piece
	Had, Has      bool
}

// mostAuditChanges is how many changes a page lists.
const mostAuditChanges = 300

// auditFields are labels of what is kept of people, keys, dossiers, settings,
// standards, terms and templates, by the names of their fields in small letters.
var auditFields = map[string]string{
	"login": "people.login", "name": "people.name", "role": "people.role", "party": "people.party", "languages": "people.languages", "disabled": "people.disabled", "created": "list.made",
	"scopes": "keys.scopes", "expires": "keys.expires", "ended": "keys.ended", "networks": "keys.networks", "rate": "keys.rate", "email": "elsewhere.email",
	"policy": "list.policy", "closed": "dossier.closed", "controls": "controls.title", "explain": "explain.title", "nameless": "names.hide", "talkdays": "talk.title", "sides.party": "people.party", "sides.standards": "standards.title",
	"notice": "settings.notice", "banner": "settings.banner", "backuphours": "settings.hours", "backupkeep": "settings.keep",
	"domain": "facet.domain", "note": "term.note", "definitions.text": "term.definition", "terms.text": "term.term", "terms.status": "imports.state",
	"designation": "field.designation", "issuer": "field.issuer", "jurisdiction": "field.jurisdiction", "language": "field.language", "edition": "field.edition", "inforce": "field.in-force", "rights": "field.rights", "tradition": "field.tradition", "titles.text": "field.title",
	"arrangement": "doctemplates.arrangement", "letterhead": "doctemplates.letterhead", "dropped": "doctemplates.dropped-here", "file": "imports.file", "clauses": "standards.clauses", "count": "standards.clauses",
}

// auditValues are the words of values, by field.
var auditValues = map[string]string{
	"role": "role.", "policy": "policy.", "explain": "explain.", "domain": "domain.", "rights": "field.rights.", "scopes": "scope.", "terms.status": "term.status.",
}

// auditRow shows what one row of the audit changed, as far as that is kept and may
// be seen by who asks.
func (s *Server) auditRow(c echo.Context, a asker) error {
	ctx := c.Request().Context()
	seq, err := strconv.ParseInt(c.Param("seq"), 10, 64)
	if err != nil || seq < 1 {
		return fmt.Errorf("audit row %q: %w", clip(c.Param("seq"), 20), corpus.ErrNotFound)
	}
	e, before, after, err := s.store.AuditRow(ctx, seq)
	if err != nil {
		return fmt.Errorf("read the audit row: %w", err)
	}
	n, err := s.names(ctx)
	if err != nil {
		return err
	}
	p := auditRowPage{Row: auditRow{e, n.actor(e.Actor), objectURL(e)}}
	kind, _, _ := strings.Cut(e.Action, ".")
	switch {
	case kind == "position", kind == "draft", kind == "control":
		p.Why = "audit.why.private"
	case kind == "decision":
		err = s.auditDecision(ctx, a, &p)
	case before == "" && after == "":
		p.Why = "audit.why.none"
	default:
		err = s.auditTold(ctx, a, &p, before, after)
	}
	if err != nil {
		return err
	}
	p.Shell = s.shell(c, a, a.words.say("audit.row", "n", seq)+" – "+a.words.say("audit.title"))
	return s.show(c, a, http.StatusOK, "audit-row", &p)
}

// auditTold lays out what is kept of a change.
func (s *Server) auditTold(ctx context.Context, a asker, p *auditRowPage, before, after string) error {
	p.First = before == ""
	sum := sha256.Sum256([]byte(after))
	p.Bound = hex.EncodeToString(sum[:]) == p.Row.Payload
	shown := func(field, text string) string { return text }
	if kind, _, _ := strings.Cut(p.Row.Action, "."); kind == "standard" {
		rights := corpus.RightsTitles // of what is not kept any more
		sh, _, err := s.shelf(ctx)
		if err != nil {
			return err
		}
		if h, kept := sh[corpus.StandardID(p.Row.Object)]; kept {
			rights, p.Language = h.Standard.Rights, h.Standard.Language
		}
		shown = func(field, text string) string {
			if !strings.HasPrefix(field, "clauses"+fieldStep) {
				return text
			}
			cut := rights.Shown(corpus.Clause{Text: text}).Text
			p.Rights = p.Rights || cut != text
			return cut
		}
	}
	was, err := toldFields(before)
	if err != nil {
		return fmt.Errorf("read what was before audit row %d: %w", p.Row.Seq, err)
	}
	now, err := toldFields(after)
	if err != nil {
		return fmt.Errorf("read what is after audit row %d: %w", p.Row.Seq, err)
	}
	p.compare(a.words, was, now, shown)
	return nil
}

// compare lists the fields that differ, by name.
func (p *auditRowPage) compare(w *words, was, now map[string]string, shown func(field, text string) string) {
	names := slices.Collect(maps.Keys(now))
	for name := range was {
		if _, stays := now[name]; !stays {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		old, had := was[name]
		text, has := now[name]
		switch {
		case had && has && old == text:
			p.Same++
			continue
		case len(p.Changes) == mostAuditChanges:
			p.More++
			continue
		}
		one := auditChange{Had: had, Has: has}
		var field string
		one.Label, field, one.Raw = auditLabel(w, name)
		old, text = auditValue(w, field, shown(name, old)), auditValue(w, field, shown(name, text))
		if had && has {
			one.Before, one.After = marked(old, text)
		} else {
			one.Before, one.After = plain(old), plain(text)
		}
		p.Changes = append(p.Changes, one)
	}
}

// auditLabel is what a field is called, and the field without places in lists; raw
// is true where only the program has a name for it.
func auditLabel(w *words, name string) (label, field string, raw bool) {
	var parts, more []string
	for _, part := range strings.Split(strings.TrimPrefix(name, "standard"+fieldStep), fieldStep) {
		if n, place := strings.CutPrefix(part, "#"); place {
			more = append(more, n)
		} else {
			parts = append(parts, part)
		}
	}
	for n := len(parts); n > 0; n-- { // the rest is a key of a map: a clause, a language
		field = strings.ToLower(strings.Join(parts[:n], "."))
		if key := auditFields[field]; key != "" && w.has(key) {
			more = append(more, strings.Join(parts[n:], " "))
			return strings.TrimSpace(w.say(key) + " " + strings.TrimSpace(strings.Join(more, " "))), field, false
		}
	}
	return strings.ReplaceAll(name, fieldStep, "."), name, true
}

// auditValue is a value in words.
func auditValue(w *words, field, text string) string {
	switch {
	case text == "true" || text == "false":
		return w.say(map[string]string{"true": "yes", "false": "no"}[text])
	case auditValues[field] != "" && w.has(auditValues[field]+text):
		return w.say(auditValues[field] + text)
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		if at.IsZero() {
			return "–"
		}
		return moment(at)
	}
	return text
}

// fieldStep stands between the steps of a path, since keys hold dots; a place in a
// list is "#" and its number.
const fieldStep = "\x00"

// toldFields are the values of JSON by the path to each; a list of texts is one value.
func toldFields(body string) (map[string]string, error) {
	out := map[string]string{}
	if body == "" {
		return out, nil
	}
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		return nil, err
	}
	flatten(out, "", v)
	return out, nil
}

func flatten(out map[string]string, path string, v any) {
	below := func(name string) string { return strings.TrimPrefix(path+fieldStep+name, fieldStep) }
	switch v := v.(type) {
	case map[string]any:
		for name, one := range v {
			flatten(out, below(name), one)
		}
	case []any:
		var texts []string
		for _, one := range v {
			if text, is := one.(string); is {
				texts = append(texts, text)
			}
		}
		if len(texts) == len(v) {
			out[path] = strings.Join(texts, ", ")
			return
		}
		for n, one := range v {
			flatten(out, below(fmt.Sprint("#", n+1)), one)
		}
	case nil:
	default:
		out[path] = fmt.Sprint(v)
	}
}

// auditDecision shows the answer that a row stands for, if who asks may see it now:
// the match is asked, as everywhere, and the fingerprint tells which answer it is.
func (s *Server) auditDecision(ctx context.Context, a asker, p *auditRowPage) error {
	id, err := uuid.Parse(p.Row.Object)
	if err != nil {
		p.Why = "audit.why.none"
		return nil
	}
	m, _, err := s.store.Match(ctx, id)
	if isNotFound(err) {
		p.Why = "audit.why.none"
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the match of audit row %d: %w", p.Row.Seq, err)
	}
	p.Why, p.First = "audit.why.blind", true
	shown := review.Shown(m, a.person)
	for _, one := range shown.Decisions {
		hash, err := review.PayloadHash(one)
		if err != nil {
			return err
		}
		if hash != p.Row.Payload {
			continue
		}
		w := a.words
		now := map[string]string{}
		for name, v := range map[string]string{
			"audit.relation": saidOr(w, "verdict.", string(one.Verdict)), "audit.a-to-b": saidOr(w, "answer.", string(one.AToB.Answer)), "audit.b-to-a": saidOr(w, "answer.", string(one.BToA.Answer)),
			"workbench.note": one.Note, "people.party": string(one.Party),
		} {
			if v != "" {
				now[name] = v
			}
		}
		p.Why, p.Bound = "", true
		for _, name := range slices.Sorted(maps.Keys(now)) {
			p.Changes = append(p.Changes, auditChange{Label: w.say(name), After: plain(now[name]), Has: true})
		}
	}
	return nil
}

// saidOr is the words of a value, or the value.
func saidOr(w *words, prefix, value string) string {
	if value != "" && w.has(prefix+value) {
		return w.say(prefix + value)
	}
	return value
}
