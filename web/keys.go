package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"concord/corpus"
)

// act is something the workbench does by a key.
type act struct {
	Name string
	Code string // key by its place on the keyboard (KeyboardEvent.code), before anybody changes it
	Help string // row of the table of keys, words help.key.<Help>
}

// acts are everything that a key of one's own may be given to, in the order pages
// show them (UX.md 7.3). The script and every page take them from here.
var acts = []act{
	{"identical", "Digit1", "relation"}, {"equivalent", "Digit2", "relation"}, {"superset", "Digit3", "relation"}, {"subset", "Digit4", "relation"},
	{"overlap", "Digit5", "relation"}, {"none", "Digit0", "relation"}, {"no-counterpart", "Digit9", "relation"},
	{"forth-yes", "KeyQ", "forth"}, {"forth-conditions", "KeyW", "forth"}, {"forth-no", "KeyE", "forth"},
	{"back-yes", "KeyA", "back"}, {"back-conditions", "KeyS", "back"}, {"back-no", "KeyD", "back"},
	{"confirm", "Enter", "confirm"}, {"undo", "KeyU", "undo"}, {"family", "KeyB", "family"}, {"skip", "KeyK", "skip"}, {"unsure", "Minus", "unsure"},
	{"comment", "KeyC", "comment"}, {"pair", "KeyT", "pair"}, {"neighbours", "KeyN", "neighbours"}, {"why", "KeyX", "why"},
	{"others", "KeyO", "others"}, {"history", "KeyH", "history"}, {"guide", "KeyG", "guide"}, {"plain", "KeyF", "plain"}, {"link", "KeyL", "link"},
}

// keySigns are the keys that an act may have, by the sign that stands for them in
// a cookie. Those that browsers and screen readers need are not among them: the
// blank, Tab, Escape, arrows and what stands beside them, F keys, Backspace, the
// slash and the apostrophe (which open Firefox's quick search).
var keySigns = func() map[byte]string {
	out := map[byte]string{'m': "Minus", 'e': "Equal", 'l': "BracketLeft", 'r': "BracketRight", 'c': "Comma", 'p': "Period", 's': "Semicolon", 'n': "Enter"}
	for b := byte('A'); b <= 'Z'; b++ {
		out[b] = "Key" + string(b)
	}
	for b := byte('0'); b <= '9'; b++ {
		out[b] = "Digit" + string(b)
	}
	return out
}()

// signOff stands for no key at all.
const signOff = 'x'

// keyCodes are the codes of keySigns in the order a list shows them.
func keyCodes() []string {
	var out []string
	for _, code := range keySigns {
		out = append(out, code)
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(keySort(a), keySort(b)) })
	return out
}

// keySort puts letters before digits before signs.
func keySort(code string) string {
	switch {
	case strings.HasPrefix(code, "Key"):
		return "1" + code
	case strings.HasPrefix(code, "Digit"):
		return "2" + code
	}
	return "3" + code
}

// keyLabels are what is printed on the keys of a US keyboard that are not named by
// their own letter or digit.
var keyLabels = map[string]string{"Minus": "−", "Equal": "=", "BracketLeft": "[", "BracketRight": "]", "Comma": ",", "Period": ".", "Semicolon": ";", "Enter": "↵"}

// keyLabel is what a key is called on pages.
func keyLabel(code string) string {
	if label, ok := keyLabels[code]; ok {
		return label
	}
	return strings.TrimPrefix(strings.TrimPrefix(code, "Key"), "Digit")
}

// keyMap is the key of every act: its code, "" for an act without one.
type keyMap map[string]string

// defaultKeys is the map before anybody changes it.
func defaultKeys() keyMap {
	m := keyMap{}
	for _, a := range acts {
		m[a.Name] = a.Code
	}
	return m
}

// readKeys reads a map out of its cookie: pairs of an act's letter (a the first)
// and a key's sign. Anything else in it, and a map in which two acts have one key,
// leaves the keys as they were made.
func readKeys(cookie string) keyMap {
	m := defaultKeys()
	for i := 0; i+1 < len(cookie); i += 2 {
		at := int(cookie[i]) - 'a'
		code, known := keySigns[cookie[i+1]]
		if at < 0 || at >= len(acts) || !known && cookie[i+1] != signOff {
			return defaultKeys()
		}
		m[acts[at].Name] = code
	}
	if len(cookie)%2 != 0 || m.clash() != nil {
		return defaultKeys()
	}
	return m
}

// cookie writes what differs from the keys as they were made.
func (m keyMap) cookie() string {
	var b strings.Builder
	for i, a := range acts {
		if m[a.Name] == a.Code {
			continue
		}
		b.WriteByte(byte('a' + i))
		sign := byte(signOff)
		for s, code := range keySigns {
			if code == m[a.Name] {
				sign = s
			}
		}
		b.WriteByte(sign)
	}
	return b.String()
}

// clash is the first key that two acts have, with both of them; nil when there is
// none.
func (m keyMap) clash() []act {
	has := map[string]act{}
	for _, a := range acts {
		code := m[a.Name]
		if other, taken := has[code]; taken && code != "" {
			return []act{other, a}
		}
		has[code] = a
	}
	return nil
}

// codes are the acts by the code of their key, for the script.
func (m keyMap) codes() string {
	out := map[string]string{}
	for _, a := range acts {
		if code := m[a.Name]; code != "" {
			out[code] = a.Name
		}
	}
	text, _ := json.Marshal(out) // strings always can be written
	return string(text)
}

// label is what the key of an act is called, "" for an act without one.
func (m keyMap) label(name string) string {
	if m[name] == "" {
		return ""
	}
	return keyLabel(m[name])
}

// table lists the keys as they are for the help and the workbench: one row for
// what belongs together, then the keys that cannot be changed.
func (m keyMap) table() []keyHelp {
	var out []keyHelp
	for _, a := range acts {
		label := m.label(a.Name)
		if n := len(out) - 1; n < 0 || out[n].Word != a.Help {
			out = append(out, keyHelp{Word: a.Help})
		}
		row := &out[len(out)-1]
		switch {
		case label == "":
		case a.Name == "pair":
			row.Keys = append(row.Keys, label, "Shift+"+label)
		case a.Name == "undo":
			row.Keys = append(row.Keys, "Backspace", label)
		default:
			row.Keys = append(row.Keys, label)
		}
	}
	out = slices.DeleteFunc(out, func(k keyHelp) bool { return len(k.Keys) == 0 })
	return append(out, keyHelp{[]string{"Alt+←", "Alt+→"}, "walk"}, keyHelp{[]string{"?"}, "table"}, keyHelp{[]string{"Esc"}, "leave"})
}

// keyHelp is one row of the table of keys.
type keyHelp struct {
	Keys []string
	Word string // of the words help.key.<Word>
}

// ownKey is an act in the form of one's own keys.
type ownKey struct {
	Name, Label, Code string
	Changed           bool
}

// keyRows are the acts with their names in the language of the page.
func (m keyMap) keyRows(w *words) []ownKey {
	var out []ownKey
	for _, a := range acts {
		out = append(out, ownKey{a.Name, actName(w, a), m[a.Name], m[a.Name] != a.Code})
	}
	return out
}

// actName names an act: relations and answers by their own words.
func actName(w *words, a act) string {
	direction, answer, _ := strings.Cut(a.Name, "-")
	switch {
	case a.Help == "relation":
		return w.say("verdict." + a.Name)
	case a.Help == "forth" && direction == "forth":
		return "A→B " + w.say("answer."+answer)
	case a.Help == "back":
		return "B→A " + w.say("answer."+answer)
	}
	return w.say("help.key." + a.Help)
}

// keyChoice is a key in a list.
type keyChoice struct{ Code, Label string }

// keyChoices are the keys that may be chosen.
func keyChoices() []keyChoice {
	var out []keyChoice
	for _, code := range keyCodes() {
		out = append(out, keyChoice{code, keyLabel(code)})
	}
	return out
}

// setKeys keeps one's own keys, or sets all of them back. Two acts on one key, or
// a key that is none of the list, is refused with the form as it was sent.
func (s *Server) setKeys(c echo.Context, a asker) error {
	form := c.Request().PostForm
	m := defaultKeys()
	if form.Get("back") == "" {
		if problem := m.read(form, a.words); problem != "" {
			p := profilePage{KeyProblem: problem, KeysSent: m}
			return s.showProfile(c, a, http.StatusUnprocessableEntity, p)
		}
	}
	s.setCookie(c, cookieKeyMap, m.cookie(), preferenceAge)
	return c.Redirect(http.StatusSeeOther, "/profile?notice=keys-kept#keys")
}

// read takes the keys of a form over; what is wrong comes back as a sentence.
func (m keyMap) read(form url.Values, w *words) string {
	for _, x := range acts {
		code := form.Get(x.Name)
		if code != "" && !slices.Contains(keyCodes(), code) {
			return w.refusal(corpus.Refuse(corpus.ErrInvalid, "no-choice", "\"{value}\" is not a choice for {field}", "value", clip(code, 20), "field", x.Name)).Text
		}
		m[x.Name] = code
	}
	if both := m.clash(); both != nil {
		return w.say("keys.clash", "key", keyLabel(m[both[0].Name]), "one", actName(w, both[0]), "other", actName(w, both[1]))
	}
	return ""
}

// answerAct is the act of an answer's key: a_to_b and yes is forth-yes.
func answerAct(question string, answer corpus.Answer) string {
	if question == "a_to_b" {
		return fmt.Sprintf("forth-%s", answer)
	}
	return fmt.Sprintf("back-%s", answer)
}
