package web

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// sheet is the style of the pages without its comments.
func sheet(t *testing.T) string {
	t.Helper()
	body, err := os.ReadFile("static/concord.css")
	if err != nil {
		t.Fatal(err)
	}
	return cssComment.ReplaceAllString(string(body), "")
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	// physical are properties and values that know left from right, or top from
	// bottom where there is a logical one; a margin box of a printed page has no
	// other name, and a font may be called what it likes.
	physical = regexp.MustCompile(`(?:^|[;{\s])((?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)(?:-[a-z]+)?|left|right|top|bottom|border-(?:top|bottom)-(?:left|right)-radius|(?:min-|max-)?(?:width|height))\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b|text-transform\s*:|font-style\s*:\s*italic`)
	outside  = regexp.MustCompile(`(?i)@import|@font-face|url\(|https?:`)
	spoken   = regexp.MustCompile(`(?i)\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:|<style\b`)
)

// styleFaults lists what a style may not have: physical directions, capitals and
// slanted letters that some scripts have not, and anything fetched.
func styleFaults(css string) []string {
	var out []string
	for i, line := range strings.Split(css, "\n") {
		for _, part := range regexp.MustCompile(`@media[^{]*\{`).Split(line, -1) { // a media query asks for the screen's width
			for _, m := range physical.FindAllString(part, -1) {
				out = append(out, fmt.Sprintf("line %d: %s", i+1, strings.Trim(m, " ;{")))
			}
		}
		if m := outside.FindString(line); m != "" {
			out = append(out, fmt.Sprintf("line %d: %s", i+1, m))
		}
	}
	return out
}

// TestStyleIsLogical holds the style and the templates to logical directions and to
// the content policy.
func TestStyleIsLogical(t *testing.T) {
	for _, f := range styleFaults(sheet(t)) {
		t.Error("concord.css, " + f)
	}
	entries, err := fs.ReadDir(os.DirFS("templates"), ".")
	if err != nil || len(entries) < 40 {
		t.Fatalf("%d templates, %v", len(entries), err)
	}
	for _, e := range entries {
		body, err := os.ReadFile("templates/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		if m := spoken.FindString(string(body)); m != "" {
			t.Errorf("%s has %q", e.Name(), m)
		}
	}
	script, err := os.ReadFile("static/concord.js")
	if err != nil {
		t.Fatal(err)
	}
	if m := regexp.MustCompile(`\.style\b|innerHTML|setAttribute\(['"]style|insertAdjacentHTML|document\.write|\beval\(|new Function`).FindString(string(script)); m != "" {
		t.Errorf("concord.js has %q", m)
	}
	if n := len(stripped(script)); n > 30<<10 {
		t.Errorf("browsers get %d bytes of concord.js", n)
	}
	for i, line := range strings.Split(string(script), "\n") {
		if strings.Count(line, "`")%2 != 0 {
			t.Errorf("concord.js, line %d: text over several lines is not served as it is", i+1)
		}
	}
}

// TestStyleFaultsAreFound is the control of TestStyleIsLogical.
func TestStyleFaultsAreFound(t *testing.T) {
	for _, bad := range []string{"a { margin-left: 1px; }", "a { left: 0; }", "a{padding-right:1px}", "a { color: red; text-align: right; }", "a { float: left; }", "a { border-left-color: red; }", "a { width: 3px }", "a { max-width: 3px }",
		"a { border-top-left-radius: 1px }", "@font-face { }", "a { background: url(x.png); }", "a { text-transform: uppercase; }", "a { font-style: italic; }", "@media (min-width: 3rem) { a { right: 0; } }"} {
		if len(styleFaults(bad)) == 0 {
			t.Errorf("nothing is found in %s", bad)
		}
	}
	for _, good := range []string{"a { margin-inline-start: 1px; text-align: start; }", "@media (max-width: 30rem) { a { inline-size: 1px; } }", "@page { @bottom-right { content: ''; } }", ".upright { line-height: 1; stroke-width: 1; outline-width: 2px; }"} {
		if f := styleFaults(good); len(f) > 0 {
			t.Errorf("%s: %q", good, f)
		}
	}
	for _, bad := range []string{`<p style="x">`, `<p onclick="x">`, `<a href="javascript:x">`, `<style>`} {
		if spoken.FindString(bad) == "" {
			t.Errorf("nothing is found in %s", bad)
		}
	}
}

var (
	themed    = regexp.MustCompile(`--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)`)
	heatClass = regexp.MustCompile(`\.h(\d)\s*\{\s*background:\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)`)
)

// contrast is the ratio of two colours (WCAG 2.2, relative luminance).
func contrast(a, b string) float64 {
	light := func(hex string) float64 {
		out := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
			if err != nil {
				return math.NaN()
			}
			v := float64(n) / 255
			if v <= 0.04045 {
				v /= 12.92
			} else {
				v = math.Pow((v+0.055)/1.055, 2.4)
			}
			out += weight * v
		}
		return out
	}
	x, y := light(a), light(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast computes the contrast of what is written on each of the ten classes
// of heat and on every ground of the pages, light and dark (WCAG 1.4.3: 4.5), and
// that of borders of fields (1.4.11: 3).
func TestContrast(t *testing.T) {
	css := sheet(t)
	colours := map[string][2]string{}
	for _, m := range themed.FindAllStringSubmatch(css, -1) {
		colours[m[1]] = [2]string{m[2], m[3]}
	}
	heats := heatClass.FindAllStringSubmatch(css, -1)
	if len(heats) != 10 || len(colours) < 18 {
		t.Fatalf("%d classes of heat, %d colours", len(heats), len(colours))
	}
	least := math.Inf(1)
	hold := func(what, ink, ground string, need float64) {
		t.Helper()
		got := contrast(ink, ground)
		if !(got >= need) {
			t.Errorf("%s: %.2f, want %.1f", what, got, need)
		}
		least = min(least, got)
	}
	for theme, name := range []string{"light", "dark"} {
		for i, m := range heats {
			if m[1] != strconv.Itoa(i) {
				t.Fatalf("class %d is h%s", i, m[1])
			}
			hold("h"+m[1]+", "+name, colours["ink"][theme], m[2+theme], 4.5)
			if i > 0 { // a step is seen, and leads away from the ground
				if was, now := contrast(colours["card"][theme], heats[i-1][2+theme]), contrast(colours["card"][theme], m[2+theme]); now <= was {
					t.Errorf("h%d is not stronger than the step before it, %s", i, name)
				}
			}
		}
	}
	t.Logf("least contrast of the ten classes: %.2f", least)
	for theme, name := range []string{"light", "dark"} {
		for _, ink := range []string{"ink", "dim", "accent", "good", "warn", "bad"} {
			for _, ground := range []string{"bg", "card"} {
				hold(ink+" on "+ground+", "+name, colours[ink][theme], colours[ground][theme], 4.5)
			}
		}
		for _, ground := range []string{"soft", "warn-bg", "bad-bg", "hit", "qty", "obl", "al", "diff"} {
			hold("ink on "+ground+", "+name, colours["ink"][theme], colours[ground][theme], 4.5)
		}
		hold("dim on soft, "+name, colours["dim"][theme], colours["soft"][theme], 4.5)
		hold("on-accent, "+name, colours["on-accent"][theme], colours["accent"][theme], 4.5)
		for _, ground := range []string{"bg", "card"} {
			hold("edge on "+ground+", "+name, colours["edge"][theme], colours[ground][theme], 3)
		}
	}
	// the control: what is known, and what would be too faint
	if c := contrast("#000000", "#ffffff"); math.Abs(c-21) > 0.01 {
		t.Errorf("black on white: %.2f", c)
	}
	if c := contrast("#777777", "#ffffff"); c >= 4.5 || c < 4.4 {
		t.Errorf("#777 on white: %.2f, want 4.48", c)
	}
}
