package web

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"testing"
)

// TestQualityPagesInChromium looks at the pages of agreement, of an audit and of
// the audit log where there is something on them, which TestPagesInChromium
// sees empty, at rounds, and at the suggested
// conditions of the workbench.
func TestQualityPagesInChromium(t *testing.T) {
	s := newSite(t)
	for i, verdicts := range map[int][2]string{1: {"equivalent", "equivalent"}, 2: {"superset", "equivalent"}, 3: {"none", "none"}} {
		for j, who := range []string{"lina", "ivan"} {
			if got := s.signedIn(who).decideOn(s.reload(s.matches[i]), "", url.Values{"verdict": {verdicts[j]}}); got.status != http.StatusSeeOther {
				t.Fatalf("match %d is not answered: %d", i, got.status)
			}
		}
	}
	dossier := "/dossiers/" + s.dossier.ID.String()
	sample := dossier + "/sample?seed=7&size=20"
	if got := s.signedIn("judge").submit(sample, "/matches/"+s.matches[1].ID.String()+"/audit", url.Values{"seed": {"7"}, "size": {"20"}, "verdict": {"overlap"}}); got.status != http.StatusSeeOther {
		t.Fatalf("no audit: %d", got.status)
	}
	rounds := dossier + "/rounds"
	if got := s.signedIn("lina").submit(rounds, rounds, url.Values{"name": {"الجولة الأولى / First round"}}); got.status != http.StatusSeeOther {
		t.Fatalf("no round: %d", got.status)
	}
	s.rewrite(s.matches[3].Sources[0])
	paths := map[string][]string{
		"ivan":  {rounds + "?from=1"},
		"judge": {dossier + "/agreement", sample},
		"lina":  {"/matches/" + s.matches[0].ID.String(), "/matches/" + s.matches[2].ID.String(), "/profile"},
		"admin": {"/admin/audit?verify=1&action=decision.opinion&from=2026-01-01"},
	}
	s.lookAt(t, "quality", paths)
}

// TestFamilyPagesInChromium looks at the workbench of a pair that others can be
// answered with.
func TestFamilyPagesInChromium(t *testing.T) {
	s := newSite(t)
	s.boilerplate(12)
	s.lookAt(t, "family", map[string][]string{"lina": {"/matches/" + s.matches[0].ID.String() + "?task=first&dossier=" + s.dossier.ID.String()}})
}

// lookAt opens pages by login in three languages, light and dark, wide and narrow,
// with everything open that opens.
func (s *site) lookAt(t *testing.T, about string, paths map[string][]string) {
	t.Helper()
	source := axe(t)
	for _, login := range slices.Sorted(maps.Keys(paths)) {
		b := s.openTab(t, login)
		for _, language := range []string{"en", "zh", "ar"} {
			for _, width := range []int{1366, 360, 320} {
				for _, theme := range []string{"light", "dark"} {
					b.look(width, theme, language)
					for i, path := range paths[login] {
						b.open(path)
						ask[bool](b, "document.querySelectorAll('main details').forEach(d => d.open = true), true")
						name := fmt.Sprintf("%s-%s-%d %s %s %d", about, login, i, language, theme, width)
						b.healthy(name, width)
						if source != "" {
							for _, v := range b.judge(source) {
								t.Errorf("%s: axe: %s", name, v)
							}
						}
						b.shoot(name)
					}
				}
			}
		}
	}
}
