package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"sort"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// keptForm is a form whose session had ended when it came. It travels in the pages of
// the sign-in and is nowhere on the server, so that nobody else can read it; only
// while its author is away at a provider it waits in memory (keepElsewhere).
type keptForm struct {
	Action string
	Fields []keptField
}

// keptField is one field of a kept form.
type keptField struct {
	Name, Value string
	Long        bool // typed text, shown for reading and changing
}

// keptPrefix marks the fields of a kept form inside another form.
const keptPrefix = "kept."

// keptBytes is the largest form that is kept: it must fit into the sign-in's.
const keptBytes = 40 << 10

// authorTag names a person inside a token without telling who it is: only the
// browser with the session's secret and that person make the same.
func authorTag(base string, person uuid.UUID) string {
	sum := sha256.Sum256([]byte("concord author\x00" + person.String() + "\x00" + base))
	return hex.EncodeToString(sum[:6])
}

// lost finds the form of somebody whose session has ended: it must have come from
// our own page, under the secret this browser still has.
func (s *Server) lost(c echo.Context, r route) (keptForm, bool) {
	form := c.Request().PostForm
	if !r.keep || !tokenMatches(s.cookie(c, cookieSession), form.Get("token")) {
		return keptForm{}, false
	}
	k := keptForm{Action: c.Request().URL.Path}
	return k, k.take(form, "")
}

// take reads the fields that begin with the prefix; false when it is too much.
func (k *keptForm) take(form url.Values, prefix string) bool {
	size := 0
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		own, found := strings.CutPrefix(name, prefix)
		if !found || len(own) > 60 {
			continue
		}
		for _, value := range form[name] {
			size += len(own) + len(value)
			k.Fields = append(k.Fields, keptField{own, value, strings.ContainsAny(value, " \n") && own != "next" && own != "seen"})
		}
	}
	return size <= keptBytes && len(k.Fields) <= 200
}

// keptIn reads a kept form out of the sign-in form; nil when there is none. Its
// action must be one of the routes that keep their forms.
func (s *Server) keptIn(c echo.Context) *keptForm {
	form := c.Request().PostForm
	k := &keptForm{Action: form.Get("kept-action")}
	if k.Action == "" || ownPath(k.Action) != k.Action || !s.keepsForms(k.Action) || !k.take(form, keptPrefix) {
		return nil
	}
	return k
}

// putInto puts the form's fields into another form, where keptIn finds them.
func (k *keptForm) putInto(form url.Values) {
	form.Set("kept-action", k.Action)
	for _, f := range k.Fields {
		form.Add(keptPrefix+f.Name, f.Value)
	}
}

// keepsForms tells whether a path is one of a route that keeps its forms.
func (s *Server) keepsForms(path string) bool {
	have := strings.Split(path, "/")
	for _, r := range s.pageRoutes() {
		want := strings.Split(r.path, "/")
		if !r.keep || len(want) != len(have) {
			continue
		}
		same := true
		for i := range want {
			same = same && (want[i] == have[i] || strings.HasPrefix(want[i], ":") && have[i] != "" && !strings.ContainsAny(have[i], "?#"))
		}
		if same {
			return true
		}
	}
	return false
}

// by tells whether a kept form is that person's, written in this browser.
func (k *keptForm) by(secret string, person uuid.UUID) bool {
	for _, f := range k.Fields {
		if f.Name == "token" {
			salt, _, _ := strings.Cut(f.Value, ".")
			_, tag, _ := strings.Cut(salt, "~")
			return tokenMatches(secret, f.Value) && tag == authorTag(secret, person)
		}
	}
	return false
}

// keptPage gives a form back to who wrote it.
type keptPage struct {
	Shell
	Kept keptForm
}

// giveBack shows a kept form after the sign-in. It is sent when the person says
// so: meanwhile the record may have changed, and then the usual page tells.
func (s *Server) giveBack(c echo.Context, person uuid.UUID, k *keptForm, secret string) error {
	a, err := s.asker(c)
	if err != nil {
		return err
	}
	a.base, a.signedIn = secret, true
	if a.person, err = s.store.Person(c.Request().Context(), person); err != nil {
		return err
	}
	p := keptPage{Kept: keptForm{Action: k.Action}}
	for _, f := range k.Fields {
		if f.Name != "token" {
			p.Kept.Fields = append(p.Kept.Fields, f)
		}
	}
	p.Shell = s.shell(c, a, a.words.say("kept.title"))
	return s.show(c, a, http.StatusOK, "kept", &p)
}
