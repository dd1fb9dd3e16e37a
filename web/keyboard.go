package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// keyCap is one key as pages print it: the script puts the character of the
// person's own layout in the place of Label, where the browser tells it.
type keyCap struct {
	Code  string // KeyboardEvent.code, "" where only the label counts
	Label string // as on a US keyboard
}

// actRow is one act of the workbench with its keys.
type actRow struct {
	Act     review.KeyAct // "" for what cannot be changed
	Name    string
	Keys    []keyCap
	Changed bool
}

// bound are the keys of one person in the language of a page.
type bound struct {
	set   review.KeySet
	words *words
}

// bound reads the keys of who asks; without a person they are as shipped.
func (s *Server) bound(c echo.Context, a asker) (bound, error) {
	b := bound{words: a.words}
	if !a.signedIn {
		return b, nil
	}
	set, err := s.store.KeySet(c.Request().Context(), a.person.ID)
	if err != nil {
		return b, fmt.Errorf("read your keys: %w", err)
	}
	b.set = set
	return b, nil
}

// Data is the table for the script: the act at each key.
func (b bound) Data() (string, error) {
	out, err := json.Marshal(b.set.ByKey())
	return string(out), err
}

// First is the first key of an act, nil when it has none.
func (b bound) First(act review.KeyAct) *keyCap {
	keys := b.set.Keys(act)
	if len(keys) == 0 {
		return nil
	}
	k := b.cap(keys[0])
	return &k
}

// cap prints a key. Arrows follow the direction of reading.
func (b bound) cap(key string) keyCap {
	label := review.KeyLabel(key)
	if direction(corpus.Language(b.words.tag)) == "rtl" {
		label = strings.NewReplacer("→", "←", "←", "→").Replace(label)
	}
	if strings.Contains(key, "+") || key == "?" || strings.HasPrefix(label, "Num ") || len([]rune(label)) > 1 {
		return keyCap{"", label}
	}
	return keyCap{key, label}
}

// Rows are all acts with their keys.
func (b bound) Rows() []actRow {
	var out []actRow
	for _, act := range review.KeyActs() {
		row := actRow{Act: act, Name: b.words.keyAct(act)}
		_, row.Changed = b.set[act]
		for _, key := range b.set.Keys(act) {
			row.Keys = append(row.Keys, b.cap(key))
			if act == "pair" {
				row.Keys = append(row.Keys, keyCap{"", "Shift+" + b.cap(key).Label})
			}
		}
		out = append(out, row)
	}
	return append(out, actRow{Name: b.words.say("help.key.candidate"), Keys: []keyCap{{"", "Shift+1"}, {"", "…"}, {"", "Shift+5"}}},
		actRow{Name: b.words.say("help.key.leave"), Keys: []keyCap{{"", "Esc"}}})
}

// keyAct names an act of the workbench with the words its buttons have.
func (w *words) keyAct(act review.KeyAct) string {
	group, part, found := strings.Cut(string(act), "-")
	switch {
	case found && group == "relation":
		return w.say("dossier.relation") + " · " + w.say("verdict."+part)
	case found && group == "forth":
		return "A→B · " + w.say("answer."+part)
	case found && group == "back":
		return "B→A · " + w.say("answer."+part)
	case act == "previous":
		return w.say("workbench.prev")
	case act == "next":
		return w.say("workbench.next")
	}
	return w.say("help.key." + string(act))
}

// keyboardPage is where a person changes keys.
type keyboardPage struct {
	Shell
	Bound   bound
	Rows    []actRow // what can be changed
	Codes   []keyCap // keys to choose from
	Act     review.KeyAct
	Code    string
	Problem said
	Done    bool
	Kept    string            // for the script: code to the rule that refuses it
	Says    map[string]string // for the script: sentences of the rules
}

// keyboard shows the table of keys.
func (s *Server) keyboard(c echo.Context, a asker) error {
	return s.showKeyboard(c, a, http.StatusOK, keyboardPage{Done: c.QueryParam("done") == "yes"})
}

// keyRules are the rules that the script says by itself.
var keyRules = []string{"browser", "moving", "reader", "input", "held"}

func (s *Server) showKeyboard(c echo.Context, a asker, status int, p keyboardPage) error {
	var err error
	if p.Bound, err = s.bound(c, a); err != nil {
		return err
	}
	p.Rows = slices.DeleteFunc(p.Bound.Rows(), func(r actRow) bool { return r.Act == "" })
	for _, code := range review.KeyCodes() {
		p.Codes = append(p.Codes, keyCap{code, review.KeyLabel(code)})
	}
	kept, err := json.Marshal(review.KeptKeys())
	if err != nil {
		return fmt.Errorf("list the keys that stay: %w", err)
	}
	p.Kept = string(kept)
	p.Says = map[string]string{}
	for _, why := range keyRules {
		p.Says[why] = a.words.say("refusal.key-"+why, "key", "{key}")
	}
	p.Shell = s.shell(c, a, a.words.say("help.keys"))
	return s.show(c, a, status, "keyboard", &p)
}

// changeKeys gives an act another key, turns it off or sets it back, or sets back
// all. What is refused comes back with its reason.
func (s *Server) changeKeys(c echo.Context, a asker) error {
	act, code := review.KeyAct(clip(c.FormValue("act"), 60)), clip(c.FormValue("code"), 60)
	err := s.store.ChangeKeys(c.Request().Context(), a.person.ID, func(set review.KeySet) (review.KeySet, error) {
		switch c.FormValue("do") {
		case "off":
			return set.With(act, "")
		case "back":
			return set.Without(act)
		case "all":
			return review.KeySet{}, nil
		}
		if code == "" {
			return nil, corpus.Refuse(corpus.ErrInvalid, "key-unknown", "no key of this kind can be chosen")
		}
		return set.With(act, code)
	})
	if _, refused := corpus.RefusalOf(err); refused {
		return s.showKeyboard(c, a, s.classify(err).status, keyboardPage{Problem: a.words.refusal(err), Act: act, Code: code})
	}
	if err != nil {
		return fmt.Errorf("change your keys: %w", err)
	}
	return c.Redirect(http.StatusSeeOther, "/profile/keys?done=yes")
}
