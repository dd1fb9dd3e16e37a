package lexicon

import (
	"testing"

	"concord/corpus"
)

func TestNearbyWords(t *testing.T) {
	lex, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	six := []corpus.Language{"en", "ar", "es", "fr", "ru", "zh"}
	for _, c := range []struct {
		word, want string
		slips      int
	}{
		{"widht", "width", 1}, {"Evacuaton", "evacuation", 1}, {"securite", "sécurité", 0}, {"guardrial", "guardrail", 1},
		{"эвакуацыя", "эвакуация", 1}, {"جداار", "جدار", 1}, {"البواابة", "البوابة", 1}, {"wdithx", "", 0}, // two slips in a short word
		{"width", "", 0}, {"sécurité", "", 0}, {"wid", "", 0}, {"xyzzyxq", "", 0}, {"gb50016", "", 0}, {"", "", 0}, {"\\xff", "", 0},
	} {
		if got, slips := lex.Nearby(c.word, six); got != c.want || got != "" && slips != c.slips {
			t.Errorf("%q is near %q by %d, want %q by %d", c.word, got, slips, c.want, c.slips)
		}
	}
	if got, _ := lex.Nearby("securite", []corpus.Language{"en"}); got == "sécurité" {
		t.Error("a language that was not asked for answered")
	}
}

// What passes most words over without comparing them passes over none that is near.
func TestNearbyPassesOverNone(t *testing.T) {
	for _, w := range [][2]string{{"width", "widht"}, {"securite", "sécurité"}, {"größe", "grosse"}, {"ёлка", "елка"}} {
		if n := slipsBetween([]rune(unaccented(w[0])), []rune(unaccented(w[1]))); n > 2 {
			t.Errorf("%q and %q are %d slips apart", w[0], w[1], n)
		}
	}
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"ab", "ba", 1}, {"abc", "abd", 1}, {"abc", "ab", 1}, {"abc", "xyz", 3}, {"abcd", "badc", 2}} {
		if got := slipsBetween([]rune(c.a), []rune(c.b)); got != c.want {
			t.Errorf("%q and %q are %d slips apart, want %d", c.a, c.b, got, c.want)
		}
	}
}

func BenchmarkNearby(b *testing.B) {
	lex, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		lex.Nearby("evacuaton", []corpus.Language{"en", "ar", "es", "fr", "ru", "zh"})
	}
}
