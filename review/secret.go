package review

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"concord/corpus"
)

// Argon2id parameters: 46 MiB, one pass, one lane, the first choice of the OWASP
// password storage cheat sheet; about 70 ms on the machines we build on.
const (
	argonMemory  = 46 * 1024
	argonTime    = 1
	argonLanes   = 1
	argonSaltLen = 16
	argonKeyLen  = 32
)

// Password lengths in characters (ASVS 5.0 V6.2.1 and V6.2.9).
const (
	MinPasswordRunes = 12
	MaxPasswordRunes = 256
)

// HashPassword turns a password into what may be stored, or says which rule it
// breaks: length, being common, containing the login or the product's name, or
// being built on the person's names.
func HashPassword(login, password string, names ...string) (string, error) {
	if err := checkPassword(login, password, names...); err != nil {
		return "", err
	}
	salt := make([]byte, argonSaltLen)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("make a salt: %w", err)
	}
	sum := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, argonKeyLen)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		enc.EncodeToString(salt), enc.EncodeToString(sum)), nil
}

// tellingLogin is from how many characters on a login inside a password gives
// it away; shorter ones stand in half of all words.
const tellingLogin = 4

// checkPassword holds the rules a new password must keep.
func checkPassword(login, password string, names ...string) error {
	n := utf8.RuneCountInString(password)
	low := strings.ToLower(password)
	switch {
	case n < MinPasswordRunes:
		return fmt.Errorf("a password has at least %d characters: %w", MinPasswordRunes, corpus.ErrInvalid)
	case n > MaxPasswordRunes:
		return fmt.Errorf("a password has at most %d characters: %w", MaxPasswordRunes, corpus.ErrInvalid)
	case strings.Contains(low, "concord"), utf8.RuneCountInString(login) >= tellingLogin && strings.Contains(low, strings.ToLower(login)):
		return fmt.Errorf("a password does not contain the login or the name of the program: %w", corpus.ErrInvalid)
	case simple(low), commonPassword(low, ownWords(append(names, login)...)):
		return fmt.Errorf("this password is too simple, use several words: %w", corpus.ErrInvalid)
	}
	return nil
}

// commonWords are what the commonest passwords are built on, and the words of this
// program's field (ASVS 5.0 V6.2.4 and V6.2.11), in lower case, longer ones before
// what they contain.
var commonWords = longestFirst(
	"password", "passwort", "passw0rd", "p@ssw0rd", "p@ssword", "passphrase", "qwertyuiop", "qwerty", "qwertz", "azerty", "asdfghjkl", "asdfgh", "zxcvbnm", "zxcvbn", "qazwsx", "1q2w3e4r", "1qaz2wsx", "q1w2e3r4",
	"letmein", "welcome", "administrator", "admin", "iloveyou", "1234567890", "123456789", "12345678", "1234567", "123456", "12345", "1234", "0987654321", "987654321", "654321", "abcdefghijklmnopqrstuvwxyz", "abcdefgh", "abcdef", "abc123", "abcd",
	"sunshine", "princess", "football", "baseball", "basketball", "superman", "batman", "dragon", "monkey", "shadow", "master", "michael", "jennifer", "jordan", "charlie", "trustno1", "whatever", "freedom", "starwars", "computer", "internet", "samsung", "google", "liverpool", "chelsea", "pokemon", "secret", "changeme", "default", "guest", "login", "hello", "summer", "winter", "spring", "autumn", "monday", "january", "test",
	"йцукенгшщз", "йцукен", "фывапролд", "фыва", "ячсмить", "пароль", "привет", "наташа", "любовь", "gfhjkm", "motdepasse", "bonjour", "soleil", "azertyuiop", "contraseña", "contrasena", "tequiero", "hola", "woaini", "5201314", "mima", "密码", "我爱你", "كلمة المرور", "كلمةالسر",
	"concord", "standards", "standard", "ministry", "reviewer", "adjudicator", "negotiator", "importer", "mutual recognition", "mutualrecognition",
)

// longestFirst sorts words so that none is cut up by one it contains.
func longestFirst(words ...string) []string {
	corpus.SortRows(words, func(a, b string) int { return len(b) - len(a) })
	return words
}

// simple tells a password of hardly any variety or built on the commonest ones:
// what is left without those words, years, blanks and marks is too little.
func simple(low string) bool {
	distinct := map[rune]bool{}
	for _, r := range low {
		distinct[r] = true
	}
	if len(distinct) < 5 {
		return true
	}
	rest := withoutRows(low)
	for _, common := range commonWords {
		rest = strings.ReplaceAll(rest, common, "")
	}
	if rest == low {
		return false // no rule about which characters there are (ASVS V6.2.5)
	}
	rest = year.ReplaceAllString(rest, "")
	left := 0
	for _, r := range rest {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			left++
		}
	}
	return left < 4
}

// withoutRows leaves out characters in the order of their code points, four or
// more together: abcd, 9876.
func withoutRows(low string) string {
	all := []rune(low)
	var out []rune
	for i := 0; i < len(all); {
		end := i + 1
		for step := rune(0); end < len(all); end++ {
			d := all[end] - all[end-1]
			if d != 1 && d != -1 || step != 0 && d != step {
				break
			}
			step = d
		}
		if end-i < 4 {
			end = i + 1
			out = append(out, all[i])
		}
		i = end
	}
	return string(out)
}

// year is what people add to a word to make it longer.
var year = regexp.MustCompile(`(19|20)[0-9]{2}`)

// PasswordMatches compares a password with what HashPassword made. An empty or
// unreadable hash never matches, but takes as long as a real one, so that an
// unknown login cannot be told by the time it takes.
func PasswordMatches(hash, password string) bool {
	var version, memory, passes, lanes int
	parts := strings.Split(hash, "$")
	salt, want := make([]byte, argonSaltLen), make([]byte, argonKeyLen)
	readable := false
	if len(parts) == 6 && parts[1] == "argon2id" && utf8.RuneCountInString(password) <= MaxPasswordRunes {
		_, err1 := fmt.Sscanf(parts[2], "v=%d", &version)
		_, err2 := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes)
		s, err3 := base64.RawStdEncoding.DecodeString(parts[4])
		w, err4 := base64.RawStdEncoding.DecodeString(parts[5])
		if err1 == nil && err2 == nil && err3 == nil && err4 == nil && version == argon2.Version && len(w) == argonKeyLen &&
			memory == argonMemory && passes == argonTime && lanes == argonLanes {
			salt, want, readable = s, w, true
		}
	}
	if utf8.RuneCountInString(password) > MaxPasswordRunes {
		password = ""
	}
	got := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, argonKeyLen)
	return subtle.ConstantTimeCompare(got, want) == 1 && readable
}

// NewSecret makes a random secret of 256 bits for a session, a link or a key.
func NewSecret() (string, error) {
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// HashSecret is what may be stored of a secret that has 256 random bits: plain
// SHA-256 suffices, since there is nothing to guess.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// NewKey makes an integrator's key: the secret text that is shown once,
// cnk_<id>_<256 random bits>, and what is kept of it.
func NewKey(name string, scopes []Scope, now time.Time, life time.Duration) (string, Key, error) {
	if life <= 0 || life > KeyLife {
		return "", Key{}, fmt.Errorf("a key works for at most %d days: %w", int(KeyLife.Hours()/24), corpus.ErrInvalid)
	}
	random, err := NewSecret()
	if err != nil {
		return "", Key{}, err
	}
	id := strings.ToLower(rand.Text()[:10])
	secret := "cnk_" + id + "_" + random
	return secret, Key{ID: id, Name: name, Hash: HashSecret(secret), Scopes: scopes, Created: now.UTC(), Expires: now.Add(life).UTC(), Tail: secret[len(secret)-keyTail:]}, nil
}

// Limits of what a key is bound to (our own).
const (
	MaxKeyNetworks = 20
	MaxKeyRate     = 6000 // requests a minute
)

// Bounded is the key bound to networks (addresses or CIDR prefixes, parted by blanks or
// commas; none for any) and to a rate in requests a minute ("" for the usual). What
// cannot be read is refused.
func (k Key) Bounded(networks, rate string) (Key, error) {
	k.Networks, k.Rate = nil, 0
	for _, text := range strings.FieldsFunc(networks, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		prefix, err := netip.ParsePrefix(text)
		if addr, failed := netip.ParseAddr(text); failed == nil && addr.Zone() == "" {
			addr = addr.Unmap()
			prefix, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil || prefix.Addr().Is4In6() || len(k.Networks) == MaxKeyNetworks {
			return k, corpus.Refuse(corpus.ErrInvalid, "key-network", "\"{value}\" is no network, write it as 192.0.2.0/24 or 2001:db8::/32, at most {most}", "value", text[:min(len(text), 60)], "most", MaxKeyNetworks)
		}
		k.Networks = append(k.Networks, prefix.Masked().String())
	}
	if rate = strings.TrimSpace(rate); rate == "" {
		return k, nil
	}
	n, err := strconv.Atoi(rate)
	if err != nil || n < 1 || n > MaxKeyRate {
		return k, corpus.Refuse(corpus.ErrInvalid, "key-rate", "the rate is 1 to {most} requests a minute", "most", MaxKeyRate)
	}
	k.Rate = n
	return k, nil
}

// From tells whether the key works from an address. What is no address is in no network.
func (k Key) From(address string) bool {
	if len(k.Networks) == 0 {
		return true
	}
	addr, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	addr = addr.Unmap().WithZone("")
	return slices.ContainsFunc(k.Networks, func(text string) bool {
		prefix, err := netip.ParsePrefix(text)
		return err == nil && prefix.Contains(addr)
	})
}

// keyTail is how many of the 43 random characters are kept to tell a key by; 234 bits
// stay unknown.
const keyTail = 4

// KeyID is the public part of a key as it is sent, and whether it is one.
func KeyID(secret string) (string, bool) {
	rest, isKey := strings.CutPrefix(secret, "cnk_")
	id, random, whole := strings.Cut(rest, "_")
	return id, isKey && whole && len(id) == 10 && len(random) == 43
}

// KeyMatches compares a key as it was sent with what is kept, in constant time.
func KeyMatches(k Key, secret string) bool {
	return subtle.ConstantTimeCompare([]byte(k.Hash), []byte(HashSecret(secret))) == 1
}
