package review

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"concord/corpus"
)

// SecondFactor is what is known of a person's second factor. The secret is only
// given out before it counts.
type SecondFactor struct {
	Secret    string    // base32, "" once Confirmed
	Confirmed time.Time // zero while the first code has not come
	Codes     int       // recovery codes that are left
}

// ErrSecondKey says that the secrets of second factors cannot be read, since their
// key is missing, another one, or does not fit a changed row. It is a matter of
// whoever runs the program.
var ErrSecondKey = errors.New("the key of the second factors does not open them")

// SecondReset is what one administrator asked for and another must confirm: that
// the second factor of a third person goes.
type SecondReset struct {
	Person, AskedBy uuid.UUID
	Asked           time.Time
}

// SecondResetLife is how long a reset waits for its confirmation (our own).
const SecondResetLife = 72 * time.Hour

// Open tells whether the reset waits for a confirmation.
func (r SecondReset) Open(now time.Time) bool {
	return !r.Asked.IsZero() && now.Before(r.Asked.Add(SecondResetLife))
}

// AskReset refuses a reset of one's own second factor: that goes with a code, on one's
// own account (ASVS 5.0 V2.3.5 asks for several people where much is at stake).
func AskReset(person uuid.UUID, by Person) error {
	if by.ID == person {
		return corpus.Refuse(corpus.ErrForbidden, "reset-own", "your own second factor goes on the page of your account, with a code")
	}
	return nil
}

// Confirm tells whether somebody may confirm the reset: another administrator than
// who asked, not the person, and nobody whose account was made after it was asked for.
func (r SecondReset) Confirm(by Person, now time.Time) error {
	if !r.Open(now) {
		return corpus.Refuse(corpus.ErrConflict, "reset-gone", "nothing waits for a confirmation any more, ask for it anew")
	}
	if err := AskReset(r.Person, by); err != nil {
		return err
	}
	if by.ID == r.AskedBy || by.Created.After(r.Asked) {
		return corpus.Refuse(corpus.ErrForbidden, "reset-same", "another administrator than who asked must confirm, with an account that was there before")
	}
	return nil
}

// On tells whether the second factor counts.
func (f SecondFactor) On() bool { return !f.Confirmed.IsZero() }

// One-time codes by time (RFC 6238): HMAC-SHA-1, 30 seconds, 6 digits, which are
// what all the usual apps know, and one step to either side for clocks that are
// not quite right (RFC 6238, 5.2).
const (
	totpStep   = 30 // seconds
	totpDigits = 6
	totpWindow = 1
)

// RecoveryCodes is how many codes stand in for the app, each once.
const RecoveryCodes = 10

// recoveryGroups groups of four letters of base32 have 120 random bits, so that
// a plain hash may be kept of them (ASVS 5.0 V6.5.2 asks for 112).
const recoveryGroups = 6

// NewTOTPSecret makes the secret of a second factor: 160 bits (RFC 4226, 4) in
// base32.
func NewTOTPSecret() string {
	b := make([]byte, 20)
	rand.Read(b) // never fails (crypto/rand)
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
}

// TOTPAddress is the address that apps read from the QR code (Key URI Format of
// Google Authenticator).
func TOTPAddress(issuer, login, secret string) string {
	return "otpauth://totp/" + url.PathEscape(issuer+":"+login) + "?secret=" + secret + "&issuer=" + url.QueryEscape(issuer)
}

// TOTPCode is the code of a secret at a step, which is a time in units of 30
// seconds since 1970.
func TOTPCode(secret string, step int64) (string, error) {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		return "", fmt.Errorf("read the secret of a second factor: %w", err)
	}
	mac := hmac.New(sha1.New, key)
	_ = binary.Write(mac, binary.BigEndian, step) // a hash never fails
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%0*d", totpDigits, binary.BigEndian.Uint32(sum[at:])&0x7fffffff%1_000_000), nil
}

// TOTPStep finds the step a code belongs to, at the time or one step to either
// side. Steps up to last do not count any more: a code works once.
func TOTPStep(secret, code string, now time.Time, last int64) (int64, bool) {
	code = strings.Join(strings.Fields(code), "")
	present, found := now.Unix()/totpStep, int64(0)
	for step := present - totpWindow; step <= present+totpWindow; step++ {
		want, err := TOTPCode(secret, step)
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > last && found == 0 {
			found = step
		}
	}
	return found, found != 0
}

// NewRecoveryCodes makes the codes that are shown once, and the hashes that are
// kept of them.
func NewRecoveryCodes() (codes, hashes []string) {
	for range RecoveryCodes {
		text := strings.ToLower(rand.Text()[:4*recoveryGroups])
		var groups []string
		for i := 0; i < len(text); i += 4 {
			groups = append(groups, text[i:i+4])
		}
		code := strings.Join(groups, "-")
		codes, hashes = append(codes, code), append(hashes, HashRecoveryCode(code))
	}
	return codes, hashes
}

// HashRecoveryCode is what is kept of a recovery code. Case, blanks and hyphens
// do not matter.
func HashRecoveryCode(code string) string {
	plain := strings.NewReplacer("-", "", " ", "", "\t", "").Replace(strings.ToLower(code))
	return HashSecret("recovery\x00" + plain)
}
