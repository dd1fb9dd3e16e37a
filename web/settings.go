package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"concord/corpus"
	"concord/review"
)

// settingsFor is how long settings are kept in memory: another process of the same
// database may change them.
const settingsFor = 5 * time.Second

// keptSettings are the settings as they were read last.
type keptSettings struct {
	mu  sync.Mutex
	at  time.Time
	all review.Settings
}

// settings are what administrators set. Where they cannot be read the last ones count,
// since no page depends on them.
func (s *Server) settings(ctx context.Context) review.Settings {
	k := &s.kept
	k.mu.Lock()
	defer k.mu.Unlock()
	if now := s.now(); k.at.IsZero() || now.Sub(k.at) >= settingsFor {
		all, err := s.store.Settings(ctx)
		if err != nil {
			s.log.LogAttrs(ctx, slog.LevelWarn, "the settings cannot be read", slog.Any("cause", err))
			return k.all
		}
		k.all, k.at = all, now
	}
	return k.all
}

// note is a text of the settings with the language it is in.
func (s *Server) note(texts map[string]string, tag string) said {
	text, in := review.InLanguage(texts, tag, s.speak.tags...)
	if in == tag {
		return said{Text: text}
	}
	return said{Text: text, Language: corpus.Language(in)}
}

// offered are the languages that pages are offered in.
func (s *Server) offered(set review.Settings) []string {
	if len(set.Languages) == 0 {
		return s.speak.tags
	}
	return slices.DeleteFunc(slices.Clone(s.speak.tags), func(tag string) bool { return !slices.Contains(set.Languages, tag) })
}

// settingsPage is where administrators set what counts for everybody.
type settingsPage struct {
	Shell
	Now     review.Settings
	Rows    []settingsLanguage
	Saved   bool
	Problem said
	MaxText int
	Limits  []settingsLimit
}

// settingsLanguage is a language with what is said in it.
type settingsLanguage struct {
	Tag, Notice, Banner string
	Offered             bool
}

// settingsLimit is a limit that holds here, named by its key.
type settingsLimit struct{ Name, Value string }

// adminSettings shows the settings.
func (s *Server) adminSettings(c echo.Context, a asker) error {
	now, err := s.store.Settings(c.Request().Context())
	if err != nil {
		return fmt.Errorf("read the settings: %w", err)
	}
	return s.showSettings(c, a, http.StatusOK, settingsPage{Now: now, Saved: c.QueryParam("saved") != ""})
}

func (s *Server) showSettings(c echo.Context, a asker, status int, p settingsPage) error {
	for _, tag := range s.speak.tags {
		p.Rows = append(p.Rows, settingsLanguage{tag, p.Now.Notice[tag], p.Now.Banner[tag], len(p.Now.Languages) == 0 || slices.Contains(p.Now.Languages, tag)})
	}
	w := a.words
	p.MaxText = review.MaxNoticeRunes
	p.Limits = []settingsLimit{
		{"settings.limit.upload", w.size(uploadBytes)}, {"settings.limit.files", w.number(uploadFiles)},
		{"settings.limit.calls", w.number(apiSearches * int(time.Minute/apiWindow))}, {"settings.limit.tries", w.number(s.signIns.most)},
		{"settings.limit.idle", w.number(int(review.SessionIdle / time.Minute))}, {"settings.limit.rows", w.number(maxListRows)},
	}
	p.Shell = s.shell(c, a, w.say("settings.title"))
	return s.show(c, a, status, "settings", &p)
}

// saveSettings keeps them.
func (s *Server) saveSettings(c echo.Context, a asker) error {
	form := c.Request().PostForm
	number := func(name string) int {
		n, err := strconv.Atoi(either(form.Get(name), "0"))
		if err != nil {
			return -1
		}
		return n
	}
	set := review.Settings{Notice: map[string]string{}, Banner: map[string]string{}, BackupHours: number("hours"), BackupKeep: number("keep")}
	for _, tag := range s.speak.tags {
		set.Notice[tag], set.Banner[tag] = form.Get("notice."+tag), form.Get("banner."+tag)
	}
	if chosen := list[string](form, "language"); len(chosen) < len(s.speak.tags) {
		set.Languages = chosen
	}
	if form.Get("two") != "" {
		now, err := s.store.Settings(c.Request().Context())
		if err != nil {
			return fmt.Errorf("read the settings: %w", err)
		}
		if set.TwoPreferred = now.TwoPreferred; set.TwoPreferred.IsZero() {
			set.TwoPreferred = s.now().UTC()
		}
	}
	set, err := set.Checked(s.speak.tags)
	if err == nil {
		err = s.store.SaveSettings(c.Request().Context(), set, a.person.ID.String())
	}
	if _, refused := corpus.RefusalOf(err); refused {
		return s.showSettings(c, a, http.StatusUnprocessableEntity, settingsPage{Now: set, Problem: a.words.refusal(err)})
	}
	if err != nil {
		return fmt.Errorf("save the settings: %w", err)
	}
	s.kept.mu.Lock()
	s.kept.at = time.Time{}
	s.kept.mu.Unlock()
	return c.Redirect(http.StatusSeeOther, "/admin/settings?saved=1")
}
