package review

import (
	"errors"
	"strings"
	"testing"
	"time"

	"concord/corpus"
)

func TestPasswordRules(t *testing.T) {
	cases := []struct {
		name, password string
		ok             bool
	}{
		{"several words", "maple river candle", true},
		{"exactly the least", "tree-house-7", true},
		{"one character less", "tree-house-", false},
		{"twelve Chinese characters", "春眠不觉晓处处闻啼鸟夜来", true},
		{"the longest", strings.Repeat("kd7uwmqx", 32), true},
		{"longer than the longest", strings.Repeat("kd7uwmqx", 32) + "i", false},
		{"the login in another case", "my IVANOV secret", false},
		{"the name of the program", "ConcordConcord!", false},
		{"one letter", "aaaaaaaaaaaaaaaa", false},
		{"the commonest ones in a row", "password123456", false},
		{"the commonest ones and little else", "qwerty12345-xy", false},
		{"common in Russian", "парольпароль1", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := checkPassword("ivanov", c.password)
			if (err == nil) != c.ok || err != nil && !errors.Is(err, corpus.ErrInvalid) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A login of two letters stands in many a word and spoils no password.
func TestShortLoginInPassword(t *testing.T) {
	if err := checkPassword("li", "delightful river candle"); err != nil {
		t.Errorf("refused: %v", err)
	}
	if checkPassword("lina", "Lina and the river") == nil {
		t.Error("a password with the login in it is accepted")
	}
}

func TestPasswordMatches(t *testing.T) {
	const password = "春眠不觉晓处处闻啼鸟夜来风雨声花落知多少" // 60 bytes: more than some hashes take in
	hash, err := HashPassword("wang", password)
	if err != nil {
		t.Fatal(err)
	}
	again, err := HashPassword("wang", password)
	if err != nil || again == hash {
		t.Errorf("every hash has its own salt, %v", err)
	}
	cases := []struct {
		name, hash, password string
		want                 bool
	}{
		{"the right one", hash, password, true},
		{"the last character differs", hash, password[:len(password)-3] + "一", false},
		{"nothing", hash, "", false},
		{"nothing against no hash", "", "", false},
		{"a hash that is cut", hash[:len(hash)-2], password, false},
		{"cheaper parameters", strings.Replace(hash, "t=1", "t=0", 1), password, false},
		{"longer than allowed", hash, strings.Repeat("a", MaxPasswordRunes+1), false},
		{"not a hash", "$argon2id$$$$", password, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := PasswordMatches(c.hash, c.password); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestKeyText(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	secret, k, err := NewKey("portal", []Scope{ScopeSearch}, now, KeyLife)
	if err != nil {
		t.Fatal(err)
	}
	if id, ok := KeyID(secret); !ok || id != k.ID || !KeyMatches(k, secret) || strings.Contains(k.Hash, secret) {
		t.Errorf("the key %+v does not fit its text", k)
	}
	for name, bad := range map[string]string{
		"nothing": "", "cut": secret[:len(secret)-1], "longer": secret + "x", "another prefix": "key_" + secret[4:], "no secret": "cnk_" + k.ID,
	} {
		if _, ok := KeyID(bad); ok || KeyMatches(k, bad) {
			t.Errorf("%s passes for a key", name)
		}
	}
	for name, life := range map[string]time.Duration{"no time": 0, "more than a year": KeyLife + 1} {
		if _, _, err := NewKey("x", nil, now, life); !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("%s gives %v", name, err)
		}
	}
	allows := []struct {
		name  string
		scope Scope
		at    time.Time
		ended time.Time
		want  bool
	}{
		{"its scope", ScopeSearch, now, time.Time{}, true},
		{"another scope", ScopeExport, now, time.Time{}, false},
		{"the last moment", ScopeSearch, now.Add(KeyLife - 1), time.Time{}, true},
		{"too late", ScopeSearch, now.Add(KeyLife), time.Time{}, false},
		{"ended", ScopeSearch, now, now, false},
	}
	for _, c := range allows {
		t.Run(c.name, func(t *testing.T) {
			k.Ended = c.ended
			if got := k.Allows(c.scope, c.at); got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestSecretsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		s, err := NewSecret()
		if err != nil || len(s) != 43 || seen[s] || len(HashSecret(s)) != 64 {
			t.Fatalf("%q, %v", s, err)
		}
		seen[s] = true
	}
}

// TestASVS_V6_2_PasswordRules holds what ASVS 5.0 V6.2 asks of new passwords.
func TestASVS_V6_2_PasswordRules(t *testing.T) {
	for _, c := range []struct {
		password string
		ok       bool
		why      string
	}{
		{"Sunshine2024!!", false, "V6.2.4: a common word and a year"}, {"qwertyuiop[]12", false, "a row of the keyboard"}, {"Ministry-2026!", false, "V6.2.11: a word of the field"},
		{"1234567890123", false, "digits in order"}, {"abcdefghijklm", false, "letters in order"}, {"йцукенгшщз2025", false, "a Russian row"},
		{"elevenchars", false, "too short"}, {"twelve chars", true, "V6.2.1: long enough"}, {"83927461028374", true, "V6.2.5: digits alone"},
		{"all lower case words here", true, "V6.2.5: no composition"}, {"夏天的雨落在屋顶上很安静", true, "V6.2.5: any script"}, {strings.Repeat("word by ", 16), true, "V6.2.9: more than 64 characters"},
		{"the password of my neighbour's dog", true, "a common word in a sentence"}, {"!@#$%^&*()_+-=", true, "V6.2.5: marks alone"},
	} {
		if _, err := HashPassword("lina", c.password); (err == nil) != c.ok {
			t.Errorf("%q: %v (%s)", c.password, err, c.why)
		}
	}
}
